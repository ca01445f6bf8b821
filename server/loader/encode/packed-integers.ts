import type { Extremes } from './words.js';

/** Whole numbers and nulls on their way between threads and to the disk. */
export interface PackedIntegers {
  /** A null's place holds 0. */
  values: BigInt64Array | readonly bigint[];
  /** Where the nulls are, ascending. */
  nulls: Int32Array;
}

/** Packs numbers, none below `min` or above `max`: in 64 bits each where they fit, a list of that many objects takes ten times as long to copy. */
export function packIntegers(
  list: readonly (bigint | null)[],
  { min, max }: Extremes = NONE,
): PackedIntegers {
  const nulls: number[] = [];
  const values = list.map((value, i) => {
    if (value === null) nulls.push(i);
    return value ?? 0n;
  });
  const fits = min >= -(2n ** 63n) && max < 2n ** 63n;
  return { values: fits ? new BigInt64Array(values) : values, nulls: Int32Array.from(nulls) };
}

export function unpackIntegers({ values, nulls }: PackedIntegers): (bigint | null)[] {
  const list: (bigint | null)[] = [];
  for (let i = 0; i < values.length; i++) list.push(values[i]!);
  for (const i of nulls) list[i] = null;
  return list;
}

/** Of nulls alone. */
const NONE: Extremes = { min: 0n, max: 0n };
