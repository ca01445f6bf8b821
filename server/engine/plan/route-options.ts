import type { Indexes } from '../../indexes/indexes.js';
import type { Snapshot } from '../../snapshots/manifest.js';

/** A tier that tests and benches ask for; a frame that cannot be had by it is scanned. */
export type Tier = 'scan' | 'range' | 'pyramid' | 'sub-index' | 'tiles';

export interface RouteOptions {
  snapshot: Snapshot;
  batchRows: readonly number[];
  /** Absent where no index is kept. */
  indexes?: Indexes | undefined;
  threads: number;
  force?: Tier | undefined;
}
