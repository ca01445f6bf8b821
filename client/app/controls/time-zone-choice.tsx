import type { JSX } from 'preact';
import type { Plot } from '../../../protocol/view/plot.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';
import { Row } from './row.js';
import { Select } from './select.js';

/**
 * The zone in whose times instants stand on the axes and in whose days and hours they are binned: UTC unless chosen. Times without
 * a zone stay as they are written.
 */
export function TimeZoneChoice({ plot }: { plot: Plot }): JSX.Element | null {
  const { change } = useStore();
  const { mark, x, y, bin, timeZone = 'UTC' } = plot;
  const onAxes = mark === 'scatter' || mark === 'heatmap' ? [x, ...y] : [x];
  if (
    (mark === 'bar' && bin === undefined) ||
    !onAxes.some((column) => column?.kind === 'time' && column.zoned)
  )
    return null;
  return (
    <Row label="Time zone" for="time-zone">
      <Select
        id="time-zone"
        value={timeZone}
        options={zonesWith(timeZone).map((zone) => [zone, zone.replaceAll('_', ' ')])}
        onChoose={(zone) => change((v) => edit(v, { timeZone: zone === 'UTC' ? undefined : zone }))}
      />
    </Row>
  );
}

/** UTC, the zone of this machine, the chosen one, then all that the browser knows; each once. */
function zonesWith(chosen: string): string[] {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set(['UTC', own, chosen, ...Intl.supportedValuesOf('timeZone')])];
}
