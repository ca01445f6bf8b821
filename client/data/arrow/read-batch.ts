import type { ArrowType } from '../../../protocol/arrow-type.js';
import type { Column, Numbers } from './column.js';
import type { FlatTable } from './flat-table.js';
import type { Field } from './read-field.js';

type NumbersOf = new (buffer: ArrayBufferLike, offset: number, length: number) => Numbers;

const INTEGERS = {
  8: [Uint8Array, Int8Array],
  16: [Uint16Array, Int16Array],
  32: [Uint32Array, Int32Array],
  64: [BigUint64Array, BigInt64Array],
} as const;

/** Takes the columns of a `RecordBatch` of Arrow's Message.fbs out of its body, as views. */
export function readBatch(
  batch: FlatTable,
  body: Uint8Array,
  fields: readonly Field[],
  dictionaries: ReadonlyMap<number, Column>,
): Column[] {
  if (batch.table(3) !== null) throw new Error('The answer is packed in a way that no frame is.');
  const nodes = batch.pairs(1);
  const buffers = batch.pairs(2);
  let next = 0;
  /** The next buffer as `length` numbers; shorter ones are damage. */
  function take(Numbers: NumbersOf, bytesEach: number, length: number): Numbers {
    const [offset, bytes] = buffers[next++] ?? [0, 0];
    if (length * bytesEach > bytes || offset + bytes > body.length) {
      throw new RangeError(`Expected ${length * bytesEach} bytes, found ${bytes}.`);
    }
    return new Numbers(body.buffer, body.byteOffset + offset, length);
  }
  const takeBytes = (length: number): Uint8Array => take(Uint8Array, 1, length) as Uint8Array;

  return fields.map(({ name, type, dictionary }, i): Column => {
    const [length, nullCount] = nodes[i] ?? [0, 0];
    const column = { name, type, length, nullCount, offsets: null, dictionary: null };
    if (type.type === 'null' && dictionary === null) {
      return {
        ...column,
        nullCount: length,
        validity: new Uint8Array((length + 7) >> 3),
        values: new Uint8Array(0),
      };
    }
    const validity = nullCount > 0 ? takeBytes((length + 7) >> 3) : (next++, null);
    if (dictionary !== null) {
      const words = dictionaries.get(dictionary.id);
      if (words === undefined) throw new Error(`The labels of column "${name}" are missing.`);
      return {
        ...column,
        validity,
        values: take(...numbersOf(dictionary.codes), length),
        dictionary: words,
      };
    }
    switch (type.type) {
      case 'utf8':
      case 'binary': {
        // Writers may leave out the one offset of no rows.
        const offsets =
          length === 0
            ? (next++, new Int32Array(1))
            : (take(Int32Array, 4, length + 1) as Int32Array);
        return { ...column, validity, offsets, values: takeBytes(offsets[length]!) };
      }
      case 'bool':
        return { ...column, validity, values: takeBytes((length + 7) >> 3) };
      case 'decimal':
        return { ...column, validity, values: take(Uint32Array, 4, length * 4) };
      default:
        return { ...column, validity, values: take(...numbersOf(type), length) };
    }
  });
}

/** The array that holds numbers of a type, and the bytes of each. */
function numbersOf(type: ArrowType): [NumbersOf, number] {
  switch (type.type) {
    case 'int':
      return [INTEGERS[type.bits][type.signed ? 1 : 0], type.bits / 8];
    case 'float':
      return type.bits === 32 ? [Float32Array, 4] : [Float64Array, 8];
    case 'date':
      return [Int32Array, 4];
    case 'time':
      return type.unit === 's' || type.unit === 'ms' ? [Int32Array, 4] : [BigInt64Array, 8];
    default:
      return [BigInt64Array, 8];
  }
}
