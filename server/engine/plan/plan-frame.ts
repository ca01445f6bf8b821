import type { Query } from '../../../protocol/query.js';
import type { Snapshot } from '../../snapshots/manifest.js';
import { spreadRuns } from '../../../workers/sample/spread-runs.js';
import { ColumnScope } from '../columns.js';
import { resolveMark } from '../frame.js';
import { resolveFilters } from '../resolve-filter.js';
import type { Workshop } from '../with-run.js';
import { chooseSample, type Sample } from '../sample/choose-sample.js';
import { rowsIn } from '../run.js';
import { waysOf } from './line-ways.js';
import { planLine } from './plan-line.js';
import { planScan } from './plan-scan.js';
import { planSort } from './plan-sort.js';
import { planTiles } from './plan-tiles.js';
import type { PlannedFrame } from './planned-frame.js';
import { otherWay, type Plan } from './plan.js';

/** Chooses how a query would be answered now. No column is read for it, and no index built. */
export async function planFrame(
  workshop: Workshop,
  snapshot: Snapshot,
  query: Query,
): Promise<PlannedFrame> {
  const { pool, kept, indexes, tier } = workshop;
  const scope = new ColumnScope(snapshot);
  const predicate = resolveFilters(query.filters ?? [], scope, query.scale);
  const { line, by, tiled } = resolveMark(query, scope);
  const scan = planScan(scope, predicate, kept);
  const exact = isExact(query);
  if (by !== undefined)
    return { plan: await planSort(workshop, scope, predicate, by, scan), exact };
  const { batchRows } = scope;
  const options = { snapshot, batchRows, indexes, threads: pool.threads, force: tier };
  const plan =
    line !== undefined
      ? await planLine(waysOf(line, predicate), options, scan)
      : tiled !== undefined
        ? await planTiles(workshop, scope, tiled, scan)
        : scan;
  const sample =
    query.quality === 'fast'
      ? await chooseSample(workshop, { query, scope, predicate, line })
      : null;
  return sample === null ? { plan, exact } : { plan: planSample(sample, plan), exact: false };
}

function planSample({ reason, stretches, spread }: Sample, exact: Plan): Plan {
  const rows = rowsIn(spreadRuns(stretches, spread));
  const others = [otherWay(exact.tier, 'takes longer than a sample', exact), ...exact.others];
  const share = rows / rowsIn(stretches);
  return { ...exact, tier: 'sample', reason, rows, bytes: exact.bytes * share, others };
}

/** A line that is a choice of rows is not exact; every other frame is. */
function isExact({ mark, method, x }: Query): boolean {
  const isBinned = typeof x === 'object' && x.bin !== undefined;
  const isChoice = method === 'minmax' || method === 'lttb' || method === 'minmaxlttb';
  return mark !== 'line' || isBinned || !isChoice;
}
