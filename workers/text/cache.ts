import type { DictionaryView, TableView } from '../columns.js';
import { dictionaryStrings, type Strings } from '../select/strings.js';
import { foldStrings } from './fold.js';
import { ranksOf } from './rank.js';

/** What one thread keeps of dictionaries: a folded copy of 1 M strings of 30 bytes takes 34 MB, its ranks 4 MB. */
const MAX_BYTES = 128 * 2 ** 20;
/** Small ones are soon made again; every refresh brings some with ids of their own, and what is kept of one takes half a kilobyte. */
const MOST_KEPT = 256;

interface Entry {
  value: Strings | Uint32Array<ArrayBuffer>;
  bytes: number;
}

// Least recently used first. Only dictionaries with an id are kept: memory is reused, an id is not.
const entries = new Map<string, Entry>();
let total = 0;

/** The folded strings of a dictionary, by code; made once a thread. Not to be written. */
export function foldedDictionary(table: TableView, dictionary: DictionaryView): Strings {
  return keep(`fold ${dictionary.id}`, dictionary, () => {
    const folded = foldStrings(dictionaryStrings(table, dictionary), 0, dictionary.size);
    return { value: folded, bytes: folded.bytes.buffer.byteLength + folded.offsets.byteLength };
  }) as Strings;
}

/**
 * The place of each code of a dictionary in the order of UTF-8 bytes; made once a thread. Not to be written. Where `check`
 * throws nothing is kept.
 */
export function dictionaryRanks(
  table: TableView,
  dictionary: DictionaryView,
  check?: () => void,
): Uint32Array<ArrayBuffer> {
  return keep(`rank ${dictionary.id}`, dictionary, () => {
    const ranks = ranksOf(dictionaryStrings(table, dictionary), check);
    return { value: ranks, bytes: ranks.byteLength };
  }) as Uint32Array<ArrayBuffer>;
}

function keep(key: string, { id }: DictionaryView, make: () => Entry): Entry['value'] {
  const known = entries.get(key);
  if (known !== undefined && id !== undefined) {
    entries.delete(key);
    entries.set(key, known);
    return known.value;
  }
  const made = make();
  if (id === undefined || made.bytes > MAX_BYTES) return made.value;
  entries.set(key, made);
  total += made.bytes;
  for (const [oldest, { bytes }] of entries) {
    if (total <= MAX_BYTES && entries.size <= MOST_KEPT) break;
    entries.delete(oldest);
    total -= bytes;
  }
  return made.value;
}
