import type { Finding } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import { nearest } from '../../nearest.js';
import { quoteText, type Database } from '../database.js';
import type { PullColumn } from '../pull.js';
import type { DatasetSource } from '../source.js';
import { checkHidden, isHidden } from './hidden.js';

/** What is asked of the columns of a source. */
export type Shape = Pick<DatasetSource, 'name' | 'types' | 'timeZone' | 'hide' | 'strict'>;

/** A query that gives the columns of the dataset, out of one that gives those of its source. */
export interface ShapedQuery {
  sql: string;
  columns: PullColumn[];
  /** Values that are not of the type that was said, and become null. */
  nulled: number;
  warnings: Finding[];
}

/** Types whose values are times without an offset. `timezone()` would cut nanoseconds off. */
const NAIVE = ['TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS'];

/**
 * Leaves hidden columns out, gives said types, and makes instants of times that were written in a zone. `sql` gives `columns`, by position; where
 * nothing is asked it is given back as it is.
 */
export async function shapeQuery(
  database: Pick<Database, 'rows'>,
  source: Shape,
  sql: string,
  columns: readonly PullColumn[],
): Promise<ShapedQuery> {
  const { types = {}, timeZone } = source;
  const warnings: Finding[] = [];
  const names = columns.map(({ name }) => name);
  checkHidden(source, names);
  checkSaid(source, names);
  let isSame = true;
  const casts: { name: string; type: string; from: string; to: string }[] = [];
  const made: { column: PullColumn; value: string }[] = [];
  for (const [i, column] of columns.entries()) {
    const { name } = column;
    if (isHidden(source, name)) {
      isSame = false;
      continue;
    }
    const from = `c${i}`;
    let value = from;
    let shaped = column;
    const said = Object.hasOwn(types, name) ? types[name] : undefined;
    if (said !== undefined && said !== column.type) {
      value = `TRY_CAST(${from} AS ${said})`;
      shaped = { name, type: said };
      casts.push({ name, type: said, from, to: value });
      isSame = false;
    }
    if (timeZone !== undefined && NAIVE.includes(shaped.type)) {
      value = `timezone(${quoteText(timeZone)}, CAST(${value} AS TIMESTAMP))`;
      shaped = { name, type: 'TIMESTAMP WITH TIME ZONE' };
      isSame = false;
    } else if (timeZone !== undefined && shaped.type === 'TIMESTAMP_NS') {
      warnings.push({
        code: 'TIME_ZONE',
        message: `column "${name}" has nanoseconds: its times stay without a zone.`,
        column: name,
      });
    }
    made.push({ column: shaped, value });
  }
  if (made.length === 0) {
    throw new HalftoneError('SOURCE_INVALID', `"${source.name}" hides all of its columns.`);
  }
  if (isSame) return { sql, columns: [...columns], nulled: 0, warnings };
  // The line break ends a comment at the end of `sql`.
  const from = `FROM (${sql}\n) AS shaped(${columns.map((_, i) => `c${i}`).join(', ')})`;
  const lost = await countLost(database, casts, from);
  const nulled = lost.reduce((sum, { rows }) => sum + rows, 0);
  warnings.push(...lost.flatMap(toWarning));
  if (source.strict && nulled > 0) {
    const { message, column } = warnings.find(({ code }) => code === 'CAST_VALUE')!;
    throw new HalftoneError('CSV_STRICT', `"${source.name}": ${message}`, { column });
  }
  return {
    sql: `SELECT ${made.map(({ value }) => value).join(', ')} ${from}`,
    columns: made.map(({ column }) => column),
    nulled,
    warnings,
  };
}

/** Refuses to give a type to a column that the source does not have. */
export function checkSaid({ name, types = {} }: Shape, columns: readonly string[]): void {
  const missing = Object.keys(types).find((column) => !columns.includes(column));
  if (missing === undefined) return;
  const near = nearest(missing, columns);
  throw new HalftoneError(
    'SOURCE_INVALID',
    `"${name}" has no column "${missing}" to give a type.`,
    { column: missing, hint: near === undefined ? undefined : `Did you mean "${near}"?` },
  );
}

interface Lost {
  name: string;
  type: string;
  rows: number;
}

/** Counts the values that a cast makes null, in one pass over those columns. */
async function countLost(
  { rows }: Pick<Database, 'rows'>,
  casts: readonly { name: string; type: string; from: string; to: string }[],
  from: string,
): Promise<Lost[]> {
  const risky = casts.filter(({ type }) => type !== 'VARCHAR');
  if (risky.length === 0) return [];
  const counts = risky.map(
    ({ from: value, to }, i) => `count(*) FILTER (${value} IS NOT NULL AND ${to} IS NULL) AS n${i}`,
  );
  const [counted] = await rows(`SELECT ${counts.join(', ')} ${from}`);
  return risky.map(({ name, type }, i) => ({ name, type, rows: Number(counted![`n${i}`]) }));
}

function toWarning({ name, type, rows }: Lost): Finding[] {
  if (rows === 0) return [];
  const what = rows === 1 ? 'one value is' : `${rows} values are`;
  const message = `column "${name}": ${what} not ${type} and became null.`;
  return [{ code: 'CAST_VALUE', message, column: name }];
}
