import type { ColumnStore } from '../../server/memory/lease.js';
import type { Snapshot } from '../../server/snapshots/manifest.js';
import {
  BATCH_ROWS,
  type ColumnBatch,
  type ColumnView,
  type Span,
  type TableView,
} from '../../workers/columns.js';
import type { Logical, Storage } from '../../workers/storage.js';
import { storeOf } from '../helpers/whole-table.js';
import { describeTable } from './table-in-memory.js';

export interface CoarseTable {
  snapshot: Snapshot;
  store: ColumnStore;
  /** One value of each column a row. */
  at: Int32Array;
  level: Float32Array;
  amount: Float32Array;
  station: Uint8Array;
}

/** Stations take turns of some hours, as they deliver their files. */
const STATIONS = 12;
const TURN = 20_000;

/** A table as loggers write it: `at` ascends, `level` drifts with it, `amount` has a long tail, stations come in runs. */
export function coarseTable(rows: number): CoarseTable {
  const at = shared(rows * 4, (buffer) => new Int32Array(buffer));
  const level = shared(rows * 4, (buffer) => new Float32Array(buffer));
  const amount = shared(rows * 4, (buffer) => new Float32Array(buffer));
  const station = shared(rows, (buffer) => new Uint8Array(buffer));
  let state = 0x9e37_79b9;
  const random = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < rows; i++) {
    const normal = random() + random() + random() + random() - 2;
    at[i] = i;
    level[i] = 3 * Math.sin((i / rows) * 20) + normal;
    amount[i] = -Math.log(1 - random()) * 20 * (1 + 0.3 * normal);
    station[i] = Math.floor(i / TURN) % STATIONS;
  }
  const names = Array.from({ length: STATIONS }, (_, k) => `station ${k}`);
  const { columns, slabs, batchRows } = layOut(rows, { at, level, amount, station }, names);
  const table: TableView = { rows, batchRows, columns, slabs };
  return { snapshot: describeTable(table), store: storeOf(table), at, level, amount, station };
}

function shared<T>(bytes: number, of: (buffer: SharedArrayBuffer) => T): T {
  return of(new SharedArrayBuffer(bytes));
}

const INTEGER: Logical = { kind: 'integer', bits: 32, signed: true };
const FLOAT: Logical = { kind: 'float', bits: 32 };

function layOut(
  rows: number,
  arrays: Record<string, Int32Array | Float32Array | Uint8Array>,
  texts: readonly string[],
): Pick<TableView, 'columns' | 'slabs' | 'batchRows'> {
  const slabs: SharedArrayBuffer[] = [];
  const batchRows: number[] = [];
  for (let from = 0; from < rows; from += BATCH_ROWS)
    batchRows.push(Math.min(BATCH_ROWS, rows - from));
  const columns = Object.entries(arrays).map(([name, values]): ColumnView => {
    const slab = slabs.push(values.buffer as SharedArrayBuffer) - 1;
    const width = values.BYTES_PER_ELEMENT;
    const isText = values instanceof Uint8Array;
    const storage: Storage = isText ? 'dict8' : values instanceof Int32Array ? 'int32' : 'float32';
    const batches = batchRows.map((count, b): ColumnBatch => {
      const data: Span = { slab, offset: b * BATCH_ROWS * width, length: count * width };
      if (isText) return { storage, nulls: 0, data };
      let min = Infinity;
      let max = -Infinity;
      for (let i = b * BATCH_ROWS; i < b * BATCH_ROWS + count; i++) {
        if (values[i]! < min) min = values[i]!;
        if (values[i]! > max) max = values[i]!;
      }
      return { storage, nulls: 0, data, min, max };
    });
    const logical: Logical = isText
      ? { kind: 'text' }
      : values instanceof Int32Array
        ? INTEGER
        : FLOAT;
    const column = { name, type: storage, logical, batches };
    if (!isText) return column;
    const bytes = new Uint8Array(new SharedArrayBuffer(1024));
    const offsets = new Int32Array(new SharedArrayBuffer((texts.length + 1) * 4));
    for (const [i, text] of texts.entries()) {
      offsets[i + 1] = offsets[i]! + text.length;
      bytes.set(Buffer.from(text), offsets[i]);
    }
    const spanOf = (array: Uint8Array | Int32Array, length: number): Span => ({
      slab: slabs.push(array.buffer as SharedArrayBuffer) - 1,
      offset: 0,
      length,
    });
    return {
      ...column,
      dictionary: {
        id: name,
        size: texts.length,
        offsets: spanOf(offsets, offsets.byteLength),
        bytes: spanOf(bytes, offsets.at(-1)!),
      },
    };
  });
  return { columns, slabs, batchRows };
}
