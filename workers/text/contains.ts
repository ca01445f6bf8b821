import type { DictionaryView, TableView } from '../columns.js';
import { dictionaryStrings, type Strings } from '../select/strings.js';
import { foldedDictionary } from './cache.js';
import { foldBytes, foldStrings } from './fold.js';
import { markContaining } from './search.js';

/** A text that is looked for; regardless of case by Unicode simple case folding. */
export interface TextSearch {
  text: string;
  caseSensitive: boolean;
}

/** Strings between two looks at the cancel word: some 2 ms of searching. */
const STRINGS_A_LOOK = 131_072;

/** One byte a code of the dictionary: 1 where the string contains the text. */
export function codesContaining(
  table: TableView,
  dictionary: DictionaryView,
  search: TextSearch,
  check: () => void,
): Uint8Array<ArrayBuffer> {
  const strings = search.caseSensitive
    ? dictionaryStrings(table, dictionary)
    : foldedDictionary(table, dictionary);
  const needle = needleOf(search);
  const out = new Uint8Array(dictionary.size);
  for (let from = 0; from < dictionary.size; from += STRINGS_A_LOOK) {
    check();
    const to = Math.min(dictionary.size, from + STRINGS_A_LOOK);
    markContaining(strings, from, to, needle, out.subarray(from, to));
  }
  return out;
}

/** Sets out[i - from] to 1 where string `i` contains the text, else to 0. */
export function searchStrings(
  strings: Strings,
  from: number,
  to: number,
  search: TextSearch,
  out: Uint8Array,
): void {
  const needle = needleOf(search);
  if (search.caseSensitive) markContaining(strings, from, to, needle, out);
  else markContaining(foldStrings(strings, from, to), 0, to - from, needle, out);
}

function needleOf({ text, caseSensitive }: TextSearch): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  return caseSensitive ? bytes : foldBytes(bytes);
}
