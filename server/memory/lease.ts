import type { TableView } from '../../workers/columns.js';
import type { Snapshot } from '../snapshots/manifest.js';

/** Columns that stay in memory until they are released; the view is readable by every worker. */
export interface Lease {
  table: TableView;
  /** Bytes that had to be read from disk for it. */
  bytesRead: number;
  release(): void;
}

/** Where resident columns come from. */
export interface ColumnStore {
  /**
   * Brings the columns into memory, in the order asked for, and pins them. Loads only what is missing, checks
   * every buffer it reads, and rejects with MEMORY_EXHAUSTED where the pinned columns leave no room.
   * `batches` limits the load to these positions; the spans of other batches are then absent.
   */
  lease(snapshot: Snapshot, columns: readonly string[], options?: LeaseOptions): Promise<Lease>;
}

export interface LeaseOptions {
  batches?: readonly number[];
  signal?: AbortSignal;
}
