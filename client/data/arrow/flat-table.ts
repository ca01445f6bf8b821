import { utf8 } from './utf8.js';

/**
 * A table of a flatbuffer, as Arrow's metadata are written. Its fields are found through the table of offsets that it points
 * back to; a field that is not written has its default. Reading beyond the bytes throws a `RangeError`.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  /** The table that a flatbuffer begins with. */
  static root(view: DataView): FlatTable {
    return new FlatTable(view, view.getUint32(0, true));
  }

  // The offsets begin with their length in bytes and that of the table, two bytes each.
  #place(field: number): number {
    const offsets = this.#at - this.#view.getInt32(this.#at, true);
    const entry = 4 + field * 2;
    if (entry >= this.#view.getUint16(offsets, true)) return 0;
    const offset = this.#view.getUint16(offsets + entry, true);
    return offset === 0 ? 0 : this.#at + offset;
  }

  #target(place: number): number {
    return place + this.#view.getUint32(place, true);
  }

  byte(field: number): number {
    const place = this.#place(field);
    return place === 0 ? 0 : this.#view.getUint8(place);
  }

  /** An int16, or `absent` where none is written. */
  short(field: number, absent = 0): number {
    const place = this.#place(field);
    return place === 0 ? absent : this.#view.getInt16(place, true);
  }

  /** An int32, or `absent` where none is written. */
  int(field: number, absent = 0): number {
    const place = this.#place(field);
    return place === 0 ? absent : this.#view.getInt32(place, true);
  }

  /** An int64 as a double: lengths and ids are below 2^53. */
  long(field: number): number {
    const place = this.#place(field);
    return place === 0 ? 0 : Number(this.#view.getBigInt64(place, true));
  }

  table(field: number): FlatTable | null {
    const place = this.#place(field);
    return place === 0 ? null : new FlatTable(this.#view, this.#target(place));
  }

  string(field: number): string | null {
    const place = this.#place(field);
    if (place === 0) return null;
    const at = this.#target(place);
    const { buffer, byteOffset } = this.#view;
    const length = this.#view.getUint32(at, true);
    return utf8.decode(new Uint8Array(buffer, byteOffset + at + 4, length));
  }

  tables(field: number): FlatTable[] {
    const { at, length } = this.#vector(field);
    return Array.from({ length }, (_, i) => new FlatTable(this.#view, this.#target(at + i * 4)));
  }

  /** Structs of two int64. */
  pairs(field: number): [number, number][] {
    const { at, length } = this.#vector(field);
    const long = (place: number): number => Number(this.#view.getBigInt64(place, true));
    return Array.from({ length }, (_, i) => [long(at + i * 16), long(at + i * 16 + 8)]);
  }

  #vector(field: number): { at: number; length: number } {
    const place = this.#place(field);
    if (place === 0) return { at: 0, length: 0 };
    const at = this.#target(place);
    const length = this.#view.getUint32(at, true);
    // No element is smaller than four bytes: a length that is not one must not become an array.
    if (length * 4 > this.#view.byteLength)
      throw new RangeError('A vector is longer than its message.');
    return { at: at + 4, length };
  }
}
