import type {
  ColumnBatch,
  ColumnView,
  DictionaryView,
  Span,
  TableView,
} from '../../workers/columns.js';
import type { ColumnKind } from '../../protocol/column.js';
import { jsonValue } from '../../workers/json-value.js';
import { STORAGE_BYTES, type Logical, type Storage } from '../../workers/storage.js';
import type { ColumnStore } from '../../server/memory/lease.js';
import { derivedBeside } from './derived-beside.js';
import { storeOf } from './whole-table.js';
import type { BatchColumn, Snapshot } from '../../server/snapshots/manifest.js';

/** A value as it is stored: integers of a decimal or time, doubles, text, 0/1 of booleans; null. */
export type Stored = number | bigint | string | Uint8Array | null;

export interface TestColumn {
  name: string;
  storage: Storage;
  logical: Logical;
  values: readonly Stored[];
}

/** A snapshot that lies in memory only, with the store that leases it. */
export interface MemorySnapshot {
  snapshot: Snapshot;
  store: ColumnStore;
  /** All columns, as a task would get them. */
  table: TableView;
}

const KIND: Record<Logical['kind'], ColumnKind> = {
  boolean: 'boolean',
  integer: 'number',
  float: 'number',
  decimal: 'number',
  time: 'time',
  clock: 'clock',
  text: 'text',
  binary: 'binary',
};

/** Lays columns out in shared memory as the loader would; batches are short, so that tests cross their edges. */
export function memorySnapshot(columns: readonly TestColumn[], batchSize = 16_384): MemorySnapshot {
  const rows = columns[0]?.values.length ?? 0;
  const batchRows: number[] = [];
  for (let at = 0; at < rows; at += batchSize) batchRows.push(Math.min(batchSize, rows - at));
  const memory = new Slab();
  const views = columns.map((column) => layOut(column, batchRows, memory));
  const table: TableView = { rows, batchRows, columns: views, slabs: memory.slabs };
  return {
    snapshot: describe(table),
    store: { ...storeOf(table), derived: derivedBeside(table.slabs as SharedArrayBuffer[]) },
    table,
  };
}

/** Hands out spans of one shared buffer after another. */
class Slab {
  readonly slabs: SharedArrayBuffer[] = [];

  put(bytes: Uint8Array): Span {
    const slab = new SharedArrayBuffer(Math.max(64, Math.ceil(bytes.length / 64) * 64));
    new Uint8Array(slab).set(bytes);
    this.slabs.push(slab);
    return { slab: this.slabs.length - 1, offset: 0, length: bytes.length };
  }
}

function layOut(column: TestColumn, batchRows: readonly number[], memory: Slab): ColumnView {
  const { name, storage, logical, values } = column;
  const isDictionary = storage.startsWith('dict');
  const codes = new Map<string, number>();
  if (isDictionary) {
    for (const value of values) {
      if (value !== null && !codes.has(value as string)) codes.set(value as string, codes.size);
    }
  }
  let at = 0;
  const batches = batchRows.map((rows): ColumnBatch => {
    const part = values.slice(at, at + rows);
    at += rows;
    return layOutBatch(
      column,
      isDictionary ? part.map((v) => (v === null ? null : codes.get(v as string)!)) : part,
      memory,
    );
  });
  const dictionary = isDictionary ? dictionaryView([...codes.keys()], memory) : undefined;
  return {
    name,
    type: logical.kind.toUpperCase(),
    logical,
    batches,
    ...(dictionary && { dictionary }),
  };
}

function layOutBatch(
  { storage, logical }: TestColumn,
  values: readonly Stored[],
  memory: Slab,
): ColumnBatch {
  const nulls = values.filter((value) => value === null).length;
  const batch: ColumnBatch = { storage, nulls };
  if (storage === 'null') return batch;
  if (nulls > 0) batch.validity = memory.put(bits(values.map((value) => value !== null)));
  if (storage === 'bool') batch.data = memory.put(bits(values.map((value) => value === 1)));
  else if (storage === 'utf8' || storage === 'binary') {
    const parts = values.map((value) => (value === null ? new Uint8Array(0) : bytesOf(value)));
    const strings = concatenate(parts);
    batch.offsets = memory.put(new Uint8Array(strings.offsets.buffer));
    batch.data = memory.put(strings.bytes);
  } else batch.data = memory.put(numbers(storage, values));
  if (!['text', 'binary', 'boolean'].includes(logical.kind)) statistics(batch, logical, values);
  return batch;
}

