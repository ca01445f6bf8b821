import type { IndexOf } from '../../indexes/index-kind.js';
import type { Indexes } from '../../indexes/indexes.js';
import type { IndexPart } from '../../memory/buffers.js';
import type { Snapshot } from '../../snapshots/manifest.js';

/** Looks for all of some indexes: the parts of each, or why one of them is missing. With `isForced` they are built and waited for. */
export async function findAll(
  wanted: readonly IndexOf[],
  snapshot: Snapshot,
  indexes: Indexes | undefined,
  isForced: boolean,
): Promise<{ parts: IndexPart[][] } | { missing: string }> {
  if (indexes === undefined) return { missing: 'none are kept' };
  const parts: IndexPart[][] = [];
  let missing: string | undefined;
  for (const index of wanted) {
    if (isForced) await indexes.build(snapshot, index);
    const found = await indexes.find(snapshot, index);
    if ('parts' in found) parts.push(found.parts);
    else missing ??= found.missing;
  }
  return missing === undefined ? { parts } : { missing };
}
