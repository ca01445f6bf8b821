import type { Query } from '../../protocol/query.js';
import { HalftoneError } from '../errors.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { ColumnScope } from './columns.js';
import type { Frame } from './engine.js';
import type { Compute, LineCompute, PageCompute, TiledCompute } from './mark-engine.js';
import { MARK_ENGINES } from './marks/index.js';
import { withRoute } from './plan/with-route.js';
import { withSort } from './plan/with-sort.js';
import { withTiles } from './plan/with-tiles.js';
import { resolveFilters } from './resolve-filter.js';
import type { Run } from './run.js';
import { scanCost } from './sample/scan-cost.js';
import { withRun, type Workshop } from './with-run.js';

/** Answers one query with a frame. */
export async function computeFrame(
  workshop: Workshop,
  snapshot: Snapshot,
  query: Query,
  signal?: AbortSignal,
): Promise<Frame> {
  const started = performance.now();
  const scope = new ColumnScope(snapshot);
  const predicate = resolveFilters(query.filters ?? [], scope, query.scale);
  const { compute, line, by, tiled } = resolveMark(query, scope);
  const answer = (run: Run): Promise<Frame> => frameOf(run, compute, started);
  if (by !== undefined) return withSort(workshop, scope, predicate, by, answer, signal);
  const frame = await (line !== undefined
    ? withRoute(workshop, scope, predicate, line, answer, signal)
    : tiled !== undefined
      ? withTiles(workshop, scope, predicate, tiled, answer, signal)
      : withRun(workshop, scope, predicate, answer, signal));
  const { tier, rowsTouched } = frame.plan;
  if (tier === 'scan') {
    const { computeMs, encodeMs } = frame.timing;
    workshop.pace.learn(scanCost(query, scope, predicate), rowsTouched, computeMs + encodeMs);
  }
  return frame;
}

/** The frame that a run computes, with how long it took since `started`. */
export async function frameOf(run: Run, compute: Compute, started: number): Promise<Frame> {
  const computing = performance.now();
  const { bytes, metadata } = await compute(run);
  const { encodeMs } = run;
  return {
    bytes,
    metadata,
    plan: run.plan(),
    timing: {
      queueMs: computing - started,
      computeMs: performance.now() - computing - encodeMs,
      encodeMs,
    },
  };
}

/** Checks the query's mark against the columns; gives what computes it, and what there is beside a scan. */
export function resolveMark(
  query: Query,
  scope: ColumnScope,
): Partial<LineCompute & PageCompute & TiledCompute> & { compute: Compute } {
  const mark = MARK_ENGINES[query.mark];
  if (mark === undefined) {
    throw new HalftoneError('QUERY_INVALID', `The mark ${query.mark} is not there yet.`, {
      field: 'mark',
    });
  }
  const made = mark(query, scope);
  return typeof made === 'function' ? { compute: made } : made;
}
