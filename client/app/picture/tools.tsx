import type { JSX } from 'preact';
import { isContinuous } from '../../../protocol/view/columns.js';
import type { Plot } from '../../../protocol/view/plot.js';
import type { Tool } from '../../chart/types.js';
import { Icon, type IconName } from '../icon.js';
import { RadioGroup } from '../radio-group.js';
import { useStore } from '../store.js';

const TOOLS: readonly { value: Tool; icon: IconName; label: string }[] = [
  { value: 'move', icon: 'move', label: 'Move' },
  { value: 'zoom', icon: 'zoom', label: 'Zoom into a box' },
  { value: 'box', icon: 'box', label: 'Select a box (Shift drag)' },
  { value: 'lasso', icon: 'lasso', label: 'Select by lasso' },
];

/** What a tool is where its own is not offered. */
const OTHER: Partial<Record<Tool, Tool>> = { lasso: 'box' };

const measuredAxes = ({ x, y }: Plot): number =>
  [x, ...y].filter((column) => column && isContinuous(column)).length;

/** Categories are taken whole: a lasso has no place among them, and of two axes of them all is shown. */
export const takesLasso = (plot: Plot): boolean =>
  plot.mark === 'scatter' || (plot.mark === 'heatmap' && measuredAxes(plot) === 2);

/** What a drag on the picture does; nothing where there is nothing to choose. */
export function Tools(): JSX.Element | null {
  const { plot, tool } = useStore();
  const mark = plot.value?.mark;
  if (mark === undefined || mark === 'bar' || mark === 'value' || mark === 'rows') return null;
  const measured = measuredAxes(plot.value!);
  const isPlane = takesLasso(plot.value!);
  const options = TOOLS.filter(
    ({ value }) => (isPlane || value !== 'lasso') && (measured > 0 || value !== 'zoom'),
  );
  return (
    <div class="tools">
      <RadioGroup
        label="Tool"
        look="segmented"
        value={
          options.some(({ value }) => value === tool.value)
            ? tool.value
            : (OTHER[tool.value] ?? 'move')
        }
        options={options.map(({ value, icon, label }) => ({
          value,
          title: label,
          content: (
            <>
              <Icon name={icon} />
              <span class="sr-only">{label}</span>
            </>
          ),
        }))}
        onChoose={(next) => (tool.value = next)}
      />
    </div>
  );
}
