import type { ColumnStore } from '../../server/memory/lease.js';
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

/** A store whose leases are of that table, which is all there already. */
export function storeOf(table: TableView): ColumnStore {
  return {
    lease: (_snapshot, names) =>
      Promise.resolve({
        table: {
          ...table,
          columns: names.map((name) => table.columns.find((column) => column.name === name)!),
        },
        bytesRead: 0,
        release: () => {},
      }),
  };
}
