import { largeFloat64, largeUint32 } from '../large-arrays.js';

/** Counts by whole numbers from 0 to 2^53: open addressing, at most half full. */
export class CountMap {
  size = 0;
  #keys = new Float64Array(1024).fill(-1);
  #counts = new Uint32Array(1024);

  add(key: number, count: number): void {
    const mask = this.#keys.length - 1;
    let at = hash(key) & mask;
    for (;;) {
      const found = this.#keys[at]!;
      if (found === key) {
        this.#counts[at]! += count;
        return;
      }
      if (found < 0) break;
      at = (at + 1) & mask;
    }
    this.#keys[at] = key;
    this.#counts[at] = count;
    if (++this.size * 2 > this.#keys.length) this.#grow();
  }

  /** The count of a key; 0 where it never came. */
  count(key: number): number {
    const mask = this.#keys.length - 1;
    for (let at = hash(key) & mask; ; at = (at + 1) & mask) {
      const found = this.#keys[at]!;
      if (found === key) return this.#counts[at]!;
      if (found < 0) return 0;
    }
  }

  /** The keys, in no order, and their counts. */
  entries(): { keys: Float64Array<ArrayBuffer>; counts: Uint32Array<ArrayBuffer> } {
    const keys = largeFloat64(this.size);
    const counts = largeUint32(this.size);
    let next = 0;
    for (let at = 0; at < this.#keys.length; at++) {
      if (this.#keys[at]! < 0) continue;
      keys[next] = this.#keys[at]!;
      counts[next++] = this.#counts[at]!;
    }
    return { keys, counts };
  }

  #grow(): void {
    const { keys, counts } = this.entries();
    const capacity = this.#keys.length * 4;
    this.#keys = largeFloat64(capacity).fill(-1);
    this.#counts = largeUint32(capacity);
    this.size = 0;
    for (let i = 0; i < keys.length; i++) this.add(keys[i]!, counts[i]!);
  }
}

// Fibonacci hashing of both halves of the number.
function hash(key: number): number {
  const high = Math.floor(key / 2 ** 32);
  const mixed = Math.imul((key % 2 ** 32) | 0, 0x9e37_79b1) ^ Math.imul(high, 0x85eb_ca6b);
  return mixed ^ (mixed >>> 15);
}
