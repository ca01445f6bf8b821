import type { SampleRecord } from './detect-dialect.js';
import { NULL_WORDS, guessType } from './cell-type.js';

/** Where the table begins: lines before it that belong to no table, and whether its first record is a header. */
export interface FoundHeader {
  /** Records before the table: comments, titles. */
  preamble: number;
  header: boolean;
}

/** Finds the first record of the table, and whether it names the columns. `said` is the person's word on the header. */
export function detectHeader(
  records: readonly SampleRecord[],
  width: number,
  said: boolean | undefined,
): FoundHeader {
  const preamble = countPreamble(records, width);
  return { preamble, header: said ?? isHeader(records.slice(preamble)) };
}

/** Titles and comments have fewer fields than the table under them, and most of the records do not. */
function countPreamble(records: readonly SampleRecord[], width: number): number {
  if (width === 1) return 0;
  const first = records.findIndex(({ fields }) => fields.length === width);
  if (first <= 0) return 0;
  // A header may be one off: without a name for the row numbers, or with a delimiter at its end.
  const header = records[first - 1]!.fields;
  const offByOne = Math.abs(header.length - width) === 1 && header.length > 1;
  return offByOne && !isHeader(records.slice(first)) ? first - 1 : first;
}

/** A header is a record of texts, at least one of which stands over values of another type; without such, texts are enough. */
function isHeader(records: readonly SampleRecord[]): boolean {
  const [first, ...rest] = records;
  if (first === undefined) return false;
  const names = first.fields.map((field) => field.trim());
  if (names.every((name) => name === '')) return false;
  let evidence = 0;
  const valued: string[] = [];
  for (const [i, name] of names.entries()) {
    if (name === '' || NULL_WORDS.includes(name)) continue;
    const own = guessType([name], '.').type !== 'VARCHAR' || /^[+-]?\d+,\d+$/.test(name);
    if (own) valued.push(name);
    const below = rest.slice(0, 200).map(({ fields }) => fields[i]?.trim() ?? '');
    const values = below.filter((value) => value !== '');
    if (values.length === 0) continue;
    const dot = guessType(values, '.').type;
    const type = dot === 'VARCHAR' ? guessType(values, ',').type : dot;
    if (type !== 'VARCHAR') evidence += own ? -1 : 1;
  }
  if (valued.length === 0) return true;
  // Years over the columns of a wide table: 1960, 1961, 1962.
  const years = valued.map(Number);
  const ascending =
    years.length > 1 && years.every((year, i) => i === 0 || year === years[i - 1]! + 1);
  return evidence > 0 || (ascending && years[0]! >= 1000 && years[0]! <= 9999);
}
