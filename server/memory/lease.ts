import type { Span, TableView } from '../../workers/columns.js';
import type { Snapshot } from '../snapshots/manifest.js';
import type { IndexPart } from './buffers.js';
import type { DerivedStore } from './derived.js';

/** Columns that stay in memory until they are released; the view is readable by every worker. */
export interface Lease {
  table: TableView;
  /** Bytes that had to be read from disk for it. */
  bytesRead: number;
  /** Where the parts of indexes lie, in the order asked for. */
  parts?: Span[];
  release(): void;
}

/** Where resident columns come from. */
export interface ColumnStore {
  /** Room for what is made of columns; absent where nothing is kept. */
  readonly derived?: DerivedStore;
  /**
   * Brings the columns into memory, in the order asked for, and pins them. Loads only what is missing, checks
   * every buffer it reads, and rejects with MEMORY_EXHAUSTED where the pinned columns leave no room.
   * `batches` limits the load to these positions; the spans of other batches are then absent.
   */
  lease(snapshot: Snapshot, columns: readonly string[], options?: LeaseOptions): Promise<Lease>;
  /** How many bytes a lease takes, and how many all leases together may; absent where all fits. */
  sizeOf?(snapshot: Snapshot, columns: readonly string[], options?: LeaseOptions): LeaseSize;
  /** Opens an account of what a request computes with; absent where nobody counts. */
  scratch?(signal?: AbortSignal): Scratch;
}

/** Memory of one request beside the columns; what it takes adds up. */
export interface Scratch {
  /**
   * Books `bytes` before they are allocated. Waits where others have them, and rejects with MEMORY_EXHAUSTED where they
   * will not be there; `what` says in that sentence what they are for: "The medians of 50 groups".
   */
  take(bytes: number, what: string): Promise<void>;
  /** What one request may book at the most, as things are. */
  readonly roomBytes: number;
  /** Gives back all that was taken. */
  release(): void;
}

/** Bytes of memory, as they are handed out. */
export interface LeaseSize {
  bytes: number;
  maxBytes: number;
}

export interface LeaseOptions {
  batches?: readonly number[];
  /** Parts of indexes that are needed beside the columns: rejects with `IndexDamaged` where one is not what was written. */
  parts?: readonly IndexPart[];
  signal?: AbortSignal;
}

/** An index file is not there any more, or not what was written: what it was for has to be done without it. */
export class IndexDamaged extends Error {
  readonly file: string;

  constructor(file: string, reason: string) {
    super(`The index "${file}" is damaged: ${reason}`);
    this.name = 'IndexDamaged';
    this.file = file;
  }
}
