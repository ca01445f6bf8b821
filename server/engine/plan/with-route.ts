import type { Predicate } from '../../../workers/scan/predicate.js';
import { HalftoneError } from '../../errors.js';
import { IndexDamaged } from '../../memory/lease.js';
import type { ColumnScope } from '../columns.js';
import type { Frame } from '../engine.js';
import type { Run } from '../run.js';
import { withLease, withRun, type Workshop } from '../with-run.js';
import { waysOf } from './line-ways.js';
import { OrderRun } from './order-run.js';
import { partsOf, RangeRun } from './range-run.js';
import { routeLine, type LineRoute } from './route.js';
import type { LineFacts } from './sorted-line.js';

/**
 * Computes a line by the way that reads least, with what is there: an index that is missing is built behind it, one that
 * turns out to be damaged is done without.
 */
export async function withRoute(
  workshop: Workshop,
  scope: ColumnScope,
  predicate: Predicate | null,
  line: LineFacts,
  answer: (run: Run) => Promise<Frame>,
  signal?: AbortSignal,
): Promise<Frame> {
  const { snapshot, batchRows } = scope;
  const { indexes, pool, tier } = workshop;
  const options = { snapshot, batchRows, indexes, threads: pool.threads, force: tier };
  const route = await routeLine(waysOf(line, predicate), options);
  try {
    const frame = await follow(route);
    if ('wants' in route) {
      for (const index of route.wants) void indexes?.build(snapshot, index);
    }
    return frame;
  } catch (error) {
    if (
      route.tier !== 'scan' &&
      error instanceof HalftoneError &&
      error.code === 'MEMORY_EXHAUSTED'
    ) {
      const none = route.tier === 'sub-index' ? 'no sub-index' : 'no pyramid';
      return follow({ tier: 'scan', why: `${none}: it does not fit into memory`, wants: [] });
    }
    if ('wants' in route) throw error;
    if (!(error instanceof IndexDamaged)) throw error;
    for (const index of route.indexes) await indexes?.drop(snapshot, index);
    const frame = await follow({ tier: 'scan', why: error.message, wants: [] });
    for (const index of route.indexes) void indexes?.build(snapshot, index);
    return frame;
  }

  async function follow(way: LineRoute): Promise<Frame> {
    if (way.tier === 'scan') {
      const frame = await withRun(workshop, scope, predicate, answer, signal);
      const { plan } = frame;
      return { ...frame, plan: { ...plan, reason: `${plan.reason}; ${way.why}` } };
    }
    if (way.tier === 'sub-index') {
      return withLease(
        workshop,
        scope,
        ({ table, parts, scratch }, cancel) => {
          const lookedUp = { pool, table, predicate, stretches: [], cancel, scratch };
          return answer(new OrderRun({ ...lookedUp, route: way, parts }));
        },
        { parts: way.parts.flat(), ...(signal && { signal }) },
      );
    }
    const { first, last } = way.reach.batches;
    const isAll = first === 0 && last === batchRows.length - 1;
    const batches = isAll
      ? undefined
      : Array.from({ length: last - first + 1 }, (_, k) => first + k);
    return withLease(
      workshop,
      scope,
      ({ table, parts, scratch }, cancel) => {
        const lookedUp = { pool, table, predicate, stretches: [], cancel, scratch };
        return answer(new RangeRun({ ...lookedUp, route: way, parts }));
      },
      { ...(batches && { batches }), parts: partsOf(way), ...(signal && { signal }) },
    );
  }
}
