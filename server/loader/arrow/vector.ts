import { DataType, Type, UnionMode, type Dictionary } from 'apache-arrow';
import type { BufferRegion, FieldNode } from 'apache-arrow/ipc/metadata/message';
import { ArrowFault } from './arrow-fault.js';

/** One column of one batch, as it lies in the file: every length and offset has been looked at, no value has. */
export interface ArrowVector {
  type: DataType;
  rows: number;
  /** One bit a row; absent without nulls. */
  validity?: Uint8Array;
  /** Values; of booleans bits, of dictionaries codes, of views 16 bytes a row, of unions the members' numbers. */
  data: Uint8Array;
  /** `rows + 1` of them, ascending, within `data` or the child; of dense unions `rows`, not looked at. */
  offsets?: Offsets;
  /** What views point into. */
  buffers?: readonly Uint8Array[];
  children: readonly ArrowVector[];
  dictionary?: DictionaryValues;
}

export type Offsets = Int32Array | Float64Array;

/** The values of a dictionary as they are at this place of the file. */
export interface DictionaryValues {
  /** The first batch and its deltas. */
  chunks: readonly ArrowVector[];
}

/** What the reader of a batch works with. */
export interface BatchSource {
  nodes: readonly FieldNode[];
  buffers: readonly BufferRegion[];
  variadicBufferCounts: readonly number[];
  bodyBytes: number;
  /** Bytes of the body, in memory of their own, unpacked. */
  read: (offset: number, length: number) => Uint8Array;
  dictionaries: ReadonlyMap<number, DictionaryValues>;
  /** Unions have bits of validity: so it was before version 5 of the metadata. */
  unionValidity: boolean;
}

/** Reads the vectors of one batch, one type after the other. Throws `ArrowFault` at whatever does not fit. */
export class VectorReader {
  readonly #source: BatchSource;
  #node = 0;
  #buffer = 0;
  #variadic = 0;

  constructor(source: BatchSource) {
    this.#source = source;
  }

