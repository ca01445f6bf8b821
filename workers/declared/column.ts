import type { ArrowType } from '../arrow/types.js';
import type { FrameColumn } from '../scan/frame.js';
import type { Strings } from '../select/strings.js';
import type { Logical } from '../storage.js';
import { declaredType } from './type.js';

/** Values to be written in their declared type: stored numbers one by one, or strings end to end. */
export interface DeclaredValues {
  rows: number;
  /** One byte a row, 1 where there is a value. */
  valid: Uint8Array;
  /** The stored number of row `i`, where it is valid; not for text and binary. */
  stored?: (i: number) => number | bigint;
  strings?: Strings;
}

/** A column of a frame in the declared type of its values. */
export function declaredColumn(
  name: string,
  logical: Logical,
  values: DeclaredValues,
): FrameColumn {
  const type = declaredType(logical);
  const { rows, valid, stored } = values;
  let nulls = 0;
  for (let i = 0; i < rows; i++) nulls += 1 - valid[i]!;
  const validity = nulls === 0 ? 0 : Math.ceil(rows / 8);
  const writeValidity = (bits: Uint8Array): void => {
    if (nulls > 0) for (let i = 0; i < rows; i++) bits[i >> 3]! |= valid[i]! << (i & 7);
  };
  if (type.type === 'utf8' || type.type === 'binary') {
    const { offsets, bytes } = values.strings ?? digitsOf(values);
    return {
      field: { name, type, nullable: true },
      size: { nulls, buffers: [validity, (rows + 1) * 4, bytes.length] },
      write: ([bits, ends, data]) => {
        writeValidity(bits!);
        new Int32Array(ends!.buffer, ends!.byteOffset, rows + 1).set(offsets);
        data!.set(bytes);
      },
    };
  }
  if (stored === undefined) throw new Error(`The column "${name}" has no numbers to write.`);
  return {
    field: { name, type, nullable: true },
    size: { nulls, buffers: [validity, bytesOf(type, rows)] },
    write: ([bits, data]) => {
      writeValidity(bits!);
      writeNumbers(type, data!, rows, valid, stored);
    },
  };
}

function bytesOf(type: ArrowType, rows: number): number {
  switch (type.type) {
    case 'bool':
      return Math.ceil(rows / 8);
    case 'decimal':
      return rows * 16;
    case 'int':
    case 'float':
      return (rows * type.bits) / 8;
    case 'date':
      return rows * 4;
    case 'time':
      return rows * (type.unit === 's' || type.unit === 'ms' ? 4 : 8);
    default:
      return rows * 8;
  }
}

function writeNumbers(
  type: ArrowType,
  data: Uint8Array<ArrayBuffer>,
  rows: number,
  valid: Uint8Array,
  stored: (i: number) => number | bigint,
): void {
  const { buffer, byteOffset, byteLength } = data;
  if (type.type === 'bool') {
    for (let i = 0; i < rows; i++)
      if (valid[i] === 1 && Number(stored(i)) !== 0) data[i >> 3]! |= 1 << (i & 7);
    return;
  }
  if (type.type === 'decimal') {
    const halves = new BigInt64Array(buffer, byteOffset, rows * 2);
    for (let i = 0; i < rows; i++) {
      if (valid[i] === 0) continue;
      const value = BigInt(stored(i));
      halves[2 * i] = BigInt.asIntN(64, value);
      halves[2 * i + 1] = value >> 64n;
    }
    return;
  }
  if (type.type !== 'float' && byteLength === rows * 8) {
    const wide = new BigInt64Array(buffer, byteOffset, rows);
    for (let i = 0; i < rows; i++)
      if (valid[i] === 1) wide[i] = BigInt.asIntN(64, BigInt(stored(i)));
    return;
  }
  const numbers = numbersFor(type, buffer, byteOffset, rows);
  for (let i = 0; i < rows; i++) if (valid[i] === 1) numbers[i] = Number(stored(i));
}

function numbersFor(type: ArrowType, buffer: ArrayBuffer, offset: number, rows: number) {
  if (type.type === 'float') {
    return type.bits === 32
      ? new Float32Array(buffer, offset, rows)
      : new Float64Array(buffer, offset, rows);
  }
  if (type.type !== 'int') return new Int32Array(buffer, offset, rows);
  if (type.bits === 8)
    return type.signed ? new Int8Array(buffer, offset, rows) : new Uint8Array(buffer, offset, rows);
  if (type.bits === 16)
    return type.signed
      ? new Int16Array(buffer, offset, rows)
      : new Uint16Array(buffer, offset, rows);
  return type.signed ? new Int32Array(buffer, offset, rows) : new Uint32Array(buffer, offset, rows);
}

// Integers of 128 bits travel as their digits.
function digitsOf({ rows, valid, stored }: DeclaredValues): Strings {
  const texts = Array.from({ length: rows }, (_, i) => (valid[i] === 1 ? String(stored!(i)) : ''));
  const offsets = new Int32Array(rows + 1);
  for (const [i, text] of texts.entries()) offsets[i + 1] = offsets[i]! + text.length;
  return { offsets, bytes: new TextEncoder().encode(texts.join('')) };
}
