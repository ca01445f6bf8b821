import { selectNth } from '../aggregate/select-nth.js';
import type { Strings } from '../select/strings.js';
import { compareStrings, digitsAt } from './rank.js';

/** The rank of a string that is not among the first. */
export const NOT_FIRST = 0xffff_ffff;

/** Bytes that are looked at a time: as many digits of 257 values as a double holds exactly. */
const BYTES = 6;
/** Three digits of 1. */
const ONES = (257 + 1) * 257 + 1;
/** Strings between two looks at the cancel word. */
const STRINGS_A_LOOK = 2 ** 16;
/** So few strings are compared one by one. */
const FEW = 256;

/**
 * The places of at least the first `count` strings in the order of their UTF-8 bytes, or of the last ones, counted from the end;
 * `NOT_FIRST` for the others. Much less work than the ranks of all: strings are looked at six bytes at a time, and again only where those are
 * the same as those of the `count`th. `check` is called every few milliseconds.
 */
export function firstRanks(
  strings: Strings,
  count: number,
  descending: boolean,
  check?: () => void,
): Uint32Array<ArrayBuffer> {
  const size = strings.offsets.length - 1;
  const ranks = new Uint32Array(size).fill(NOT_FIRST);
  const sign = descending ? -1 : 1;
  const first: number[] = [];
  let left: Uint32Array | null = null;
  let depth = commonPrefix(strings);
  while (first.length < count) {
    const among: number = left?.length ?? size;
    if (among <= Math.max(FEW, count - first.length)) {
      for (let i = 0; i < among; i++) first.push(left?.[i] ?? i);
      break;
    }
    const keys = new Float64Array(among);
    for (let i = 0; i < among; i++) {
      if (i % STRINGS_A_LOOK === 0) check?.();
      keys[i] = sign * sixDigits(strings, left === null ? i : left[i]!, depth);
    }
    const nth = count - first.length - 1;
    check?.();
    const selected = keys.slice();
    selectNth(selected, 0, among, nth);
    const last = selected[nth]!;
    const equal: number[] = [];
    for (let i = 0; i < among; i++) {
      if (i % STRINGS_A_LOOK === 0) check?.();
      if (keys[i]! < last) first.push(left === null ? i : left[i]!);
      else if (keys[i] === last) equal.push(left === null ? i : left[i]!);
    }
    // Their last digit is the end of them: they are the same, and there is one of them in a dictionary.
    if (last % 257 === 0) {
      first.push(...equal);
      break;
    }
    left = Uint32Array.from(equal);
    depth += BYTES;
  }
  first.sort((a, b) => sign * compareStrings(strings, a, b));
  for (const [rank, string] of first.entries()) ranks[string] = rank;
  return ranks;
}

/** As `digitsAt` of six bytes, with integers as far as that goes. */
function sixDigits(strings: Strings, string: number, depth: number): number {
  const { offsets, bytes } = strings;
  const at = offsets[string]! + depth;
  if (at + BYTES > offsets[string + 1]!) return digitsAt(strings, string, depth, BYTES);
  const high = (bytes[at]! * 257 + bytes[at + 1]!) * 257 + bytes[at + 2]! + ONES;
  const low = (bytes[at + 3]! * 257 + bytes[at + 4]!) * 257 + bytes[at + 5]! + ONES;
  return high * 257 ** 3 + low;
}

/** How many bytes all strings begin with alike. */
function commonPrefix({ offsets, bytes }: Strings): number {
  const size = offsets.length - 1;
  if (size === 0) return 0;
  let length = offsets[1]! - offsets[0]!;
  for (let i = 1; i < size && length > 0; i++) {
    const start = offsets[i]!;
    length = Math.min(length, offsets[i + 1]! - start);
    let same = 0;
    while (same < length && bytes[start + same] === bytes[offsets[0]! + same]) same++;
    length = same;
  }
  return length;
}
