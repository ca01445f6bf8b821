import type { Scope } from '../scan/mark.js';
import type { Predicate } from '../scan/predicate.js';
import { batchOf } from '../scan/values.js';
import type { Select } from './open.js';
import { batchStrings, type Strings } from './strings.js';

const decoder = new TextDecoder();

/** Rows of a text column without a dictionary that contain a text. */
export function openContains(predicate: Predicate & { test: 'contains' }, scope: Scope): Select {
  const { column } = predicate;
  const contains = containsMatcher(predicate);
  return (block, mask) => {
    const strings = batchStrings(scope.table, batchOf(scope.table, column, block.batch));
    const valid = block.valid(column);
    for (let i = 0; i < block.rows; i++) {
      if (mask[i] === 0) continue;
      if (valid?.[i] === 0 || strings === undefined || !contains(strings, block.from + i))
        mask[i] = 0;
    }
  };
}

/** Tells whether a string contains the text of the filter. */
export function containsMatcher({
  text,
  caseSensitive,
}: Predicate & { test: 'contains' }): (strings: Strings, i: number) => boolean {
  const fold = caseSensitive ? (value: string) => value : (value: string) => value.toLowerCase();
  const wanted = fold(text);
  return ({ offsets, bytes }, i) =>
    // A decoder takes no shared memory, so the string is copied first.
    fold(decoder.decode(bytes.slice(offsets[i], offsets[i + 1]))).includes(wanted);
}
