import { largeUint32 } from '../large-arrays.js';

/** Counts of 64-bit keys, doubles or integers by their bits: open addressing, at most half full. */
export class Count64 {
  size = 0;
  /** Low and high word of each key, side by side. */
  #keys = new Uint32Array(2 * 4096);
  #counts = new Uint32Array(4096);

  /** Counts a key `times` more, at least once. */
  add(low: number, high: number, times: number): void {
    const keys = this.#keys;
    const mask = this.#counts.length - 1;
    let at = hash(low, high) & mask;
    // A count is 0 where the place is free.
    while (this.#counts[at] !== 0) {
      if (keys[2 * at] === low && keys[2 * at + 1] === high) {
        this.#counts[at]! += times;
        return;
      }
      at = (at + 1) & mask;
    }
    keys[2 * at] = low;
    keys[2 * at + 1] = high;
    this.#counts[at] = times;
    if (++this.size * 2 > this.#counts.length) this.#grow();
  }

  /** The words of the keys, side by side, and their counts; in no order. */
  entries(): { words: Uint32Array<ArrayBuffer>; counts: Uint32Array<ArrayBuffer> } {
    const words = new Uint32Array(2 * this.size);
    const counts = new Uint32Array(this.size);
    let next = 0;
    for (let at = 0; at < this.#counts.length; at++) {
      if (this.#counts[at] === 0) continue;
      words[2 * next] = this.#keys[2 * at]!;
      words[2 * next + 1] = this.#keys[2 * at + 1]!;
      counts[next++] = this.#counts[at]!;
    }
    return { words, counts };
  }

  #grow(): void {
    const { words, counts } = this.entries();
    const capacity = this.#counts.length * 4;
    this.#keys = largeUint32(2 * capacity);
    this.#counts = largeUint32(capacity);
    this.size = 0;
    for (let i = 0; i < counts.length; i++) this.add(words[2 * i]!, words[2 * i + 1]!, counts[i]!);
  }
}

// The finalizer of MurmurHash3 over both words.
function hash(low: number, high: number): number {
  let h = Math.imul(low, 0xcc9e_2d51) ^ Math.imul(high, 0x1b87_3593);
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return h ^ (h >>> 16);
}
