import type { JSX } from 'preact';
import type { Mark } from '../../../protocol/query.js';
import { Icon } from '../icon.js';
import { RadioGroup, type RadioOption } from '../radio-group.js';
import { chooseMark } from '../state/edit.js';
import { useStore } from '../store.js';

const MARK_CHOICES: readonly RadioOption<Mark>[] = (
  [
    ['scatter', 'Scatter', 'Every row as a point'],
    ['line', 'Line', 'Values along a time or a number'],
    ['histogram', 'Histogram', 'How the values of a column are spread'],
    ['bar', 'Bar', 'A count or an aggregate of each category'],
    ['heatmap', 'Heatmap', 'Rows counted in the cells of a grid'],
    ['value', 'Value', 'One number for all matching rows'],
    ['rows', 'Table', 'The rows themselves'],
  ] as const
).map(([value, label, title]) => ({
  value,
  title,
  content: (
    <>
      <Icon name={value} size={18} />
      {label}
    </>
  ),
}));

/** The kind of picture, as a row of small pictures. */
export function MarkChoice({ mark }: { mark: Mark }): JSX.Element {
  const { change } = useStore();
  return (
    <RadioGroup
      label="Mark"
      look="marks"
      value={mark}
      options={MARK_CHOICES}
      onChoose={(next) => change((view, plot) => chooseMark(view, plot, next))}
    />
  );
}
