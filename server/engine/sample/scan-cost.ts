import type { AggregateOp, Query } from '../../../protocol/query.js';
import type { Predicate } from '../../../workers/scan/predicate.js';
import type { ColumnScope } from '../columns.js';
import { filterCost } from '../filter-cost.js';

/** What scans of a kind take, before anything was measured. */
export interface ScanCost {
  /** About how many nanoseconds all scans of the query take a row, on one thread. */
  nsPerRow: number;
  /** Names queries that cost alike. */
  kind: string;
}

/** Nanoseconds a row and thread, as measured on two 2.5 GHz cores: which of the orders of magnitude is what counts. */
const MARK_NS = { scatter: 8, line: 10, histogram: 4, bar: 8, heatmap: 12, value: 1, rows: 1 };
const OP_NS: Readonly<Record<AggregateOp, number>> = {
  count: 0,
  sum: 12,
  mean: 12,
  min: 4,
  max: 4,
  median: 40,
  quantile: 40,
  distinct: 40,
};
/** A category needs a tally first, and a slot for each row; a mean color adds numbers up. */
const COLOR_NS = 8;
const TALLY_NS = 3;
const EXTENT_NS = 5;

/** What the exact answer to a query costs a row, by its form alone. */
export function scanCost(query: Query, scope: ColumnScope, predicate: Predicate | null): ScanCost {
  const { mark, color, aggregate, band, domain } = query;
  const op = aggregate?.op ?? 'count';
  const isBinned = typeof query.x === 'object' && query.x.bin !== undefined;
  const series = Array.isArray(query.y) ? query.y.length : 1;
  const hasOp = mark === 'value' || mark === 'bar' || mark === 'heatmap' || isBinned;
  const around = band === undefined ? 0 : OP_NS.quantile;
  const own = (MARK_NS[mark] + (hasOp ? OP_NS[op] + around : 0)) * (mark === 'line' ? series : 1);
  // The domain of all rows is known; that of those that pass has to be looked for.
  const hasOpenAxis =
    (mark === 'scatter' && (domain?.x === undefined || domain.y === undefined)) ||
    ((mark === 'line' || mark === 'histogram') && domain?.x === undefined);
  const looks = predicate !== null && hasOpenAxis;
  const scans = 1 + (color === undefined ? 0 : 1) + (looks ? 1 : 0);
  const filter = predicate === null ? 0 : filterCost(predicate, scope);
  return {
    nsPerRow:
      own +
      (color === undefined ? 0 : COLOR_NS + TALLY_NS) +
      (looks ? EXTENT_NS : 0) +
      scans * filter,
    kind: [
      mark,
      isBinned,
      hasOp ? op : '',
      around,
      color !== undefined,
      looks,
      Math.ceil(filter),
    ].join(' '),
  };
}
