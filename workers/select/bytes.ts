import type { Scope } from '../scan/mark.js';
import type { Predicate } from '../scan/predicate.js';
import { batchOf } from '../scan/values.js';
import type { Select } from './select.js';
import { batchStrings, isString, type Strings } from './strings.js';

/** Rows of a column without a dictionary whose bytes are one of a list. */
export function openBytes(predicate: Predicate & { test: 'bytes' }, scope: Scope): Select {
  const { column, nulls } = predicate;
  const isWanted = matcher(predicate.values);
  return (block, mask) => {
    const strings = batchStrings(scope.table, batchOf(scope.table, column, block.batch));
    const valid = block.valid(column);
    for (let i = 0; i < block.rows; i++) {
      if (mask[i] === 0) continue;
      const passes =
        valid?.[i] === 0 || strings === undefined ? nulls : isWanted(strings, block.from + i);
      if (!passes) mask[i] = 0;
    }
  };
}

/** Tells whether a string is one of `values`. */
export function matcher(values: readonly Uint8Array[]): (strings: Strings, i: number) => boolean {
  const indexOf = matcherIndex(values);
  return (strings, i) => indexOf(strings, i) >= 0;
}

/** Tells which of `values` a string is, or -1; compares only those of its length, first and last byte. */
export function matcherIndex(
  values: readonly Uint8Array[],
): (strings: Strings, i: number) => number {
  const byKey = new Map<number, number[]>();
  for (const [index, value] of values.entries()) {
    const key = value.length === 0 ? 0 : keyOf(value.length, value[0]!, value.at(-1)!);
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, [index]);
    else group.push(index);
  }
  return (strings, i) => {
    const { offsets, bytes } = strings;
    const start = offsets[i]!;
    const length = offsets[i + 1]! - start;
    const key = length === 0 ? 0 : keyOf(length, bytes[start]!, bytes[start + length - 1]!);
    const group = byKey.get(key);
    if (group === undefined) return -1;
    for (const index of group) if (isString(strings, i, values[index]!)) return index;
    return -1;
  };
}

function keyOf(length: number, first: number, last: number): number {
  return length * 65_536 + first * 256 + last;
}
