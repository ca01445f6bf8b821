import { largeBytes, largeInt32 } from '../large-arrays.js';
import type { Strings } from '../select/strings.js';

/** Above the last code point that folds (U+1E943 of Adlam). */
const FOLD_LIMIT = 0x1_e944;

let table: Uint32Array | undefined;

/**
 * For every code point the one it is compared as under Unicode simple case folding: the shortest of its class in
 * UTF-8, so that folded text is never longer than the text.
 *
 * The classes are read off the engine's own regular expressions, where the flags `iu` are defined as simple case
 * folding (ECMA-262, Canonicalize): no table of our own can disagree with them or grow old.
 */
export function foldTable(): Uint32Array {
  return (table ??= readClasses());
}

function readClasses(): Uint32Array {
  const fold = Uint32Array.from({ length: FOLD_LIMIT }, (_, point) => point);
  let candidates = '';
  for (let point = 0; point < FOLD_LIMIT; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const character = String.fromCodePoint(point);
    if (/[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]/u.test(character))
      candidates += character;
  }
  const seen = new Set<string>();
  for (const character of candidates) {
    if (seen.has(character)) continue;
    const alike = candidates.match(new RegExp(character, 'giu')) ?? [];
    const points = alike.map((other) => other.codePointAt(0)!);
    const least = Math.min(...points.map(byteLength));
    // The last of the shortest: lower case comes after upper case in ASCII.
    const representative = Math.max(...points.filter((point) => byteLength(point) === least));
    for (const point of points) fold[point] = representative;
    for (const other of alike) seen.add(other);
  }
  return fold;
}

/** Folds UTF-8 text. */
export function foldBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length);
  return out.subarray(0, foldInto(bytes, 0, bytes.length, out, 0));
}

/** Folds the strings `from` to `to`; the first of them is string 0 of the copy. */
export function foldStrings({ offsets, bytes }: Strings, from: number, to: number): Strings {
  const start = offsets[from]!;
  const end = offsets[to]!;
  const out = largeBytes(end - start);
  const ends = largeInt32(to - from + 1);
  // All strings in one go: hardly any letter has a shorter form, so the offsets mostly stay as they are.
  if (
    foldAscii(bytes.subarray(start, end), out) ||
    foldInto(bytes, start, end, out, 0) === out.length
  ) {
    for (let i = from; i <= to; i++) ends[i - from] = offsets[i]! - start;
    return { offsets: ends, bytes: out };
  }
  let at = 0;
  for (let i = from; i < to; i++) {
    at = foldInto(bytes, offsets[i]!, offsets[i + 1]!, out, at);
    ends[i - from + 1] = at;
  }
  return { offsets: ends, bytes: out.subarray(0, at) };
}

/** Bytes that are looked through before it is given up that all are ASCII. */
const ASCII_STEP = 65_536;
/** The highest bit of four bytes, as a 32-bit integer. */
const HIGH_BITS = 0x8080_8080 | 0;

/**
 * Folds text of ASCII alone, four letters at a time, which takes a tenth of the time; false where there is any other,
 * and then `out` is to be written anew. `out` begins at a multiple of four bytes.
 */
function foldAscii(bytes: Uint8Array, out: Uint8Array<ArrayBuffer>): boolean {
  const { length } = bytes;
  let i = 0;
  if (bytes.byteOffset % 4 === 0) {
    const count = length >> 2;
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, count);
    const folded = new Int32Array(out.buffer, out.byteOffset, count);
    for (let from = 0; from < count; from += ASCII_STEP) {
      const to = Math.min(count, from + ASCII_STEP);
      let all = 0;
      for (let w = from; w < to; w++) {
        const four = words[w]!;
        all |= four;
        // The high bit of a byte: set by the first sum from 'A' on, by the second beyond 'Z'. No sum runs over.
        const upper = ((four + 0x3f3f_3f3f) | 0) & ~((four + 0x2525_2525) | 0) & HIGH_BITS;
        folded[w] = four | (upper >>> 2);
      }
      if ((all & HIGH_BITS) !== 0) return false;
    }
    i = count * 4;
  }
  for (; i < length; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x80) return false;
    out[i] = lowered(byte);
  }
  return true;
}

/** An ASCII letter as its small one. */
function lowered(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

// Writes the folded bytes `from` to `to` at `at`, and returns the end.
function foldInto(
  bytes: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
): number {
  let i = from;
  let k = at;
  while (i < to) {
    const byte = bytes[i]!;
    if (byte < 0x80) {
      out[k++] = lowered(byte);
      i++;
      continue;
    }
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    const point = pointAt(bytes, i, length);
    i += length;
    // Made when it is first needed: most texts and nearly all searches are ASCII.
    k = putPoint(out, k, point < FOLD_LIMIT ? (table ?? foldTable())[point]! : point);
  }
  return k;
}

function pointAt(bytes: Uint8Array, i: number, length: number): number {
  const [a, b, c, d] = [bytes[i]!, bytes[i + 1]!, bytes[i + 2]!, bytes[i + 3]!];
  if (length === 2) return ((a & 0x1f) << 6) | (b & 0x3f);
  if (length === 3) return ((a & 0x0f) << 12) | ((b & 0x3f) << 6) | (c & 0x3f);
  return ((a & 0x07) << 18) | ((b & 0x3f) << 12) | ((c & 0x3f) << 6) | (d & 0x3f);
}

function putPoint(out: Uint8Array, at: number, point: number): number {
  let k = at;
  if (point < 0x80) out[k++] = point;
  else if (point < 0x800) {
    out[k++] = 0xc0 | (point >> 6);
    out[k++] = 0x80 | (point & 0x3f);
  } else if (point < 0x1_0000) {
    out[k++] = 0xe0 | (point >> 12);
    out[k++] = 0x80 | ((point >> 6) & 0x3f);
    out[k++] = 0x80 | (point & 0x3f);
  } else {
    out[k++] = 0xf0 | (point >> 18);
    out[k++] = 0x80 | ((point >> 12) & 0x3f);
    out[k++] = 0x80 | ((point >> 6) & 0x3f);
    out[k++] = 0x80 | (point & 0x3f);
  }
  return k;
}

function byteLength(point: number): number {
  if (point < 0x80) return 1;
  return point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
}
