import type { Snapshot } from '../../server/snapshots/manifest.js';
import type { TableView } from '../../workers/columns.js';

/** A snapshot of one segment that describes a table in shared memory. `ascending` are columns that ascend. */
export function describeTable(
  { rows, batchRows, columns }: TableView,
  ascending: readonly string[] = [],
): Snapshot {
  const manifest = {
    id: 'bench',
    dataset: 'bench',
    rows,
    columns: columns.map(({ name, type, logical }) => ({
      info: { name, type, ascending: ascending.includes(name) },
      logical,
    })),
    segments: [
      {
        columns: columns.map(({ batches, dictionary }) => ({
          storage: batches[0]!.storage,
          dictionary,
        })),
        batches: batchRows.map((count, b) => ({
          rows: count,
          columns: columns.map(({ batches }) => batches[b]!),
        })),
      },
    ],
  };
  return { dir: '', manifest: manifest as unknown as Snapshot['manifest'] };
}
