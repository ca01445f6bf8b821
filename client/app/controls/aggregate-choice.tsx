import type { JSX } from 'preact';
import type { Plot } from '../../../protocol/view/plot.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';
import { Row } from './row.js';
import { Select } from './select.js';

const AGGREGATES: readonly [string, string][] = [
  ['mean', 'Mean'],
  ['median', 'Median'],
  ['sum', 'Sum'],
  ['min', 'Least'],
  ['max', 'Greatest'],
  ['count', 'Count'],
  ['distinct', 'Different values'],
  ['p10', '10th percentile'],
  ['p90', '90th percentile'],
  ['p99', '99th percentile'],
];

/** How the rows of a bar, a calendar unit or a cell are put together into one number. */
export function AggregateChoice({ plot }: { plot: Plot }): JSX.Element | null {
  const { change } = useStore();
  const { mark, bin, y, of } = plot;
  const measured = (mark === 'line' && bin !== undefined) || (mark === 'bar' && y.length > 0);
  if (!measured && !of) return null;
  const onNumber = of === undefined || of.kind === 'number';
  const value = plot.p === undefined ? plot.op : `p${Number((plot.p * 100).toFixed(6))}`;
  const options = AGGREGATES.filter(
    ([op]) =>
      onNumber ||
      op === 'count' ||
      op === 'distinct' ||
      ((op === 'min' || op === 'max') && of?.kind === 'time'),
  );
  const known = options.some(([op]) => op === value);
  return (
    <Row label="Aggregate" for="aggregate">
      <Select
        id="aggregate"
        value={value}
        options={known ? options : [...options, [value, value]]}
        onChoose={(agg) => change((v) => edit(v, { agg: agg === 'mean' ? undefined : agg }))}
      />
    </Row>
  );
}
