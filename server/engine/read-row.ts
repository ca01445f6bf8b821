import { jsonRow } from '../../workers/declared/json-row.js';
import { HalftoneError } from '../errors.js';
import type { ColumnStore } from '../memory/lease.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { ColumnScope } from './columns.js';
import type { Row } from './engine.js';

/** Reads one row in full. A single row is read where the request is: no worker is asked. */
export async function readRow(
  store: ColumnStore,
  snapshot: Snapshot,
  row: number,
  signal?: AbortSignal,
): Promise<Row> {
  const { rows, columns, dataset } = snapshot.manifest;
  if (!Number.isInteger(row) || row < 0 || row >= rows) {
    throw new HalftoneError('ROW_UNKNOWN', `The dataset "${dataset}" has no row ${row}.`, {
      hint: rows === 0 ? 'It is empty.' : `Its rows are 0 to ${rows - 1}.`,
    });
  }
  const names = columns.map(({ info }) => info.name);
  const { batchRows } = new ColumnScope(snapshot);
  let batch = 0;
  for (let first = 0; row >= first + batchRows[batch]!; batch++) first += batchRows[batch]!;
  const lease = await store.lease(snapshot, names, { batches: [batch], ...(signal && { signal }) });
  try {
    const values = jsonRow(lease.table, row);
    return { row, values: Object.fromEntries(names.map((name, i) => [name, values[i]])) };
  } finally {
    lease.release();
  }
}
