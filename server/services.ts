import type { CatalogParts } from './catalog/parts.js';
import type { Engine } from './engine/engine.js';
import type { CacheUse, OpenOptions } from './routes/parts.js';
import type { DatasetSource } from './loader/source.js';

/** What works under the server: worker threads, columns in memory, snapshots on disk, the loader. */
export interface Services {
  engine: Engine;
  catalogParts: CatalogParts;
  columnUse: () => CacheUse;
  close(): Promise<void>;
}
