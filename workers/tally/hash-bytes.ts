import { grown, largeInt32 } from '../large-arrays.js';
import { isString, type Strings } from '../select/strings.js';

/** Counts of strings by their bytes, which are kept once each: open addressing, at most half full. */
export class CountBytes {
  #slots = new Int32Array(4096).fill(-1);
  #hashes = new Int32Array(2048);
  #counts = new Uint32Array(2048);
  #offsets = new Int32Array(2049);
  #bytes = new Uint8Array(65_536);
  #size = 0;

  /** Counts string `i` of `strings` `times` more. */
  add(strings: Strings, i: number, times: number): void {
    const { offsets, bytes } = strings;
    const start = offsets[i]!;
    const end = offsets[i + 1]!;
    const hash = hashOf(bytes, start, end);
    const mask = this.#slots.length - 1;
    let at = hash & mask;
    for (; this.#slots[at]! >= 0; at = (at + 1) & mask) {
      const entry = this.#slots[at]!;
      if (
        this.#hashes[entry] === hash &&
        isString(this.#strings(), entry, bytes.subarray(start, end))
      ) {
        this.#counts[entry]! += times;
        return;
      }
    }
    this.#slots[at] = this.#append(bytes.subarray(start, end), hash, times);
    if (this.#size * 2 > this.#slots.length) this.#rehash();
  }

  /** The strings in the order of their first coming, and their counts. */
  entries(): Strings & { counts: Uint32Array<ArrayBuffer> } {
    return {
      offsets: this.#offsets.slice(0, this.#size + 1),
      bytes: this.#bytes.slice(0, this.#offsets[this.#size]),
      counts: this.#counts.slice(0, this.#size),
    };
  }

  #strings(): Strings {
    return { offsets: this.#offsets, bytes: this.#bytes };
  }

  #append(value: Uint8Array, hash: number, times: number): number {
    const entry = this.#size++;
    if (entry === this.#counts.length) {
      this.#counts = grown(this.#counts, entry * 2);
      this.#hashes = grown(this.#hashes, entry * 2);
      this.#offsets = grown(this.#offsets, entry * 2 + 1);
    }
    const start = this.#offsets[entry]!;
    const end = start + value.length;
    if (end > 2 ** 31 - 1) throw new Error('The distinct texts of a column take more than 2 GiB.');
    if (end > this.#bytes.length) {
      this.#bytes = grown(
        this.#bytes,
        Math.min(2 ** 31 - 1, Math.max(end, this.#bytes.length * 2)),
      );
    }
    this.#bytes.set(value, start);
    this.#offsets[entry + 1] = end;
    this.#hashes[entry] = hash;
    this.#counts[entry] = times;
    return entry;
  }

  #rehash(): void {
    this.#slots = largeInt32(this.#slots.length * 4).fill(-1);
    const mask = this.#slots.length - 1;
    for (let entry = 0; entry < this.#size; entry++) {
      let at = this.#hashes[entry]! & mask;
      while (this.#slots[at]! >= 0) at = (at + 1) & mask;
      this.#slots[at] = entry;
    }
  }
}

// FNV-1a, with MurmurHash3's finalizer for the low bits.
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let h = 0x811c_9dc5;
  for (let i = start; i < end; i++) h = Math.imul(h ^ bytes[i]!, 0x0100_0193);
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  return h ^ (h >>> 13);
}
