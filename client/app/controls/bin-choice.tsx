import type { JSX } from 'preact';
import { CALENDAR_UNITS, type CalendarUnit } from '../../../protocol/query-words.js';
import type { Plot } from '../../../protocol/view/plot.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';
import { NumberField } from './number-field.js';
import { Row } from './row.js';
import { Select } from './select.js';

/** How wide the bins of a line, a histogram or bars of a calendar are. */
export function BinChoice({ plot }: { plot: Plot }): JSX.Element | null {
  const { change } = useStore();
  const { mark, x, bin } = plot;
  if ((mark === 'line' || mark === 'bar') && x?.kind === 'time') {
    const units =
      x.unit === 'day' ? CALENDAR_UNITS.slice(CALENDAR_UNITS.indexOf('day')) : CALENDAR_UNITS;
    return (
      <Row label="Per" for="bin">
        <Select
          id="bin"
          value={String(bin ?? 'none')}
          options={[
            ...units.map((unit): [string, string] => [unit, unit]),
            ['none', mark === 'bar' ? 'time as it is' : 'row (raw line)'],
          ]}
          onChoose={(unit) =>
            change((v) => edit(v, { bin: unit as CalendarUnit | 'none', band: undefined }))
          }
        />
      </Row>
    );
  }
  if (mark === 'line' && x) {
    return (
      <Row label="Per" for="bin">
        <NumberField
          id="bin"
          value={typeof bin === 'number' ? bin : undefined}
          placeholder="row (raw line)"
          onChoose={(width) => change((v) => edit(v, { bin: width }))}
        />
      </Row>
    );
  }
  if (mark !== 'histogram') return null;
  return (
    <Row label="Bins" for="bins">
      <NumberField
        id="bins"
        value={plot.bins}
        placeholder="fit the data"
        whole
        onChoose={(bins) => change((v) => edit(v, { bins }))}
      />
    </Row>
  );
}
