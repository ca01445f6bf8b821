import type { Span, TableView } from '../../workers/columns.js';
import type { Snapshot } from '../snapshots/manifest.js';
import type { Account } from './account.js';
import type { IndexPart } from './buffers.js';
import type { DerivedStore } from './derived.js';

/** Columns that stay in memory until they are released; the view is readable by every worker. */
export interface Lease {
  table: TableView;
  /** Bytes that had to be read from disk for it. */
  bytesRead: number;
  /** Where the parts of indexes lie, in the order asked for. */
  parts?: Span[];
  /** The account of what is computed with them; absent where nobody counts. */
  scratch?: Scratch;
  release(): void;
}

/** Where resident columns come from. */
export interface ColumnStore {
  /** Room for what is made of columns; absent where nothing is kept. */
  readonly derived?: DerivedStore;
  /** Where whoever keeps what can be made again has it counted; absent where nobody counts. */
  readonly account?: Account;
  /**
   * Brings the columns into memory, in the order asked for, and pins them. Loads only what is missing, checks
   * every buffer it reads, and rejects with MEMORY_EXHAUSTED where the pinned columns leave no room.
   * `batches` limits the load to these positions; the spans of other batches are then absent.
   */
  lease(snapshot: Snapshot, columns: readonly string[], options?: LeaseOptions): Promise<Lease>;
  /** How many bytes a lease takes, and how many all leases together may; absent where all fits. */
  sizeOf?(snapshot: Snapshot, columns: readonly string[], options?: LeaseOptions): LeaseSize;
}

/** Memory of one request beside the columns; what it takes adds up. */
export interface Scratch {
  /**
   * Books `bytes` before they are allocated. Rejects with MEMORY_EXHAUSTED where they will not be there, and with ScratchWanted
   * where others have them; `what` says in that sentence what they are for: "The medians of 50 groups".
   */
  take(bytes: number, what: string): Promise<void>;
  /** What one request may book at the most, as things are. */
  readonly roomBytes: number;
  /** Gives back all that was taken. */
  release(): void;
}

/** Room to compute with, and what it is for: "The medians of 50 groups". */
export interface ScratchNeed {
  bytes: number;
  what: string;
}

/**
 * What a request has to compute with is in use by others. Nobody waits for that with columns in hand, for which others may wait:
 * the request lets go of its lease, asks for one with so much scratch, and begins anew.
 */
export class ScratchWanted extends Error {
  readonly need: ScratchNeed;

  constructor(need: ScratchNeed) {
    super(`${need.what} would take ${need.bytes} bytes that others have.`);
    this.name = 'ScratchWanted';
    this.need = need;
  }
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
  /** What is to be computed with, as far as it is known: had together with the columns or not at all. */
  scratch?: ScratchNeed;
  /**
   * Leases of so many bytes of columns follow while this one is held, one after the other: its scratch leaves them room, and waits
   * where others have it. One such lease at a time.
   */
  pieceBytes?: number;
  /** The lease that this one follows: it goes before others who wait, for they may wait for that. */
  pieceOf?: Lease;
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