function statistics(batch: ColumnBatch, { kind }: Logical, values: readonly Stored[]): void {
  let notFinite = 0;
  for (const value of values) {
    if (value === null) continue;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      notFinite++;
      continue;
    }
    const own = kind === 'float' ? Number(value) : BigInt(value as number | bigint);
    if (batch.min === undefined || own < batch.min) batch.min = own;
    if (batch.max === undefined || own > batch.max) batch.max = own;
  }
  if (kind === 'float') batch.notFinite = notFinite;
}

function numbers(storage: Storage, values: readonly Stored[]): Uint8Array {
  const width = STORAGE_BYTES[storage];
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) {
    // What lies under a null is anybody's guess: make it something that would be noticed.
    const at = i * width;
    if (storage === 'float64') view.setFloat64(at, value === null ? 77 : Number(value), true);
    else if (storage === 'float32') view.setFloat32(at, value === null ? 77 : Number(value), true);
    else {
      let left = BigInt.asUintN(width * 8, value === null ? 7n : BigInt(value as number | bigint));
      for (let k = 0; k < width; k++, left >>= 8n) view.setUint8(at + k, Number(left & 255n));
    }
  }
  return bytes;
}

function bits(values: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  for (const [i, value] of values.entries()) if (value) bytes[i >> 3]! |= 1 << (i & 7);
  return bytes;
}

function bytesOf(value: Stored): Uint8Array {
  return value instanceof Uint8Array ? value : new TextEncoder().encode(String(value));
}

function concatenate(parts: readonly Uint8Array[]): { offsets: Int32Array; bytes: Uint8Array } {
  const offsets = new Int32Array(parts.length + 1);
  for (const [i, part] of parts.entries()) offsets[i + 1] = offsets[i]! + part.length;
  const bytes = new Uint8Array(offsets[parts.length]!);
  for (const [i, part] of parts.entries()) bytes.set(part, offsets[i]);
  return { offsets, bytes };
}

function dictionaryView(values: readonly string[], memory: Slab): DictionaryView {
  const strings = concatenate(values.map((value) => bytesOf(value)));
  return {
    size: values.length,
    offsets: memory.put(new Uint8Array(strings.offsets.buffer)),
    bytes: memory.put(strings.bytes),
  };
}

function describe(table: TableView): Snapshot {
  const written = ({ logical }: ColumnView, value: number | bigint): number | string =>
    logical.kind === 'float' ? Number(value) : String(value);
  const batches = table.batchRows.map((rows, b) => ({
    rows,
    columns: table.columns.map((column): BatchColumn => {
      const { nulls, min, max, notFinite } = column.batches[b]!;
      return {
        nulls,
        ...(min !== undefined && { min: written(column, min) }),
        ...(max !== undefined && { max: written(column, max) }),
        ...(notFinite !== undefined && { notFinite }),
      };
    }),
  }));
  const nothing = { offset: 0, length: 0, crc32: 0 };
  const manifest = {
    id: 'memory',
    dataset: 'test',
    rows: table.rows,
    columns: table.columns.map((column) => ({
      logical: column.logical,
      info: {
        name: column.name,
        type: column.type,
        kind: KIND[column.logical.kind],
        nulls: column.batches.reduce((sum, { nulls }) => sum + nulls, 0),
        min: extreme(column, 'min'),
        max: extreme(column, 'max'),
      },
    })),
    segments: [
      {
        file: 'memory',
        bytes: 0,
        schema: nothing,
        footer: nothing,
        columns: table.columns.map(({ batches, dictionary }) => ({
          storage: batches[0]?.storage ?? 'null',
          ...(dictionary && {
            dictionary: { size: dictionary.size, offsets: nothing, bytes: nothing },
          }),
        })),
        batches,
      },
    ],
  };
  return { dir: '', manifest: manifest as unknown as Snapshot['manifest'] };
}

function extreme({ logical, batches }: ColumnView, end: 'min' | 'max') {
  let best: number | bigint | undefined;
  for (const batch of batches) {
    const value = batch[end];
    if (value === undefined) continue;
    if (best === undefined || (end === 'min' ? value < best : value > best)) best = value;
  }
  return best === undefined ? null : jsonValue(logical, best);
}
