import type { Finding } from '../../../protocol/dataset.js';
import { quoteText } from '../database.js';
import { NULL_WORDS, type ColumnRule } from './cell-type.js';
import { WIDER_TYPES, meantText, typeInWords, valueOf } from './column-sql.js';
import { readCsv, type ReadableCsv } from './select-sql.js';
import type { UnitedColumn, UnitedTable } from './unite-columns.js';
import { shortened } from '../shortened.js';

/** Runs a statement with a small result. */
export type RunRows = (sql: string) => Promise<Record<string, unknown>[]>;

/** Where a row stands in its file. */
export type LineOfRow = (part: number, row: number) => number;

export interface Judgement {
  /** Values that do not fit their column and become null. */
  nulled: number;
  /** Of those, values that are no word for null. */
  misfits: number;
  warnings: Finding[];
  findings: Finding[];
}

/** A column becomes text where more than one in so many values do not fit. */
const MISFITS_FORGIVEN = 1000;

const NULL_LIST = NULL_WORDS.map(quoteText).join(', ');
const WORD_OF_NULL = (text: string): string => `${text} IN (${NULL_LIST})`;
const PADDED = (text: string): string => `regexp_full_match(${text}, '[+-]?0[0-9]+')`;

/**
 * Holds every value of the files against its column's type, and settles the types: a wider one that holds more of
 * them, text where too few fit. `table` is changed. What then still does not fit is counted, and the first are listed.
 */
export async function judgeColumns(
  table: UnitedTable,
  readable: readonly ReadableCsv[],
  files: readonly string[],
  rows: RunRows,
  lineOf: LineOfRow,
  mostFindings: number,
): Promise<Judgement> {
  const judgement: Judgement = { nulled: 0, misfits: 0, warnings: [], findings: [] };
  const typed = table.columns.filter(({ type }) => type !== 'VARCHAR');
  if (typed.length === 0) return judgement;
  const unfit = await findUnfit(typed, readable, rows);
  if (unfit.length === 0) return judgement;
  const counts = await countFits(unfit, readable, rows);
  for (const [k, column] of unfit.entries()) {
    const count = counts[k]!;
    const settled = settle(column, count);
    if (settled.type !== column.type) {
      judgement.warnings.push(typeWarning(column, settled, count));
      setType(column, settled.type);
    }
    if (settled.type === 'VARCHAR') continue;
    const misfits = count.values - settled.fits;
    judgement.nulled += misfits + count.words;
    judgement.misfits += misfits;
    if (count.words > 0) judgement.warnings.push(wordsWarning(column, count));
  }
  await listMisfits(unfit, { readable, files, rows, lineOf, mostFindings }, judgement);
  return judgement;
}

interface FitCount {
  /** Values that are neither empty nor a word for null. */
  values: number;
  words: number;
  word: string;
  /** Whole numbers with leading zeros. */
  padded: number;
  /** By type: the column's own and the wider ones. */
  fits: Map<string, number>;
}

const candidatesOf = ({ type, said }: UnitedColumn): string[] =>
  said ? [type] : [type, ...(WIDER_TYPES[type] ?? [])];

const isWhole = ({ type, said }: UnitedColumn): boolean => !said && /^(?:BIG|HUGE)INT$/.test(type);

/** The columns that hold a value which is not of their type: one cheap look at everything. */
async function findUnfit(
  typed: readonly UnitedColumn[],
  readable: readonly ReadableCsv[],
  rows: RunRows,
): Promise<UnitedColumn[]> {
  const unfit = new Set<UnitedColumn>();
  for (const [i, each] of readable.entries()) {
    const present = typed.filter(({ fields }) => fields[i] !== undefined);
    if (present.length === 0) continue;
    const selected = present.map(({ type, fields }, k) => {
      const { rule, position } = fields[i]!;
      const text = meantText(rule, type, `c${position}`);
      return `count(${text}) = count(${valueOf(rule, type, text)}) AS fits${k}`;
    });
    const [row] = await rows(`SELECT ${selected.join(', ')} FROM ${readCsv(each, new Map())}`);
    for (const [k, column] of present.entries()) if (row![`fits${k}`] !== true) unfit.add(column);
  }
  return typed.filter((column) => unfit.has(column));
}

/** What is known of the values of such columns, and of what wider types would make of them. */
async function countFits(
  typed: readonly UnitedColumn[],
  readable: readonly ReadableCsv[],
  rows: RunRows,
): Promise<FitCount[]> {
  const counts = typed.map((column): FitCount => ({
    values: 0,
    words: 0,
    word: '',
    padded: 0,
    fits: new Map(candidatesOf(column).map((type) => [type, 0])),
  }));
  for (const [i, each] of readable.entries()) {
    const selected: string[] = [];
    for (const [k, column] of typed.entries()) {
      const field = column.fields[i];
      if (!field) continue;
      const text = meantText(field.rule, column.type, `c${field.position}`);
      const word = WORD_OF_NULL(text);
      selected.push(
        `count(${text}) AS n${k}`,
        `count(*) FILTER (${word}) AS w${k}`,
        `any_value(${text}) FILTER (${word}) AS e${k}`,
      );
      if (isWhole(column)) selected.push(`count(*) FILTER (${PADDED(text)}) AS p${k}`);
      for (const [t, type] of candidatesOf(column).entries()) {
        selected.push(`count(${fitting(field.rule, type, text)}) AS f${k}_${t}`);
      }
    }
    if (selected.length === 0) continue;
    const [row] = await rows(`SELECT ${selected.join(', ')} FROM ${readCsv(each, new Map())}`);
    for (const [k, column] of typed.entries()) {
      if (!column.fields[i]) continue;
      const count = counts[k]!;
      count.values += Number(row![`n${k}`]) - Number(row![`w${k}`]);
      count.words += Number(row![`w${k}`]);
      if (typeof row![`e${k}`] === 'string') count.word = row![`e${k}`] as string;
      count.padded += Number(row![`p${k}`] ?? 0);
      for (const [t, type] of candidatesOf(column).entries()) {
        count.fits.set(type, count.fits.get(type)! + Number(row![`f${k}_${t}`]));
      }
    }
  }
  return counts;
}

