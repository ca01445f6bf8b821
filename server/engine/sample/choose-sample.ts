import { FRAME_REVISION } from '../../../protocol/media.js';
import type { Query } from '../../../protocol/query.js';
import { seedOf, type Spread } from '../../../workers/sample/spread-runs.js';
import type { Predicate } from '../../../workers/scan/predicate.js';
import type { Stretch } from '../../../workers/scan/stretch.js';
import type { ColumnScope } from '../columns.js';
import type { LineCompute } from '../mark-engine.js';
import { waysOf } from '../plan/line-ways.js';
import { planScan } from '../plan/plan-scan.js';
import { routeLine } from '../plan/route.js';
import type { Workshop } from '../with-run.js';
import { openStretches } from '../zone-map.js';
import { rowsIn } from '../run.js';
import { scanCost } from './scan-cost.js';

/** What a short run costs more a row than a whole block. */
const RUN_NS = 6;
/** Fewer runs tell nothing. */
const LEAST_RUNS = 64;
/** A sample of more than one row in so many is not worth it. */
const LEAST_STRIDE = 4;

/** Which rows stand for all that may match. */
export interface Sample {
  /** All that may match. */
  stretches: readonly Stretch[];
  spread: Spread;
  /** How they were chosen, for people. */
  reason: string;
}

/** A query that fits its snapshot. */
export interface SampleQuery {
  query: Query;
  scope: ColumnScope;
  predicate: Predicate | null;
  line: LineCompute['line'] | undefined;
}

/**
 * Chooses the rows that answer in place of all; null where the exact answer is quick, or where a sample makes no sense.
 * The rows are a function of the snapshot, the query and the frame revision; whether there are any depends on the machine.
 * A prefix of tiles in a fair order can take their place: what is wanted are parts that are samples of their own, and
 * the rows that they stand for.
 */
export async function chooseSample(
  { store, pool, pace, indexes, kept, tier, sampling }: Workshop,
  { query, scope, predicate, line }: SampleQuery,
): Promise<Sample | null> {
  if (!goesWithSample(query)) return null;
  const { snapshot, batchRows } = scope;
  const cost = scanCost(query, scope, predicate);
  if (pace.expectedMs(cost, planScan(scope, predicate, kept).rows) <= sampling.worthMs) return null;
  if (line !== undefined) {
    const options = { snapshot, batchRows, indexes, threads: pool.threads, force: tier };
    if ((await routeLine(waysOf(line, predicate), options)).tier !== 'scan') return null;
  }
  const stretches = openStretches(predicate, scope);
  const rows = rowsIn(stretches);
  // A sample of every batch would bring all of them into memory first.
  const names = scope.used.map(({ name }) => name);
  const batches = [...new Set(stretches.map(({ batch }) => batch))];
  const size = store.sizeOf?.(snapshot, names, { batches });
  if (size !== undefined && size.bytes > size.maxBytes) return null;
  const {
    budgetNs,
    runRows,
    seed = seedOf(`${snapshot.manifest.id}.${FRAME_REVISION}`),
  } = sampling;
  const wanted = budgetNs / (cost.nsPerRow + RUN_NS);
  // A power of two, so that queries that cost about as much read the same rows.
  const stride = 2 ** Math.ceil(Math.log2(rows / wanted));
  if (stride < LEAST_STRIDE || rows / stride < LEAST_RUNS * runRows) return null;
  const reason = `1 row in ${stride}, in runs of ${runRows} that are spread over all rows`;
  return { stretches, spread: { runRows, stride, seed }, reason };
}

// Rows are asked for as they are, the distinct ones of a sample tell little of all, lttb chooses among all rows, and
// what two samples differ by is mostly chance.
function goesWithSample({ mark, aggregate, method, against }: Query): boolean {
  if (against !== undefined) return false;
  return mark !== 'rows' && aggregate?.op !== 'distinct' && method !== 'lttb';
}
