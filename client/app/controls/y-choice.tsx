import type { JSX } from 'preact';
import type { ColumnInfo } from '../../../protocol/column.js';
import { Icon } from '../icon.js';
import { takesSeveral } from '../../../protocol/view/mark-columns.js';
import type { Plot } from '../../../protocol/view/plot.js';
import { chooseY } from '../state/edit.js';
import { useStore } from '../store.js';
import { ColumnSelect } from './column-select.js';
import { Row } from './row.js';

/** The columns on the y axis: lines and bars take several. */
export function YChoice({
  plot,
  columns,
}: {
  plot: Plot;
  columns: readonly ColumnInfo[];
}): JSX.Element {
  const { change } = useStore();
  const onChoose = (names: readonly string[]): void =>
    change((view, shown) => chooseY(view, shown, names));
  const names = plot.y.map((column) => column.name);
  const optional = plot.mark === 'bar';
  const more = takesSeveral(plot.mark) && names.length > 0 && !plot.color && names.length < 50;
  const rest = columns.filter((column) => !names.includes(column.name));
  return (
    <>
      {(names.length > 0 ? names : [undefined]).map((name, index) => (
        <Row
          key={index}
          label={index === 0 ? 'Y' : ''}
          for={index === 0 ? 'y-column' : `y-column-${index + 1}`}
        >
          <ColumnSelect
            id={index === 0 ? 'y-column' : `y-column-${index + 1}`}
            ariaLabel={index === 0 ? undefined : `Y ${index + 1}`}
            columns={columns.filter(
              (column) => column.name === name || !names.includes(column.name),
            )}
            value={name}
            none={optional && index === 0 && names.length < 2 ? 'Count of rows' : undefined}
            onChoose={(next) => {
              const kept = names.filter((_, at) => at !== index);
              if (next !== undefined) kept.splice(index, 0, next);
              onChoose(kept);
            }}
          />
          {names.length > 1 && (
            <button
              type="button"
              class="button quiet icon"
              aria-label={`Remove ${name}`}
              onClick={() => onChoose(names.filter((_, at) => at !== index))}
            >
              <Icon name="close" />
            </button>
          )}
        </Row>
      ))}
      {more && rest.length > 0 && (
        <Row label="">
          <button type="button" class="link" onClick={() => onChoose([...names, rest[0]!.name])}>
            Add another y
          </button>
        </Row>
      )}
    </>
  );
}
