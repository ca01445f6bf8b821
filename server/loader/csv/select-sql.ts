import { quoteText } from '../database.js';
import type { CsvDialect, Newline } from './dialect.js';
import { meantText, valueOf } from './column-sql.js';
import type { UnitedTable } from './unite-columns.js';

/** Bytes that DuckDB is to read as rows: the file itself from its first record on, or a normalised copy. */
export interface ReadableCsv {
  path: string;
  dialect: CsvDialect;
  /** Lines in front of the first record. */
  skip: number;
  width: number;
  /** Bytes of the longest record, where it is longer than DuckDB expects; else 0. */
  longest: number;
}

/** DuckDB refuses longer lines unless it is told. */
const USUAL_LINE_BYTES = 2_000_000;

/**
 * DuckDB 1.5 takes the first newline of a file for that of all lines, a quoted one too, and refuses the file where they
 * differ; but it reads CRLF wrong where it is told of it. So files whose lines end with CRLF must begin with a line
 * that does: `newlineOf` sees to that, and `normaliseCsv`.
 */
const NEW_LINE: Readonly<Record<Newline, readonly string[]>> = {
  lf: ["new_line = '\\n'"],
  cr: ["new_line = '\\r'"],
  crlf: [],
};

/**
 * `read_csv` with nothing left to guess. An empty field is null, a quoted empty field is the empty string.
 * `types` gives types other than text by field; columns are called `c0`, `c1` …
 */
export function readCsv(
  { path, dialect, skip, width, longest }: ReadableCsv,
  types: ReadonlyMap<number, string>,
): string {
  const columns = Array.from(
    { length: width },
    (_, i) => `'c${i}': '${types.get(i) ?? 'VARCHAR'}'`,
  );
  const { delimiter, quote, escape, newline } = dialect;
  const long = Math.max(longest, 0);
  const options = [
    quoteText(path),
    'auto_detect = false',
    'header = false',
    `skip = ${skip}`,
    `columns = {${columns.join(', ')}}`,
    `delim = ${quoteText(delimiter)}`,
    `quote = ${quoteText(quote)}`,
    `escape = ${quoteText(escape)}`,
    "nullstr = ''",
    'allow_quoted_nulls = false',
    'strict_mode = true',
    ...NEW_LINE[newline],
    ...(long < USUAL_LINE_BYTES
      ? []
      : [`max_line_size = ${long + 1}`, `buffer_size = ${long * 4}`]),
  ];
  return `read_csv(${options.join(', ')})`;
}

/** The fast way: DuckDB reads every type itself, and refuses what does not fit. */
export function fastSql(table: UnitedTable, readable: readonly ReadableCsv[]): string {
  return unionOf(table, readable, (i) => {
    const types = new Map<number, string>();
    for (const { type, fields } of table.columns) {
      const field = fields[i];
      if (field) types.set(field.position, type);
    }
    return {
      from: readCsv(readable[i]!, types),
      value: (position) => `c${position}`,
    };
  });
}

/** The careful way: every field is read as text, and becomes null where it is not of its column's type. */
export function carefulSql(table: UnitedTable, readable: readonly ReadableCsv[]): string {
  return unionOf(table, readable, (i) => ({
    from: readCsv(readable[i]!, new Map()),
    value(position, column) {
      const { rule } = table.columns[column]!.fields[i]!;
      const { type } = table.columns[column]!;
      return valueOf(rule, type, meantText(rule, type, `c${position}`));
    },
  }));
}

interface PartSql {
  from: string;
  value: (position: number, column: number) => string;
}

function unionOf(
  { columns, fileColumns }: UnitedTable,
  readable: readonly ReadableCsv[],
  partSql: (part: number) => PartSql,
): string {
  const selects = readable.map((_, i) => {
    const { from, value } = partSql(i);
    const values = columns.map(({ type, fields }, column) => {
      const field = fields[i];
      return field ? value(field.position, column) : `CAST(NULL AS ${type})`;
    });
    for (const { type, values: each } of fileColumns) {
      const text = each[i]!;
      values.push(text === null ? `CAST(NULL AS ${type})` : `CAST(${quoteText(text)} AS ${type})`);
    }
    return `SELECT ${values.map((expression, k) => `${expression} AS v${k}`).join(', ')} FROM ${from}`;
  });
  return selects.join(' UNION ALL ');
}
