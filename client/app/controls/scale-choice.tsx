import type { JSX } from 'preact';
import type { Plot } from '../../../protocol/view/plot.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';
import { Toggle } from '../toggle.js';
import { Row } from './row.js';

/** Linear or logarithmic, for each axis that measures a number. */
export function ScaleChoice({ plot }: { plot: Plot }): JSX.Element | null {
  const { change } = useStore();
  const { mark, x, y, scale } = plot;
  const onX =
    (mark === 'scatter' || mark === 'heatmap' || mark === 'histogram' || mark === 'line') &&
    x?.kind === 'number';
  const onY =
    ((mark === 'scatter' || mark === 'heatmap') && y[0]?.kind === 'number') ||
    mark === 'line' ||
    mark === 'bar' ||
    mark === 'histogram';
  if (!onX && !onY) return null;
  return (
    <Row label="Scale">
      <div class="toggles">
        {onX && (
          <Toggle
            label="Log x"
            checked={scale.x === 'log'}
            onChange={(log) =>
              change((v) => edit(v, { xScale: log ? 'log' : undefined, xDomain: undefined }))
            }
          />
        )}
        {onY && (
          <Toggle
            label="Log y"
            checked={scale.y === 'log'}
            onChange={(log) =>
              change((v) => edit(v, { yScale: log ? 'log' : undefined, yDomain: undefined }))
            }
          />
        )}
      </div>
    </Row>
  );
}