/** Words for null are no values, even where a type would take them. */
const fitting = (rule: ColumnRule, type: string, text: string): string =>
  `CASE WHEN NOT (${WORD_OF_NULL(text)}) THEN ${valueOf(rule, type, text)} END`;

function settle(
  column: UnitedColumn,
  { values, padded, fits }: FitCount,
): { type: string; fits: number } {
  if (isWhole(column) && padded > 0) return { type: 'VARCHAR', fits: values };
  let best = { type: column.type, fits: fits.get(column.type)! };
  for (const [type, count] of fits) if (count > best.fits) best = { type, fits: count };
  const misfits = values - best.fits;
  if (!column.said && misfits * MISFITS_FORGIVEN > values) return { type: 'VARCHAR', fits: values };
  return best;
}

function setType(column: UnitedColumn, type: string): void {
  column.type = type;
  for (const field of column.fields) {
    if (!field) continue;
    const { format: _, thousands: __, ...rest } = field.rule;
    field.rule =
      type === 'VARCHAR'
        ? { ...rest, type, decimal: '.', nulls: rest.saidNulls }
        : { ...field.rule, type };
  }
}

function typeWarning(
  { name, type }: UnitedColumn,
  settled: { type: string },
  { values, padded, fits }: FitCount,
): Finding {
  const misfits = (values - fits.get(type)!).toLocaleString('en');
  const of = values.toLocaleString('en');
  const why =
    padded > 0 && settled.type === 'VARCHAR'
      ? 'numbers in it have leading zeros'
      : `${misfits} of ${of} values are not ${typeInWords(type)}`;
  const as = settled.type === 'VARCHAR' ? 'text' : settled.type;
  return { code: 'CSV_TYPE', message: `Column "${name}" is read as ${as}: ${why}.`, column: name };
}

function wordsWarning({ name }: UnitedColumn, { words, word }: FitCount): Finding {
  const count = `${words.toLocaleString('en')} ${words === 1 ? 'value' : 'values'}`;
  const message = `Column "${name}": ${count} such as "${word}" stand for null.`;
  return { code: 'CSV_NULL_WORD', message, column: name, value: word };
}

interface ListOptions {
  readable: readonly ReadableCsv[];
  files: readonly string[];
  rows: RunRows;
  lineOf: LineOfRow;
  mostFindings: number;
}

/** Lists the first values that became null: those that fit nothing in front of the words for null. */
async function listMisfits(
  typed: readonly UnitedColumn[],
  { readable, files, rows, lineOf, mostFindings }: ListOptions,
  judgement: Judgement,
): Promise<void> {
  for (const [i, each] of readable.entries()) {
    const room = mostFindings - judgement.findings.length;
    if (judgement.nulled === 0 || room <= 0) return;
    const bad: string[] = [];
    const positions: string[] = [];
    for (const [k, { type, fields }] of typed.entries()) {
      const field = fields[i];
      if (!field || type === 'VARCHAR') continue;
      const text = meantText(field.rule, type, `c${field.position}`);
      const misfit = `${text} IS NOT NULL AND (${valueOf(field.rule, type, text)}) IS NULL`;
      bad.push(
        `CASE WHEN ${misfit} THEN {'k': ${k}, 'word': ${WORD_OF_NULL(text)}, 'v': ${text}} END`,
      );
      positions.push(`c${field.position}`);
    }
    if (bad.length === 0) continue;
    const numbered = `SELECT row_number() OVER () - 1 AS r, ${positions.join(', ')} FROM ${readCsv(each, new Map())}`;
    const found = await rows(
      `SELECT r, b.k AS k, b.word AS word, b.v AS v FROM (
         SELECT r, unnest([${bad.join(', ')}]) AS b FROM (${numbered})
       ) WHERE b IS NOT NULL ORDER BY word, r, k LIMIT ${room}`,
    );
    for (const { r, k, word, v } of found) {
      const column = typed[Number(k)]!;
      const line = lineOf(i, Number(r));
      const value = String(v);
      const why =
        word === true ? 'stands for null' : `is not ${typeInWords(column.type)} and became null`;
      const message = `${files[i]}, line ${line}, column "${column.name}": "${shortened(value)}" ${why}.`;
      judgement.findings.push({
        code: word === true ? 'CSV_NULL_WORD' : 'CSV_VALUE',
        message,
        file: files[i]!,
        line,
        column: column.name,
        value: shortened(value),
      });
    }
  }
}
