import type { Strings } from '../select/strings.js';

/** Strings that are searched in one way, which is chosen by what the first of them hold. */
const CHUNK_STRINGS = 4096;
const SAMPLE_STRINGS = 64;

/**
 * Sets out[i - from] to 1 for each of the strings `from` to `to` that holds the bytes of `needle`, and to 0 for the
 * others. The empty needle is in every string. UTF-8 is self-synchronising, so a match of bytes is a match of
 * characters.
 */
export function markContaining(
  strings: Strings,
  from: number,
  to: number,
  needle: Uint8Array,
  out: Uint8Array,
): void {
  if (needle.length === 0) {
    out.fill(1, 0, to - from);
    return;
  }
  out.fill(0, 0, to - from);
  const { buffer, byteOffset, byteLength } = strings.bytes;
  const run = Buffer.from(buffer, byteOffset, byteLength);
  const wanted = Buffer.from(needle);
  for (let start = from; start < to; start += CHUNK_STRINGS) {
    const end = Math.min(to, start + CHUNK_STRINGS);
    const sampled = Math.min(end, start + SAMPLE_STRINGS);
    // Node's search is many times faster over bytes without a match, but each match costs a call of 70 ns.
    const hits = searchEach(strings, start, sampled, needle, out, from);
    if (hits * 2 > sampled - start) searchEach(strings, sampled, end, needle, out, from);
    else searchRun(strings, sampled, end, run, wanted, out, from);
  }
}

function searchEach(
  { offsets, bytes }: Strings,
  from: number,
  to: number,
  needle: Uint8Array,
  out: Uint8Array,
  base: number,
): number {
  const { length } = needle;
  const first = needle[0]!;
  let hits = 0;
  for (let i = from; i < to; i++) {
    const last = offsets[i + 1]! - length;
    for (let at = offsets[i]!; at <= last; at++) {
      if (bytes[at] !== first) continue;
      let k = 1;
      while (k < length && bytes[at + k] === needle[k]) k++;
      if (k < length) continue;
      out[i - base] = 1;
      hits++;
      break;
    }
  }
  return hits;
}

function searchRun(
  { offsets }: Strings,
  from: number,
  to: number,
  run: Buffer,
  needle: Buffer,
  out: Uint8Array,
  base: number,
): void {
  const end = offsets[to]!;
  const bounded = run.subarray(0, end);
  let string = from;
  let at = bounded.indexOf(needle, offsets[from]);
  while (at >= 0) {
    while (offsets[string + 1]! <= at) string++;
    const next = offsets[string + 1]!;
    if (at + needle.length <= next) {
      out[string - base] = 1;
      at = bounded.indexOf(needle, next);
    } else at = bounded.indexOf(needle, at + 1); // It runs over the end of its string.
  }
}
