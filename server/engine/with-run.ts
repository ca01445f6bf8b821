import type { CancelWord } from '../../workers/scan/cancel.js';
import type { Predicate } from '../../workers/scan/predicate.js';
import type { Span } from '../../workers/columns.js';
import type { Stretch } from '../../workers/scan/stretch.js';
import { HalftoneError } from '../errors.js';
import type { Indexes } from '../indexes/indexes.js';
import type { IndexPart } from '../memory/buffers.js';
import { ScratchWanted, type ColumnStore, type Lease, type LeaseOptions } from '../memory/lease.js';
import type { Turn } from '../memory/turn.js';
import type { Pool } from '../pool.js';
import type { CancelWords } from './cancel-words.js';
import type { ColumnScope } from './columns.js';
import type { KeptFilters } from './kept-filters.js';
import type { KeptPartials } from './partials/kept-partials.js';
import type { Tier } from './plan/route-options.js';
import { PiecewiseRun } from './piecewise-run.js';
import { Run, type RunOptions } from './run.js';
import type { Pace } from './sample/pace.js';
import type { Sampling } from './sample/sampling.js';
import { openStretches } from './zone-map.js';

/** What every request is computed with. */
export interface Workshop {
  store: ColumnStore;
  pool: Pool;
  words: CancelWords;
  /** Whose turn it is to read columns piece by piece: two at once would each hold what the other waits for. */
  turn: Turn;
  /** Absent where no index is kept. */
  indexes?: Indexes | undefined;
  /** For tests and benches. */
  tier?: Tier | undefined;
  /** Absent where filters are run anew by every scan. */
  kept?: KeptFilters | undefined;
  /** Absent where every scan looks at all rows. */
  partials?: KeptPartials | undefined;
  /** How long answers take. */
  pace: Pace;
  sampling: Sampling;
}

export interface WithRunOptions {
  /** What is scanned, in place of all rows that may match. */
  stretches?: readonly Stretch[];
  /** An index that the run works with, of all batches; the columns are then there as a whole too. */
  beside?: {
    parts: readonly IndexPart[];
    open: (options: RunOptions, parts: readonly Span[]) => Run;
    /** It asks which rows pass a filter, and runs none: all are kept as bits. */
    keepsAll?: true;
  };
}

/**
 * Brings the columns of `scope` into memory, computes with them, and lets them go: not before every task that
 * reads them has ended. A signal asks running tasks to stop.
 */
export async function withRun<T>(
  workshop: Workshop,
  scope: ColumnScope,
  predicate: Predicate | null,
  compute: (run: Run) => Promise<T>,
  signal?: AbortSignal,
  { stretches: some, beside }: WithRunOptions = {},
): Promise<T> {
  const { pool, kept, store } = workshop;
  const stretches = some ?? openStretches(predicate, scope);
  // Beside an index all are there, named or not.
  const batches =
    beside === undefined ? [...new Set(stretches.map(({ batch }) => batch))] : undefined;
  const size =
    batches === undefined ? undefined : store.sizeOf?.(scope.snapshot, namesOf(scope), { batches });
  if (size !== undefined && size.bytes > size.maxBytes) {
    return inPieces(workshop, scope, predicate, compute, signal, stretches);
  }
  const scan = async (lease: Lease, cancel: CancelWord | undefined): Promise<T> => {
    const { table, parts = [] } = lease;
    const keepsAll = beside?.keepsAll;
    const prepared =
      predicate === null
        ? undefined
        : await kept?.prepare({ scope, table, predicate, stretches, cancel, signal, keepsAll });
    try {
      const options = {
        pool,
        predicate,
        cancel,
        scratch: lease.scratch,
        partials: some === undefined ? workshop.partials?.of(scope, predicate) : undefined,
        table: prepared?.table ?? table,
        stretches: prepared?.stretches ?? stretches,
        segmentStarts: scope.segmentStarts,
        ...(prepared && { selection: prepared.selection, filters: prepared.filters }),
      };
      return await compute(beside?.open(options, parts) ?? new Run(options));
    } finally {
      prepared?.release();
    }
  };
  const needed = {
    ...(batches && { batches }),
    ...(beside && { parts: beside.parts }),
    ...(signal && { signal }),
  };
  return withLease(workshop, scope, scan, needed);
}

/** Scans what does not fit into memory, a few batches at a time, when those before it have done so. */
async function inPieces<T>(
  workshop: Workshop,
  scope: ColumnScope,
  predicate: Predicate | null,
  compute: (run: Run) => Promise<T>,
  signal: AbortSignal | undefined,
  stretches: readonly Stretch[],
): Promise<T> {
  const { pool, store, turn } = workshop;
  const { snapshot } = scope;
  const names = namesOf(scope);
  const options = { ...(signal && { signal }) };
  const pieceBytes = store.sizeOf!(snapshot, names, { batches: [] }).maxBytes * PIECE_SHARE;
  const end = await turn.take(signal);
  try {
    return await withLease(
      workshop,
      scope,
      (lease, cancel) =>
        compute(
          new PiecewiseRun({
            pool,
            table: lease.table,
            predicate,
            stretches,
            segmentStarts: scope.segmentStarts,
            cancel,
            scratch: lease.scratch,
            leaseBatches: (batches) =>
              store.lease(snapshot, names, { ...options, batches, pieceOf: lease }),
            bytesOf: (batch) => store.sizeOf!(snapshot, names, { batches: [batch] }).bytes,
            pieceBytes,
          }),
        ),
      { ...options, batches: [], pieceBytes },
    );
  } finally {
    end();
  }
}

/** Of the memory for columns, what one piece of a table takes that does not fit: others go on beside it. */
const PIECE_SHARE = 1 / 4;

function namesOf({ used }: ColumnScope): string[] {
  return used.map(({ name }) => name);
}

/**
 * Brings these batches of the columns of `scope`, and parts of indexes, into memory for as long as `compute` runs: once more where
 * others have what it came to need beside them, and it has had to wait for that with empty hands.
 */
export async function withLease<T>(
  workshop: Workshop,
  scope: ColumnScope,
  compute: (lease: Lease, cancel: CancelWord | undefined) => Promise<T>,
  options: LeaseOptions,
): Promise<T> {
  for (let asked = options; ;) {
    try {
      return await withLeaseOnce(workshop, scope, compute, asked);
    } catch (error) {
      if (!(error instanceof ScratchWanted)) throw error;
      asked = { ...options, scratch: error.need };
    }
  }
}

async function withLeaseOnce<T>(
  { store, words }: Workshop,
  scope: ColumnScope,
  compute: (lease: Lease, cancel: CancelWord | undefined) => Promise<T>,
  options: LeaseOptions,
): Promise<T> {
  const { signal } = options;
  const lease = await store.lease(scope.snapshot, namesOf(scope), options);
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
