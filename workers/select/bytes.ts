import type { Scope } from '../scan/mark.js';
import type { Predicate } from '../scan/predicate.js';
import { batchOf } from '../scan/values.js';
import type { Select } from './open.js';
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

/** Tells whether a string is one of `values`, comparing only those of its length and first byte. */
export function matcher(values: readonly Uint8Array[]): (strings: Strings, i: number) => boolean {
  const byKey = new Map<number, Uint8Array[]>();
  for (const value of values) {
    const key = keyOf(value.length, value[0] ?? 0, value.at(-1) ?? 0);
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, [value]);
    else group.push(value);
  }
  return (strings, i) => {
    const { offsets, bytes } = strings;
    const start = offsets[i]!;
    const length = offsets[i + 1]! - start;
    const key = length === 0 ? 0 : keyOf(length, bytes[start]!, bytes[start + length - 1]!);
    const group = byKey.get(key);
    if (group === undefined) return false;
    for (const value of group) if (isString(strings, i, value)) return true;
    return false;
  };
}

function keyOf(length: number, first: number, last: number): number {
  return length * 65_536 + first * 256 + last;
}