  read(type: DataType, expectedRows?: number): ArrowVector {
    const node = this.#source.nodes[this.#node++];
    if (node === undefined) throw new ArrowFault('it is not in the batch');
    const { length: rows, nullCount } = node;
    if (!(rows >= 0 && nullCount >= 0 && nullCount <= rows)) {
      throw new ArrowFault('its number of rows is damaged');
    }
    if (expectedRows !== undefined && rows !== expectedRows) {
      throw new ArrowFault(`it has ${rows} rows, the batch ${expectedRows}`);
    }
    const { typeId } = type;
    if (typeId === Type.Null) return { type, rows, data: NOTHING, children: [] };
    const hasValidity = typeId !== Type.Union || this.#source.unionValidity;
    const validity = hasValidity ? this.#validity(rows, nullCount) : {};
    return { type, rows, ...validity, ...this.#content(type, rows) };
  }

  /** Throws where the batch has more than was read. */
  finish(): void {
    const { nodes, buffers } = this.#source;
    if (this.#node !== nodes.length || this.#buffer !== buffers.length) {
      throw new ArrowFault('it holds more than its columns');
    }
  }

  #content(type: DataType, rows: number): Omit<ArrowVector, 'type' | 'rows' | 'validity'> {
    switch (type.typeId as Type) {
      case Type.Bool:
        return { data: this.#values(Math.ceil(rows / 8)), children: [] };
      case Type.Utf8:
      case Type.Binary:
      case Type.LargeUtf8:
      case Type.LargeBinary: {
        const offsets = this.#offsets(type, rows);
        const data = this.#next();
        checkOffsets(offsets, rows, data.length);
        return { data, offsets, children: [] };
      }
      case Type.Utf8View:
      case Type.BinaryView: {
        const data = this.#values(rows * 16);
        const count = this.#source.variadicBufferCounts[this.#variadic++] ?? 0;
        if (!(count >= 0 && count <= this.#source.buffers.length)) {
          throw new ArrowFault('its number of buffers is damaged');
        }
        return { data, buffers: Array.from({ length: count }, () => this.#next()), children: [] };
      }
      case Type.List:
      case Type.LargeList:
      case Type.Map: {
        const offsets = this.#offsets(type, rows);
        const child = this.#child(type, 0);
        checkOffsets(offsets, rows, child.rows);
        return { data: NOTHING, offsets, children: [child] };
      }
      case Type.FixedSizeList: {
        const { listSize } = type as DataType & { listSize: number };
        const child = this.#child(type, 0);
        if (!(listSize >= 0 && child.rows >= rows * listSize)) throw tooShort();
        return { data: NOTHING, children: [child] };
      }
      case Type.Struct:
        return { data: NOTHING, children: this.#children(type, rows) };
      case Type.Union: {
        const data = this.#values(rows);
        if ((type as DataType & { mode: UnionMode }).mode === UnionMode.Sparse) {
          return { data, children: this.#children(type, rows) };
        }
        const offsets = int32s(this.#values(rows * 4), rows);
        return { data, offsets, children: this.#children(type, 0) };
      }
      case Type.Dictionary: {
        const { indices, id } = type as Dictionary;
        const data = this.#values(rows * (indices.bitWidth / 8));
        const dictionary = this.#source.dictionaries.get(id);
        if (dictionary === undefined) {
          if (rows > 0) throw new ArrowFault(`its dictionary ${id} is missing`);
          return { data, children: [], dictionary: { chunks: [] } };
        }
        return { data, children: [], dictionary };
      }
      default:
        return { data: this.#values(rows * widthOf(type)), children: [] };
    }
  }

  #child(type: DataType, index: number): ArrowVector {
    const field = (type.children as { type: DataType }[] | null)?.[index];
    if (field === undefined) throw new ArrowFault('its type is damaged');
    return this.read(field.type);
  }

  #children(type: DataType, atLeast: number): ArrowVector[] {
    const fields = (type.children ?? []) as { type: DataType }[];
    return fields.map((_, i) => {
      const child = this.#child(type, i);
      if (child.rows < atLeast) throw tooShort();
      return child;
    });
  }

  #validity(rows: number, nulls: number): { validity?: Uint8Array } {
    const bytes = this.#next();
    if (nulls === 0) return {};
    if (bytes.length * 8 < rows) throw tooShort();
    return { validity: bytes };
  }

  #offsets(type: DataType, rows: number): Offsets {
    const { typeId } = type;
    const isLarge =
      typeId === Type.LargeUtf8 || typeId === Type.LargeBinary || typeId === Type.LargeList;
    const bytes = this.#next();
    // Without rows some writers leave even the first offset out.
    if (rows === 0 && bytes.length === 0) return new Int32Array(1);
    if (bytes.length < (rows + 1) * (isLarge ? 8 : 4)) throw tooShort();
    if (!isLarge) return int32s(bytes, rows + 1);
    return Float64Array.from(
      new BigInt64Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, rows + 1),
      Number,
    );
  }

  #values(bytes: number): Uint8Array {
    const values = this.#next();
    if (values.length < bytes) throw tooShort();
    return values;
  }

  #next(): Uint8Array {
    const { buffers, bodyBytes, read } = this.#source;
    const region = buffers[this.#buffer++];
    if (region === undefined) throw new ArrowFault('one of its buffers is not in the batch');
    const { offset, length } = region;
    if (!(offset >= 0 && length >= 0 && offset + length <= bodyBytes)) {
      throw new ArrowFault('one of its buffers lies outside of the batch');
    }
    const bytes = length === 0 ? NOTHING : read(offset, length);
    return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  }
}

/** Bytes of one value of a type of fixed width. */
export function widthOf(type: DataType): number {
  const { bitWidth, byteWidth } = type as DataType & { bitWidth?: number; byteWidth?: number };
  switch (type.typeId as Type) {
    case Type.Int:
    case Type.Decimal:
    case Type.Time:
      return bitWidth! / 8;
    case Type.Float:
      return 2 ** (type as DataType & { precision: number }).precision * 2;
    case Type.Date:
      return DataType.isDate(type) && type.unit === 0 ? 4 : 8;
    case Type.Timestamp:
    case Type.Duration:
      return 8;
    case Type.Interval:
      return DataType.isInterval(type) ? [4, 8, 16][type.unit]! : 0;
    case Type.FixedSizeBinary:
      return byteWidth!;
    default:
      throw new ArrowFault('its type is not known');
  }
}

const NOTHING = new Uint8Array(0);
const tooShort = (): ArrowFault => new ArrowFault('it has fewer values than rows');
const int32s = (bytes: Uint8Array, count: number): Int32Array =>
  new Int32Array(bytes.buffer, bytes.byteOffset, count);

function checkOffsets(offsets: Offsets, rows: number, end: number): void {
  let last = offsets[0]!;
  if (last < 0) throw new ArrowFault('its offsets are damaged');
  for (let row = 0; row < rows; row++) {
    const next = offsets[row + 1]!;
    if (next < last) throw new ArrowFault('its offsets are damaged', row);
    last = next;
  }
  if (last > end) throw new ArrowFault('its offsets lead beyond its values');
}
