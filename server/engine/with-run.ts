import type { Predicate } from '../../workers/scan/predicate.js';
import { stretchesOf } from '../../workers/scan/stretch.js';
import { HalftoneError } from '../errors.js';
import type { ColumnStore } from '../memory/lease.js';
import type { Pool } from '../pool.js';
import type { CancelWords } from './cancel-words.js';
import type { ColumnScope } from './columns.js';
import { Run } from './run.js';
import { mayMatch } from './zone-map.js';

/** What every request is computed with. */
export interface Workshop {
  store: ColumnStore;
  pool: Pool;
  words: CancelWords;
}

/**
 * Brings the columns of `scope` into memory, computes with them, and lets them go: not before every task that
 * reads them has ended. A signal asks running tasks to stop. Without `stretches` all rows that may match are scanned.
 */
export async function withRun<T>(
  { store, pool, words }: Workshop,
  scope: ColumnScope,
  predicate: Predicate | null,
  compute: (run: Run) => Promise<T>,
  signal?: AbortSignal,
  stretches = stretchesOf(scope.batchRows, (batch) => mayMatch(predicate, scope.used, batch)),
): Promise<T> {
  const batches = [...new Set(stretches.map(({ batch }) => batch))];
  const names = scope.used.map(({ name }) => name);
  const lease = await store.lease(scope.snapshot, names, { batches, ...(signal && { signal }) });
  const cancel = words.take();
  const withdraw = (): void => {
    if (cancel !== undefined) words.set(cancel);
  };
  signal?.addEventListener('abort', withdraw);
  try {
    if (signal?.aborted === true) {
      throw new HalftoneError('CANCELLED', 'The request was withdrawn.');
    }
    return await compute(new Run({ pool, table: lease.table, predicate, stretches, cancel }));
  } finally {
    signal?.removeEventListener('abort', withdraw);
    if (cancel !== undefined) words.release(cancel);
    lease.release();
  }
}
