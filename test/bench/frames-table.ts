import type { ColumnStore } from '../../server/memory/lease.js';
import type { Snapshot } from '../../server/snapshots/manifest.js';
import {
  BATCH_ROWS,
  type ColumnBatch,
  type ColumnView,
  type Span,
  type TableView,
} from '../../workers/columns.js';
import { STORAGE_BYTES, type Logical, type Storage } from '../../workers/storage.js';
import { storeOf } from '../helpers/whole-table.js';
import { describeTable } from './table-in-memory.js';

export const BENCH_ROWS = 10_000_000;
const ORIGINS = 300;
const NAMES = 1_000_003;

/** The same rows for DuckDB: whole-number arithmetic that both sides do exactly. */
export const BENCH_SQL = `CREATE TABLE bench AS SELECT
  i::INTEGER AS tick,
  ((i * i) % 4999)::SMALLINT AS distance,
  ((i * i * 7 + i * 3) % 30011) / 100.0::DOUBLE - 60 AS delay,
  'ORIGIN ' || ((i * i + i) % ${ORIGINS})::VARCHAR AS origin,
  'customer ' || lpad(((i * 7919) % ${NAMES})::VARCHAR, 7, '0') || ' of xx' AS name
  FROM range(${BENCH_ROWS}) AS r(i)`;

/** Ten million rows in shared memory: an ascending integer, a narrow one, a double of two decimals, a short and a long dictionary. */
export function benchTable(): { snapshot: Snapshot; store: ColumnStore; table: TableView } {
  const slabs: SharedArrayBuffer[] = [];
  const put = (bytes: number): [Span, SharedArrayBuffer] => {
    const slab = new SharedArrayBuffer(Math.ceil(bytes / 64) * 64);
    slabs.push(slab);
    return [{ slab: slabs.length - 1, offset: 0, length: bytes }, slab];
  };
  const batchRows: number[] = [];
  for (let at = 0; at < BENCH_ROWS; at += BATCH_ROWS)
    batchRows.push(Math.min(BATCH_ROWS, BENCH_ROWS - at));

  const column = (
    name: string,
    storage: Storage,
    logical: Logical,
    Numbers: new (
      buffer: SharedArrayBuffer,
    ) => Int16Array | Int32Array | Uint16Array | Uint32Array | Float64Array,
    value: (i: number) => number,
    texts?: string[],
  ): ColumnView => {
    let row = 0;
    const batches = batchRows.map((rows): ColumnBatch => {
      const width = STORAGE_BYTES[storage];
      const [data, slab] = put(rows * width);
      const values = new Numbers(slab);
      let min = Infinity;
      let max = -Infinity;
      for (let i = 0; i < rows; i++) {
        const own = value(row++);
        values[i] = own;
        if (own < min) min = own;
        if (own > max) max = own;
      }
      return texts === undefined
        ? { storage, nulls: 0, data, min, max }
        : { storage, nulls: 0, data };
    });
    const view = { name, type: storage, logical, batches };
    if (texts === undefined) return view;
    const bytes = Buffer.from(texts.join(''));
    const [offsets, offsetSlab] = put((texts.length + 1) * 4);
    const ends = new Int32Array(offsetSlab);
    for (const [i, text] of texts.entries()) ends[i + 1] = ends[i]! + text.length;
    const [span, slab] = put(bytes.length);
    new Uint8Array(slab).set(bytes);
    return { ...view, dictionary: { id: name, size: texts.length, offsets, bytes: span } };
  };

  const text = { kind: 'text' } as const;
  const columns = [
    column('tick', 'int32', { kind: 'integer', bits: 32, signed: true }, Int32Array, (i) => i),
    // Eight series one after the other, each in the order of time.
    column(
      'minute',
      'int32',
      { kind: 'integer', bits: 32, signed: true },
      Int32Array,
      (i) => i % (BENCH_ROWS / 8),
    ),
    column(
      'distance',
      'int16',
      { kind: 'integer', bits: 16, signed: true },
      Int16Array,
      (i) => (i * i) % 4999,
    ),
    column(
      'delay',
      'float64',
      { kind: 'float', bits: 64 },
      Float64Array,
      (i) => ((i * i * 7 + i * 3) % 30_011) / 100 - 60,
    ),
    column(
      'origin',
      'dict16',
      text,
      Uint16Array,
      (i) => (i * i + i) % ORIGINS,
      list(ORIGINS, (k) => `ORIGIN ${k}`),
    ),
    column(
      'name',
      'dict32',
      text,
      Uint32Array,
      (i) => (i * 7919) % NAMES,
      list(NAMES, (k) => `customer ${String(k).padStart(7, '0')} of xx`),
    ),
  ];
  const table: TableView = { rows: BENCH_ROWS, batchRows, columns, slabs };
  return { snapshot: describeTable(table, ['tick']), store: storeOf(table), table };
}

function list(length: number, make: (k: number) => string): string[] {
  return Array.from({ length }, (_, k) => make(k));
}
