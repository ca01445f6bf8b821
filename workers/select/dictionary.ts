import type { TableView } from '../columns.js';
import type { Predicate } from '../scan/predicate.js';
import { columnOf } from '../scan/values.js';
import { codesContaining } from '../text/contains.js';
import { matcher } from './bytes.js';
import { dictionaryStrings } from './strings.js';

/** Codes between two looks at the cancel word. */
const CODES_A_LOOK = 65_536;

/** One byte a code of the dictionary: 1 where the text passes. */
export function dictionaryLut(
  table: TableView,
  predicate: Predicate & { test: 'bytes' | 'contains' },
  check: () => void,
): Uint8Array<ArrayBuffer> {
  const { dictionary } = columnOf(table, predicate.column);
  if (dictionary === undefined) throw new Error(`Column ${predicate.column} has no dictionary.`);
  if (predicate.test === 'contains') return codesContaining(table, dictionary, predicate, check);
  const strings = dictionaryStrings(table, dictionary);
  const isWanted = matcher(predicate.values);
  const lut = new Uint8Array(dictionary.size);
  for (let code = 0; code < dictionary.size; code++) {
    if (code % CODES_A_LOOK === 0) check();
    if (isWanted(strings, code)) lut[code] = 1;
  }
  return lut;
}
