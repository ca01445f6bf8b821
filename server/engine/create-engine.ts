import type { Query } from '../../protocol/query.js';
import { stretchesOf } from '../../workers/scan/stretch.js';
import { HalftoneError } from '../errors.js';
import type { ColumnStore } from '../memory/lease.js';
import type { Pool } from '../pool.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { CancelWords } from './cancel-words.js';
import { ColumnScope } from './columns.js';
import type { Engine, Frame } from './engine.js';
import { MARK_ENGINES } from './marks/index.js';
import { resolveFilters } from './resolve-filter.js';
import { Run } from './run.js';
import { mayMatch } from './zone-map.js';

export interface EngineOptions {
  store: ColumnStore;
  pool: Pool;
}

/** The engine that scans columns in memory. */
export function createEngine({ store, pool }: EngineOptions): Pick<Engine, 'frame'> {
  const words = new CancelWords();

  async function frame(snapshot: Snapshot, query: Query, signal?: AbortSignal): Promise<Frame> {
    const started = performance.now();
    const scope = new ColumnScope(snapshot);
    const predicate = resolveFilters(query.filters ?? [], scope, query.scale);
    const mark = MARK_ENGINES[query.mark];
    if (mark === undefined)
      throw new HalftoneError('QUERY_INVALID', `The mark ${query.mark} is not known.`);
    const compute = mark(query, scope);

    const stretches = stretchesOf(scope.batchRows, (batch) =>
      mayMatch(predicate, scope.used, batch),
    );
    const batches = [...new Set(stretches.map(({ batch }) => batch))];
    const lease = await store.lease(
      snapshot,
      scope.used.map(({ name }) => name),
      { batches, ...(signal && { signal }) },
    );
    const cancel = words.take();
    const withdraw = (): void => {
      if (cancel !== undefined) words.set(cancel);
    };
    signal?.addEventListener('abort', withdraw);
    const computing = performance.now();
    try {
      if (signal?.aborted === true)
        throw new HalftoneError('CANCELLED', 'The request was withdrawn.');
      const run = new Run({ pool, table: lease.table, predicate, stretches, cancel });
      const { bytes, metadata } = await compute(run);
      const computeMs = performance.now() - computing;
      return {
        bytes,
        metadata,
        plan: planOf(run, scope),
        timing: {
          queueMs: computing - started,
          computeMs: computeMs - run.encodeMs,
          encodeMs: run.encodeMs,
        },
      };
    } finally {
      signal?.removeEventListener('abort', withdraw);
      if (cancel !== undefined) words.release(cancel);
      lease.release();
    }
  }

  return { frame };
}

function planOf(run: Run, scope: ColumnScope): Frame['plan'] {
  let rows = 0;
  let bytes = 0;
  const batches = new Set<number>();
  for (const { batch, from, to } of run.stretches) {
    rows += to - from;
    batches.add(batch);
  }
  for (const batch of batches) {
    for (const column of run.table.columns) {
      const { data, offsets, validity } = column.batches[batch]!;
      bytes += (data?.length ?? 0) + (offsets?.length ?? 0) + (validity?.length ?? 0);
    }
  }
  if (run.scans === 0) rows = bytes = 0;
  const skipped = scope.batchRows.length - batches.size;
  const reason =
    (run.scans > 1 ? `${run.scans} scans: the domain was not given` : 'one scan of the rows') +
    (skipped > 0 ? `; ${skipped} of ${scope.batchRows.length} batches cannot match` : '');
  return {
    tier: run.scans === 0 ? 'metadata' : 'scan',
    reason,
    rowsTouched: rows,
    bytesTouched: bytes,
  };
}
