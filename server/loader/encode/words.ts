import type { Lane } from '../types.js';

/** Whole numbers of a batch as 32-bit words, little-endian: two a value, or four for 128-bit ones. */
export interface Words {
  rows: number;
  words: Int32Array;
  width: 2 | 4;
  /** The highest word counts from 0 to 2^32 - 1. */
  unsigned: boolean;
}

export interface Extremes {
  min: bigint;
  max: bigint;
}

/**
 * Staged values as words. One form for all widths keeps the loops over them few and of one type; widening 32-bit
 * values costs about 2 ms a million. 64-bit values are not copied: the words are the staged memory itself.
 */
export function toWords(lane: Lane, data: Uint8Array, rows: number): Words {
  const { buffer, byteOffset } = data;
  if (lane === 'int64' || lane === 'uint64') {
    const words = new Int32Array(buffer, byteOffset, rows * 2);
    return { rows, words, width: 2, unsigned: lane === 'uint64' };
  }
  if (lane === 'int128') {
    const words = new Int32Array(buffer, byteOffset, rows * 4);
    return dropUpperHalves({ rows, words, width: 4, unsigned: false });
  }
  const words = new Int32Array(rows * 2);
  const narrow = narrowView(lane, data, rows);
  if (lane === 'uint32') {
    for (let row = 0; row < rows; row++) words[row * 2] = narrow[row]!;
  } else {
    for (let row = 0; row < rows; row++) {
      const value = narrow[row]!;
      words[row * 2] = value;
      words[row * 2 + 1] = value >> 31;
    }
  }
  return { rows, words, width: 2, unsigned: false };
}

function narrowView(lane: Lane, { buffer, byteOffset }: Uint8Array, rows: number) {
  switch (lane) {
    case 'int8':
      return new Int8Array(buffer, byteOffset, rows);
    case 'int16':
      return new Int16Array(buffer, byteOffset, rows);
    case 'int32':
      return new Int32Array(buffer, byteOffset, rows);
    case 'bool':
    case 'uint8':
      return new Uint8Array(buffer, byteOffset, rows);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, rows);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, rows);
    default:
      throw new Error(`Lane "${lane}" holds no whole numbers of 8 to 32 bits.`);
  }
}

/** 128-bit values as 64-bit ones where every one of them fits (a null's garbage may stand in the way; it costs only time). */
function dropUpperHalves(wide: Words): Words {
  const { rows, words } = wide;
  for (let row = 0; row < rows; row++) {
    const sign = words[row * 4 + 1]! >> 31;
    if (words[row * 4 + 2] !== sign || words[row * 4 + 3] !== sign) return wide;
  }
  const narrow = new Int32Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    narrow[row * 2] = words[row * 4]!;
    narrow[row * 2 + 1] = words[row * 4 + 1]!;
  }
  return { rows, words: narrow, width: 2, unsigned: false };
}

/** The least and the greatest value of at least one. */
export function extremesOf(source: Words): Extremes {
  return source.width === 2 ? extremesOfPairs(source) : extremesOfQuads(source);
}

function extremesOfPairs({ rows, words, unsigned }: Words): Extremes {
  // Flipping the top bit makes unsigned words compare like signed ones.
  const bias = unsigned ? -0x80000000 : 0;
  let minHigh = words[1]! ^ bias;
  let minLow = words[0]! >>> 0;
  let maxHigh = minHigh;
  let maxLow = minLow;
  for (let at = 2; at < rows * 2; at += 2) {
    const high = words[at + 1]! ^ bias;
    const low = words[at]! >>> 0;
    if (high < minHigh || (high === minHigh && low < minLow)) {
      minHigh = high;
      minLow = low;
    } else if (high > maxHigh || (high === maxHigh && low > maxLow)) {
      maxHigh = high;
      maxLow = low;
    }
  }
  const join = (high: number, low: number): bigint => {
    const value = (BigInt(high ^ bias) << 32n) | BigInt(low);
    return unsigned ? BigInt.asUintN(64, value) : value;
  };
  return { min: join(minHigh, minLow), max: join(maxHigh, maxLow) };
}

function extremesOfQuads({ rows, words }: Words): Extremes {
  let min = 0;
  let max = 0;
  for (let row = 1; row < rows; row++) {
    if (compareQuads(words, row, min) < 0) min = row;
    else if (compareQuads(words, row, max) > 0) max = row;
  }
  return { min: quadAt(words, min), max: quadAt(words, max) };
}

function compareQuads(words: Int32Array, a: number, b: number): number {
  const top = words[a * 4 + 3]! - words[b * 4 + 3]!;
  if (top !== 0) return top;
  for (let word = 2; word >= 0; word--) {
    const difference = (words[a * 4 + word]! >>> 0) - (words[b * 4 + word]! >>> 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function quadAt(words: Int32Array, row: number): bigint {
  let value = BigInt(words[row * 4 + 3]!);
  for (let word = 2; word >= 0; word--)
    value = (value << 32n) | BigInt(words[row * 4 + word]! >>> 0);
  return value;
}

/** True where no value is less than the one before. */
export function isAscending(source: Words): boolean {
  const { rows, words, unsigned } = source;
  if (source.width === 4) {
    for (let row = 1; row < rows; row++) if (compareQuads(words, row, row - 1) < 0) return false;
    return true;
  }
  const bias = unsigned ? -0x80000000 : 0;
  let lastHigh = words[1]! ^ bias;
  let lastLow = words[0]! >>> 0;
  for (let at = 2; at < rows * 2; at += 2) {
    const high = words[at + 1]! ^ bias;
    const low = words[at]! >>> 0;
    if (high < lastHigh || (high === lastHigh && low < lastLow)) return false;
    lastHigh = high;
    lastLow = low;
  }
  return true;
}

/** Writes the low bits of every value to `out`, which is exactly as wide as the values need. */
export function copyLowWords<T extends Uint8Array | Uint16Array | Int32Array>(
  { rows, words, width }: Words,
  out: T,
): T {
  for (let row = 0; row < rows; row++) out[row] = words[row * width]!;
  return out;
}

/** One value. */
export function valueAt({ words, width, unsigned }: Words, row: number): bigint {
  if (width === 4) return quadAt(words, row);
  const value = (BigInt(words[row * 2 + 1]!) << 32n) | BigInt(words[row * 2]! >>> 0);
  return unsigned ? BigInt.asUintN(64, value) : value;
}
