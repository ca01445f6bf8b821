import type { JSX } from 'preact';
import { fitsX, fitsY, takesColor, takesY } from '../../../protocol/view/mark-columns.js';
import { Icon } from '../icon.js';
import { canHaveNowLine, hasNowLine, reachesNow } from '../picture/now-default.js';
import { chooseX, edit, swapAxes } from '../state/edit.js';
import { useStore } from '../store.js';
import { Toggle } from '../toggle.js';
import { AggregateChoice } from './aggregate-choice.js';
import { BinChoice } from './bin-choice.js';
import { ColumnSelect } from './column-select.js';
import { MarkChoice } from './mark-choice.js';
import { OrderChoice } from './order-choice.js';
import { Row } from './row.js';
import { ScaleChoice } from './scale-choice.js';
import { Select } from './select.js';
import { ShadingChoice } from './shading-choice.js';
import { TimeZoneChoice } from './time-zone-choice.js';
import { YChoice } from './y-choice.js';

/** What is drawn: the mark, the columns on its axes, and how rows are aggregated. */
export function ChartControls(): JSX.Element | null {
  const { plot, dataset, navigation, change } = useStore();
  const shown = plot.value;
  const columns = dataset.value?.columns;
  const view = navigation.view.value;
  if (!shown || !columns || !view) return null;
  const { mark } = shown;
  return (
    <section class="group" aria-labelledby="chart-heading">
      <h2 id="chart-heading">Chart</h2>
      <MarkChoice mark={mark} />
      {mark !== 'value' && mark !== 'rows' && (
        <Row label="X" for="x-column">
          <ColumnSelect
            id="x-column"
            columns={columns.filter((column) => fitsX(mark, column))}
            value={shown.x?.name}
            onChoose={(name) => name && change((v, p) => chooseX(v, p, name))}
          />
          {(mark === 'scatter' || mark === 'heatmap') && (
            <button
              type="button"
              class="button quiet icon"
              title="Swap x and y"
              aria-label="Swap x and y"
              onClick={() => change(swapAxes)}
            >
              <Icon name="swap" />
            </button>
          )}
        </Row>
      )}
      {takesY(mark) && (
        <YChoice plot={shown} columns={columns.filter((column) => fitsY(mark, column))} />
      )}
      {takesColor(mark) && shown.y.length < 2 && (
        <Row label="Color" for="color-column">
          <ColumnSelect
            id="color-column"
            columns={columns.filter((column) => column.kind !== 'binary')}
            value={shown.color?.name}
            none="One color"
            onChoose={(name) =>
              change((v) =>
                edit(v, { color: name, top: undefined, hide: undefined, middle: undefined }),
              )
            }
          />
        </Row>
      )}
      {shown.color && shown.color.kind !== 'number' && (
        <Row label="Keep" for="top">
          <Select
            id="top"
            value={String(shown.top ?? 9)}
            options={[5, 9, 15, 25, 50].map((top) => [String(top), `${top} most frequent`])}
            onChoose={(top) =>
              change((v) => edit(v, { top: top === '9' ? undefined : Number(top) }))
            }
          />
        </Row>
      )}
      {(mark === 'value' || mark === 'heatmap') && (
        <Row label={mark === 'value' ? 'Of' : 'Color'} for="of-column">
          <ColumnSelect
            id="of-column"
            columns={columns.filter((column) => mark === 'value' || column.kind === 'number')}
            value={shown.of?.name}
            none={mark === 'value' ? 'Rows' : 'Count of rows'}
            onChoose={(of) => change((v) => edit(v, { of, agg: of && v.agg, middle: undefined }))}
          />
        </Row>
      )}
      <AggregateChoice plot={shown} />
      <BinChoice plot={shown} />
      <TimeZoneChoice plot={shown} />
      <OrderChoice plot={shown} />
      <ScaleChoice plot={shown} />
      <ShadingChoice plot={shown} />
      {canHaveNowLine(shown) && (
        <Toggle
          label="Line at the present"
          checked={hasNowLine(shown)}
          onChange={(on) =>
            change((v) => edit(v, { now: on === reachesNow(shown) ? undefined : on }))
          }
        />
      )}
      {mark === 'line' &&
        shown.bin !== undefined &&
        shown.op === 'mean' &&
        shown.y.length === 1 &&
        !shown.color && (
          <Toggle
            label="Band of the middle 80 % (p10–p90)"
            checked={shown.band}
            onChange={(band) => change((v) => edit(v, { band: band ? undefined : false }))}
          />
        )}
    </section>
  );
}
