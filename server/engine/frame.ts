import type { Query } from '../../protocol/query.js';
import { HalftoneError } from '../errors.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { ColumnScope } from './columns.js';
import type { Frame } from './engine.js';
import { MARK_ENGINES } from './marks/index.js';
import { resolveFilters } from './resolve-filter.js';
import type { Run } from './run.js';
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
  const mark = MARK_ENGINES[query.mark];
  if (mark === undefined) {
    throw new HalftoneError('QUERY_INVALID', `The mark ${query.mark} is not there yet.`, {
      field: 'mark',
    });
  }
  const compute = mark(query, scope);
  return withRun(
    workshop,
    scope,
    predicate,
    async (run) => {
      const computing = performance.now();
      const { bytes, metadata } = await compute(run);
      const { encodeMs } = run;
      return {
        bytes,
        metadata,
        plan: planOf(run, scope),
        timing: {
          queueMs: computing - started,
          computeMs: performance.now() - computing - encodeMs,
          encodeMs,
        },
      };
    },
    signal,
  );
}

function planOf({ stretches, table, scans }: Run, scope: ColumnScope): Frame['plan'] {
  const batches = new Set(stretches.map(({ batch }) => batch));
  let rowsTouched = 0;
  let bytesTouched = 0;
  for (const { from, to } of stretches) rowsTouched += to - from;
  for (const batch of batches) {
    for (const { batches: parts } of table.columns) {
      const { data, offsets, validity } = parts[batch]!;
      bytesTouched += (data?.length ?? 0) + (offsets?.length ?? 0) + (validity?.length ?? 0);
    }
  }
  const skipped = scope.batchRows.length - batches.size;
  const scanned = scans === 1 ? 'one scan of the rows' : `${scans} scans of the rows`;
  const reason =
    skipped === 0
      ? scanned
      : `${scanned}; ${skipped} of ${scope.batchRows.length} batches cannot match`;
  return { tier: 'scan', reason, rowsTouched, bytesTouched };
}
