import type { DatasetSource } from '../loader/source.js';
import type { SourceKind } from '../snapshots/manifest.js';
import type { CatalogParts } from './parts.js';

const KINDS: readonly SourceKind[] = ['csv', 'parquet', 'json', 'arrow'];

/**
 * Finds a file in the cache that cannot be looked at any more, and so cannot tell its kind: its rows are still on disk.
 * `source` is what is known of it.
 */
export async function findCached(
  source: Omit<DatasetSource, 'kind'>,
  { reopen }: Pick<CatalogParts, 'reopen'>,
): Promise<DatasetSource | undefined> {
  for (const kind of KINDS) {
    const found = { ...source, kind };
    if ((await reopen(found).catch(() => undefined)) !== undefined) return found;
  }
  return undefined;
}
