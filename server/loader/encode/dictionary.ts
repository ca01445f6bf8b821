import type { EncodedDictionary } from '../../snapshots/encoded-column.js';

const SLOT_WORDS = 4;
const FIRST_SLOTS = 2 ** 12;
/** Strings that are looked up together. */
const BLOCK_ROWS = 256;

/**
 * The distinct strings of a column, as bytes, in the order they were first seen; their positions are the codes.
 * Open addressing with linear probing; a slot holds everything needed to reject a string or to find its bytes,
 * because at a million strings each look elsewhere is a cache miss:
 *   0: hash    4: code + 1, 0 is free    8: start in `bytes`    12: length
 */
export class TextDictionary {
  size = 0;
  #slots = new Int32Array(FIRST_SLOTS * SLOT_WORDS);
  #mask = FIRST_SLOTS - 1;
  #bytes = new Uint8Array(2 ** 16);
  #view = new DataView(this.#bytes.buffer);
  #offsets = new Int32Array(2 ** 12);
  /** Keeps the compiler from dropping the loads that only warm the caches. */
  touched = 0;

  /** Bytes of all strings. */
  get byteLength(): number {
    return this.#offsets[this.size]!;
  }

  /** size + 1; a view that lives until the next string is added. */
  get offsets(): Int32Array {
    return this.#offsets.subarray(0, this.size + 1);
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.byteLength);
  }

  /**
   * Writes to `codes` the code of each of `rows` strings of the arena, adding those that are new. Invalid rows get 0.
   *
   * Goes over each block of rows several times: hash; touch the slots; look them up; touch the bytes; compare. The two
   * touching passes have no branches, so that the processor overlaps their cache misses, and the passes after
   * them find everything close by.
   */
  encode(
    arena: Uint8Array,
    starts: Int32Array,
    lengths: Int32Array,
    valid: Uint8Array | undefined,
    rows: number,
    codes: Int32Array,
  ): void {
    const source = new DataView(arena.buffer, arena.byteOffset, arena.byteLength);
    const hashes = new Int32Array(BLOCK_ROWS);
    const candidates = new Int32Array(BLOCK_ROWS);
    let touched = 0;
    for (let from = 0; from < rows; from += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - from);
      for (let i = 0; i < count; i++) {
        hashes[i] = hashBytes(source, starts[from + i]!, lengths[from + i]!);
      }
      const slots = this.#slots;
      const mask = this.#mask;
      for (let i = 0; i < count; i++) touched ^= slots[(hashes[i]! & mask) * SLOT_WORDS]!;
      for (let i = 0; i < count; i++) {
        candidates[i] = this.#firstWith(hashes[i]!, lengths[from + i]!);
      }
      const bytes = this.#bytes;
      for (let i = 0; i < count; i++) touched ^= bytes[slots[candidates[i]! + 2]!]!;
      for (let i = 0; i < count; i++) {
        const row = from + i;
        if (valid !== undefined && valid[row] === 0) {
          codes[row] = 0;
          continue;
        }
        // Strings added on the way may have moved the slots: then, and where the bytes differ, look again.
        const at = candidates[i]!;
        codes[row] =
          slots === this.#slots &&
          slots[at + 1] !== 0 &&
          slots[at + 3] === lengths[row] &&
          slots[at] === hashes[i] &&
          equalBytes(source, starts[row]!, this.#view, slots[at + 2]!, lengths[row]!)
            ? slots[at + 1]! - 1
            : this.#find(arena, source, starts[row]!, lengths[row]!, hashes[i]!);
      }
    }
    this.touched = touched;
  }

  /** Adds strings that are not in it yet, in the order of their codes. */
  addAll({ size, offsets, bytes }: EncodedDictionary): void {
    const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let code = 0; code < size; code++) {
      const start = offsets[code]!;
      const length = offsets[code + 1]! - start;
      this.#find(bytes, source, start, length, hashBytes(source, start, length));
    }
  }

  /** Where in the slots the first string of this hash and length is, or else the free slot at the end of the search. */
  #firstWith(hash: number, length: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = hash & mask;
    for (;;) {
      const at = slot * SLOT_WORDS;
      if (slots[at + 1] === 0 || (slots[at] === hash && slots[at + 3] === length)) return at;
      slot = (slot + 1) & mask;
    }
  }

  /** The code of one string, found or new. */
  #find(arena: Uint8Array, source: DataView, start: number, length: number, hash: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = hash & mask;
    for (;;) {
      const at = slot * SLOT_WORDS;
      const taken = slots[at + 1]!;
      if (taken === 0) return this.#add(arena, start, length, hash, slot);
      if (
        slots[at] === hash &&
        slots[at + 3] === length &&
        equalBytes(source, start, this.#view, slots[at + 2]!, length)
      ) {
        return taken - 1;
      }
      slot = (slot + 1) & mask;
    }
  }

  #add(arena: Uint8Array, start: number, length: number, hash: number, slot: number): number {
    const code = this.size;
    const at = this.#offsets[code]!;
    this.#reserve(at + length);
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) bytes[at + i] = arena[start + i]!;
    this.#slots.set([hash, code + 1, at, length], slot * SLOT_WORDS);
    this.size = code + 1;
    if (this.size + 1 > this.#offsets.length) {
      const grown = new Int32Array(this.#offsets.length * 2);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    this.#offsets[code + 1] = at + length;
    if (this.size * 2 > this.#mask) this.#rehash();
    return code;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(length, Math.min(this.#bytes.length * 2, 2 ** 31 - 1)));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  #rehash(): void {
    const before = this.#slots;
    const slots = new Int32Array(before.length * 4);
    const mask = slots.length / SLOT_WORDS - 1;
    for (let at = 0; at < before.length; at += SLOT_WORDS) {
      if (before[at + 1] === 0) continue;
      let slot = before[at]! & mask;
      while (slots[slot * SLOT_WORDS + 1] !== 0) slot = (slot + 1) & mask;
      for (let word = 0; word < SLOT_WORDS; word++) {
        slots[slot * SLOT_WORDS + word] = before[at + word]!;
      }
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}

/** A 32-bit hash, four bytes at a time; the last four overlap the ones before where the length is odd. */
function hashBytes(view: DataView, start: number, length: number): number {
  let hash = length;
  if (length >= 4) {
    const last = start + length - 4;
    for (let at = start; at < last; at += 4) {
      hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash ^ view.getInt32(last, true), 0x9e3779b1);
  } else {
    for (let at = start; at < start + length; at++) {
      hash = Math.imul((hash << 8) ^ view.getUint8(at), 0x9e3779b1);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function equalBytes(
  a: DataView,
  aStart: number,
  b: DataView,
  bStart: number,
  length: number,
): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    if (a.getInt32(aStart + i, true) !== b.getInt32(bStart + i, true)) return false;
  }
  for (; i < length; i++) if (a.getUint8(aStart + i) !== b.getUint8(bStart + i)) return false;
  return true;
}
