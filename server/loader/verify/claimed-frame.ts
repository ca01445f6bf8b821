import { DataType, Precision, tableFromIPC, type Table, type Vector } from 'apache-arrow';
import type { FrameMetadata } from '../../../protocol/frame.js';
import { METADATA_KEY } from '../../../protocol/media.js';

/** A frame as another Arrow reader than our own sees it. */
export class ClaimedFrame {
  readonly metadata: FrameMetadata;
  readonly rows: number;
  readonly names: string[];
  readonly #table: Table;

  constructor(bytes: Uint8Array) {
    this.#table = tableFromIPC(bytes);
    const text = this.#table.schema.metadata.get(METADATA_KEY);
    if (text === undefined) throw new Error('The frame carries no metadata.');
    this.metadata = JSON.parse(text) as FrameMetadata;
    this.rows = this.#table.numRows;
    this.names = this.#table.schema.fields.map(({ name }) => name);
  }

  has(name: string): boolean {
    return this.names.includes(name);
  }

  /** Whether a column holds float32. */
  isFloat32(name: string): boolean {
    const { type } = this.#column(name);
    return DataType.isFloat(type) && type.precision === Precision.SINGLE;
  }

  /** A column of numbers as doubles; null is NaN. */
  numbers(name: string): Float64Array {
    const column = this.#column(name);
    const [data] = column.data;
    const numbers = Float64Array.from((data?.values ?? []) as ArrayLike<number>, Number);
    if (column.nullCount > 0) {
      for (let i = 0; i < numbers.length; i++) if (!column.isValid(i)) numbers[i] = NaN;
    }
    return numbers.subarray(0, this.rows);
  }

  /** A column in the form that `plainSql` gives: doubles of floats, else text. */
  plain(name: string): (number | string | null)[] {
    const column = this.#column(name);
    const values = (column.data[0]?.values ?? []) as ArrayLike<number | bigint>;
    const { type } = column;
    const at = (i: number): number | string => {
      if (DataType.isUtf8(type) || DataType.isDictionary(type) || DataType.isBool(type))
        return String(column.get(i));
      if (DataType.isBinary(type))
        return Buffer.from(column.get(i) as Uint8Array).toString('base64');
      if (DataType.isDecimal(type)) return decimalText(column, i, type.scale);
      return DataType.isFloat(type) ? Number(values[i]) : String(values[i]);
    };
    return Array.from({ length: this.rows }, (_, i) => (column.isValid(i) ? at(i) : null));
  }

  #column(name: string): Vector {
    const column = this.#table.getChild(name);
    if (column === null) throw new Error(`The frame has no column "${name}".`);
    return column;
  }
}

/** A decimal as SQL writes it. */
function decimalText(column: Vector, i: number, scale: number): string {
  const words = column.get(i) as Uint32Array;
  let value = 0n;
  for (let k = words.length - 1; k >= 0; k--) value = (value << 32n) | BigInt(words[k]!);
  value = BigInt.asIntN(words.length * 32, value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const sign = value < 0n ? '-' : '';
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
