import { BLOCK_ROWS } from '../columns.js';
import type { Scope } from '../scan/mark.js';
import type { Predicate } from '../scan/predicate.js';
import { batchOf } from '../scan/values.js';
import { searchStrings } from '../text/contains.js';
import type { Select } from './select.js';
import { batchStrings } from './strings.js';

/** Rows of a text column without a dictionary that contain a text. */
export function openContains(predicate: Predicate & { test: 'contains' }, scope: Scope): Select {
  const { column } = predicate;
  const found = new Uint8Array(BLOCK_ROWS);
  return (block, mask) => {
    const strings = batchStrings(scope.table, batchOf(scope.table, column, block.batch));
    if (strings === undefined) {
      mask.fill(0, 0, block.rows);
      return;
    }
    searchStrings(strings, block.from, block.from + block.rows, predicate, found);
    const valid = block.valid(column);
    for (let i = 0; i < block.rows; i++)
      mask[i]! &= valid === null ? found[i]! : found[i]! & valid[i]!;
  };
}
