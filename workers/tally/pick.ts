import type { JsonValue } from '../../protocol/column.js';
import type { ColumnView, TableView } from '../columns.js';
import type { SlotKeys } from '../scan/slots.js';
import { columnOf } from '../scan/values.js';
import { codesContaining, searchStrings } from '../text/contains.js';
import { Best } from './best.js';
import { tallyValues, type TallyValues } from './key.js';
import type { Tally } from './tally.js';

/** Values between two looks at the cancel word. */
const VALUES_A_LOOK = 16_384;

/** What is wanted of a tally. */
export interface PickTask {
  table: TableView;
  column: number;
  tally: Tally;
  /** Most values wanted. */
  limit: number;
  /** Keeps the values whose text, or printed form, contains it, without regard to case. */
  search?: string;
  /** Whether null counts as a value here. */
  withNull: boolean;
}

export interface Picked {
  /** Most frequent first, ties by value, null last of its count. */
  values: { value: JsonValue; count: number }[];
  /** Distinct values that contain the search, and all that occur. */
  matching: number;
  total: number;
  /** The picked values that are not null, as a scan knows them, in the same order. */
  keys: SlotKeys;
}

/** The most frequent values of a tally. */
export function pick(
  { table, column, tally, limit, search, withNull }: PickTask,
  check: () => void,
): Picked {
  const view = columnOf(table, column);
  const values = tallyValues(table, view, tally);
  const { counts, nulls } = tally;
  const found =
    search === undefined ? null : searchTally(table, view, tally, values, search, check);
  const before = (i: number, k: number): boolean =>
    counts[i] !== counts[k] ? counts[i]! > counts[k]! : values.compare(i, k) < 0;
  const best = new Best(limit, before);
  let total = 0;
  let matching = 0;
  for (let i = 0; i < counts.length; i++) {
    if (i % VALUES_A_LOOK === 0) check();
    if (counts[i] === 0) continue;
    total++;
    if (found !== null && found[i] === 0) continue;
    matching++;
    best.offer(i);
  }
  const chosen = best.sorted();
  const list = chosen.map((i) => ({ value: values.json(i), count: counts[i]! }));
  if (withNull && nulls > 0) {
    total++;
    if (search === undefined) {
      matching++;
      const at = list.findIndex(({ count }) => count < nulls);
      list.splice(at < 0 ? list.length : at, 0, { value: null, count: nulls });
      list.length = Math.min(limit, list.length);
    }
  }
  return { values: list, matching, total, keys: keysOf(tally, values, chosen) };
}

// One byte a value: 1 where its text, or its printed form, contains the search.
function searchTally(
  table: TableView,
  { dictionary }: ColumnView,
  { keys, counts }: Tally,
  values: TallyValues,
  text: string,
  check: () => void,
): Uint8Array {
  const search = { text, caseSensitive: false };
  if (keys.form === 'codes' && dictionary !== undefined) {
    return codesContaining(table, dictionary, search, check);
  }
  const found = new Uint8Array(counts.length);
  if (values.strings !== undefined) {
    for (let from = 0; from < counts.length; from += VALUES_A_LOOK) {
      check();
      const to = Math.min(counts.length, from + VALUES_A_LOOK);
      searchStrings(values.strings, from, to, search, found.subarray(from, to));
    }
    return found;
  }
  const wanted = text.toLowerCase();
  for (let i = 0; i < counts.length; i++) {
    if (i % VALUES_A_LOOK === 0) check();
    if (counts[i]! > 0 && String(values.json(i)).toLowerCase().includes(wanted)) found[i] = 1;
  }
  return found;
}

function keysOf(
  { keys, counts }: Tally,
  { stored, strings }: TallyValues,
  chosen: number[],
): SlotKeys {
  if (keys.form === 'codes')
    return { form: 'codes', codes: Uint32Array.from(chosen), size: counts.length };
  if (keys.form === 'bytes') {
    const { offsets, bytes } = strings!;
    return { form: 'bytes', values: chosen.map((i) => bytes.slice(offsets[i], offsets[i + 1])) };
  }
  if (keys.form === 'f64')
    return { form: 'value', values: Float64Array.from(chosen, (i) => Number(stored!(i))) };
  if (keys.form === 'small')
    return { form: 'raw', values: Float64Array.from(chosen, (i) => Number(stored!(i))) };
  return { form: keys.form, values: chosen.map((i) => BigInt(stored!(i))) };
}
