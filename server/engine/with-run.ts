import type { CancelWord } from '../../workers/scan/cancel.js';
import type { Predicate } from '../../workers/scan/predicate.js';
import { stretchesOf } from '../../workers/scan/stretch.js';
import { HalftoneError } from '../errors.js';
import type { Indexes } from '../indexes/indexes.js';
import type { ColumnStore, Lease, LeaseOptions } from '../memory/lease.js';
import type { Pool } from '../pool.js';
import type { CancelWords } from './cancel-words.js';
import type { ColumnScope } from './columns.js';
import type { KeptFilters } from './kept-filters.js';
import type { Tier } from './plan/route.js';
import { Run } from './run.js';
import { mayMatch } from './zone-map.js';

/** What every request is computed with. */
export interface Workshop {
  store: ColumnStore;
  pool: Pool;
  words: CancelWords;
  /** Absent where no index is kept. */
  indexes?: Indexes | undefined;
  /** For tests and benches. */
  tier?: Tier | undefined;
  /** Absent where filters are run anew by every scan. */
  kept?: KeptFilters | undefined;
}

/**
 * Brings the columns of `scope` into memory, computes with them, and lets them go: not before every task that
 * reads them has ended. A signal asks running tasks to stop. Without `stretches` all rows that may match are scanned.
 */
export async function withRun<T>(
  workshop: Workshop,
  scope: ColumnScope,
  predicate: Predicate | null,
  compute: (run: Run) => Promise<T>,
  signal?: AbortSignal,
  stretches = stretchesOf(scope.batchRows, (batch) => mayMatch(predicate, scope.used, batch)),
): Promise<T> {
  const batches = [...new Set(stretches.map(({ batch }) => batch))];
  const { pool, kept } = workshop;
  const scan = async ({ table }: Lease, cancel: CancelWord | undefined): Promise<T> => {
    const all = { table, predicate, stretches, cancel };
    const prepared = await kept?.prepare({ ...all, scope, signal });
    try {
      return await compute(new Run({ ...all, pool, ...prepared }));
    } finally {
      prepared?.release();
    }
  };
  return withLease(workshop, scope, scan, { batches, ...(signal && { signal }) });
}

/** Brings these batches of the columns of `scope`, and parts of indexes, into memory for as long as `compute` runs. */
export async function withLease<T>(
  { store, words }: Workshop,
  scope: ColumnScope,
  compute: (lease: Lease, cancel: CancelWord | undefined) => Promise<T>,
  options: LeaseOptions,
): Promise<T> {
  const { signal } = options;
  const names = scope.used.map(({ name }) => name);
  const lease = await store.lease(scope.snapshot, names, options);
  const cancel = words.take();
  const withdraw = (): void => {
    if (cancel !== undefined) words.set(cancel);
  };
  signal?.addEventListener('abort', withdraw);
  try {
    if (signal?.aborted === true) {
      throw new HalftoneError('CANCELLED', 'The request was withdrawn.');
    }
    return await compute(lease, cancel);
  } finally {
    signal?.removeEventListener('abort', withdraw);
    if (cancel !== undefined) words.release(cancel);
    lease.release();
  }
}
