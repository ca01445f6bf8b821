import { join } from 'node:path';
import { HalftoneError } from '../errors.js';
import type { DatasetSource, SnapshotInput } from '../loader/source.js';
import { MANIFEST_FILE, type Snapshot } from '../snapshots/manifest.js';

/**
 * A source that is computed from other datasets, with the snapshots of them that answer now; any other as it is. Throws where one has none.
 * `find` gives the newest snapshot of a dataset.
 */
export function bindInputs(
  source: DatasetSource,
  find: (name: string) => Snapshot | undefined,
): DatasetSource {
  const { sql } = source;
  if (sql?.over === undefined) return source;
  const bound = sql.over.map((name) => {
    const snapshot = find(name);
    if (snapshot !== undefined) return inputOf(name, snapshot);
    throw new HalftoneError(
      'SQL_INVALID',
      `"${source.name}" is computed from "${name}", which has no rows yet.`,
      { hint: `See what "${name}" is missing.` },
    );
  });
  return { ...source, sql: { ...sql, bound } };
}

function inputOf(name: string, { dir, manifest }: Snapshot): SnapshotInput {
  return {
    name,
    manifest: join(dir, MANIFEST_FILE),
    segments: manifest.segments.map(({ file }) => join(dir, file)),
    columns: manifest.columns.map(({ info, logical }) => ({
      name: info.name,
      type: info.type,
      logical,
    })),
    rows: manifest.rows,
  };
}
