/** A value of Thrift's compact protocol; structs are field number → value. */
export type ThriftValue = number | boolean | Uint8Array | readonly ThriftValue[] | ThriftStruct;
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

const MAX_DEPTH = 32;

/** The bytes at hand end before the struct does. */
export class ThriftTooShort extends Error {}

/**
 * Reads one struct of Thrift's compact protocol, as Parquet's metadata are written, without knowing its schema. Integers
 * are exact to 2^53. Throws ThriftTooShort where bytes are missing and Error where they make no sense.
 */
export function readThriftStruct(
  bytes: Uint8Array,
  start = 0,
): { struct: ThriftStruct; end: number } {
  const reader = new CompactReader(bytes, start);
  return { struct: reader.struct(0), end: reader.at };
}

class CompactReader {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  struct(depth: number): ThriftStruct {
    if (depth > MAX_DEPTH) throw new Error(`Thrift structs are nested deeper than ${MAX_DEPTH}.`);
    const fields = new Map<number, ThriftValue>();
    let id = 0;
    for (;;) {
      const head = this.#byte();
      if (head === 0) return fields;
      const delta = head >> 4;
      id = delta === 0 ? this.#zigzag() : id + delta;
      fields.set(id, this.#value(head & 15, depth, true));
    }
  }

  /** A boolean in a field is its type; in a list it is a byte. */
  #value(type: number, depth: number, inField: boolean): ThriftValue {
    switch (type) {
      case 1:
      case 2:
        return inField ? type === 1 : this.#byte() === 1;
      case 3:
        return (this.#byte() << 24) >> 24;
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        return new DataView(this.#take(8).slice().buffer).getFloat64(0, true);
      case 8:
        return this.#take(this.#varint());
      case 9:
      case 10:
        return this.#list(depth);
      case 12:
        return this.struct(depth + 1);
      default:
        throw new Error(`Thrift type ${type} is not known.`);
    }
  }

  #list(depth: number): ThriftValue[] {
    const head = this.#byte();
    const count = head >> 4 === 15 ? this.#varint() : head >> 4;
    const values: ThriftValue[] = [];
    for (let i = 0; i < count; i++) values.push(this.#value(head & 15, depth, false));
    return values;
  }

  #byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new ThriftTooShort('The Thrift struct is cut off.');
    return byte;
  }

  #take(length: number): Uint8Array {
    if (this.at + length > this.#bytes.length) {
      throw new ThriftTooShort('The Thrift struct is cut off.');
    }
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  #varint(): number {
    let value = 0;
    for (let shift = 1, i = 0; i < 10; shift *= 128, i++) {
      const byte = this.#byte();
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
    throw new Error('A Thrift number is longer than 10 bytes.');
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
