import { grown, largeInt32 } from '../large-arrays.js';
import { isString, type Strings } from '../select/strings.js';

/** Numbers 64-bit keys, given as two words, in the order of their first coming: open addressing, at most half full. */
export class Ids64 {
  size = 0;
  #slots = new Int32Array(4096).fill(-1);
  #words = new Uint32Array(4096);

  /** The number of a key; a new one gets the next. */
  idOf(low: number, high: number): number {
    const mask = this.#slots.length - 1;
    const words = this.#words;
    let at = hash64(low, high) & mask;
    for (let id = this.#slots[at]!; id >= 0; id = this.#slots[at]!) {
      if (words[2 * id] === low && words[2 * id + 1] === high) return id;
      at = (at + 1) & mask;
    }
    const id = this.size++;
    this.#slots[at] = id;
    if (2 * id === words.length) this.#words = grown(words, words.length * 2);
    this.#words[2 * id] = low;
    this.#words[2 * id + 1] = high;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  /** Low and high word of each key, side by side, by number; good until the next new key. */
  words(): Uint32Array<ArrayBuffer> {
    return this.#words.subarray(0, 2 * this.size);
  }

  #rehash(): void {
    const mask = this.#slots.length * 4 - 1;
    const slots = largeInt32(mask + 1).fill(-1);
    for (let id = 0; id < this.size; id++) {
      let at = hash64(this.#words[2 * id]!, this.#words[2 * id + 1]!) & mask;
      while (slots[at]! >= 0) at = (at + 1) & mask;
      slots[at] = id;
    }
    this.#slots = slots;
  }
}

/** Numbers strings by their bytes, in the order of their first coming. */
export class IdsBytes {
  size = 0;
  #slots = new Int32Array(4096).fill(-1);
  #hashes = new Int32Array(2048);
  #offsets = new Int32Array(2049);
  #bytes = new Uint8Array(65_536);

  /** The number of string `i` of `strings`; a new one gets the next. */
  idOf(strings: Strings, i: number): number {
    const start = strings.offsets[i]!;
    const end = strings.offsets[i + 1]!;
    const hash = hashBytes(strings.bytes, start, end);
    const mask = this.#slots.length - 1;
    const own = { offsets: this.#offsets, bytes: this.#bytes };
    let at = hash & mask;
    for (let id = this.#slots[at]!; id >= 0; id = this.#slots[at]!) {
      if (this.#hashes[id] === hash && isString(own, id, strings.bytes.subarray(start, end)))
        return id;
      at = (at + 1) & mask;
    }
    const id = this.#append(strings.bytes.subarray(start, end), hash);
    this.#slots[at] = id;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  /** The strings by number; good until the next new one. */
  strings(): { offsets: Int32Array<ArrayBuffer>; bytes: Uint8Array<ArrayBuffer> } {
    return {
      offsets: this.#offsets.subarray(0, this.size + 1),
      bytes: this.#bytes.subarray(0, this.#offsets[this.size]),
    };
  }

  #append(value: Uint8Array, hash: number): number {
    const id = this.size++;
    if (id === this.#hashes.length) {
      this.#hashes = grown(this.#hashes, id * 2);
      this.#offsets = grown(this.#offsets, id * 2 + 1);
    }
    const start = this.#offsets[id]!;
    const end = start + value.length;
    if (end > 2 ** 31 - 1) throw new Error('The distinct texts of a column take more than 2 GiB.');
    if (end > this.#bytes.length) {
      const size = Math.min(2 ** 31 - 1, Math.max(end, this.#bytes.length * 2));
      this.#bytes = grown(this.#bytes, size);
    }
    this.#bytes.set(value, start);
    this.#offsets[id + 1] = end;
    this.#hashes[id] = hash;
    return id;
  }

  #rehash(): void {
    const mask = this.#slots.length * 4 - 1;
    const slots = largeInt32(mask + 1).fill(-1);
    for (let id = 0; id < this.size; id++) {
      let at = this.#hashes[id]! & mask;
      while (slots[at]! >= 0) at = (at + 1) & mask;
      slots[at] = id;
    }
    this.#slots = slots;
  }
}

// The finalizer of MurmurHash3 over both words.
function hash64(low: number, high: number): number {
  let h = Math.imul(low, 0xcc9e_2d51) ^ Math.imul(high, 0x1b87_3593);
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return h ^ (h >>> 16);
}

// FNV-1a, with MurmurHash3's finalizer for the low bits.
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let h = 0x811c_9dc5;
  for (let i = start; i < end; i++) h = Math.imul(h ^ bytes[i]!, 0x0100_0193);
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  return h ^ (h >>> 13);
}
