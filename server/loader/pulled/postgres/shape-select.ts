import type { FieldDef } from 'pg';
import { HalftoneError } from '../../../errors.js';
import { quoteText } from '../../database.js';
import { uniqueNames } from '../../names.js';
import { checkHidden, isHidden } from '../../shape/hidden.js';
import { checkSaid, type Shape } from '../../shape/shape-query.js';

/** Types in PostgreSQL's words, where they are not DuckDB's. */
const TYPES: Readonly<Record<string, string>> = {
  VARCHAR: 'text',
  TINYINT: 'smallint',
  UTINYINT: 'smallint',
  USMALLINT: 'integer',
  UINTEGER: 'bigint',
  UBIGINT: 'numeric(20,0)',
  HUGEINT: 'numeric(38,0)',
  FLOAT: 'real',
  DOUBLE: 'double precision',
  TIMESTAMP_NS: 'timestamp',
};
const TIMESTAMP = 1114;

/** A SELECT that gives the columns of a dataset, and their names. */
export interface ShapedSelect {
  sql: string;
  names: string[];
  /** False where the query is as it was, and so are its fields. */
  isChanged: boolean;
}

/**
 * Leaves hidden columns out, gives said types, and makes instants of times that were written in a zone; the database does all
 * of it, so that what is hidden never leaves it.
 */
export function shapeSelect(
  query: string,
  fields: readonly FieldDef[],
  shape: Shape,
): ShapedSelect {
  const { types = {}, timeZone } = shape;
  const names = uniqueNames(fields.map(({ name }) => name));
  checkHidden(shape, names);
  checkSaid(shape, names);
  const made = fields.flatMap(({ dataTypeID }, i) => {
    const name = names[i]!;
    if (isHidden(shape, name)) return [];
    const said = types[name];
    const cast = said === undefined ? `c${i}` : `CAST(c${i} AS ${TYPES[said] ?? said})`;
    const isNaive =
      said === undefined ? dataTypeID === TIMESTAMP : /^TIMESTAMP(?:_NS)?$/u.test(said);
    const isMoved = timeZone !== undefined && isNaive;
    return [{ name, value: isMoved ? `${cast} AT TIME ZONE ${quoteText(timeZone)}` : cast }];
  });
  if (made.length === 0) {
    throw new HalftoneError('SOURCE_INVALID', `"${shape.name}" hides all of its columns.`);
  }
  const isChanged = made.length < fields.length || made.some(({ value }) => !/^c\d+$/u.test(value));
  if (!isChanged) return { sql: query, names, isChanged };
  const given = fields.map((_, i) => `c${i}`).join(', ');
  const selected = made.map(({ value }, i) => `${value} AS c${i}`).join(', ');
  return {
    sql: `SELECT ${selected} FROM (${query}\n) AS shaped(${given})`,
    names: made.map(({ name }) => name),
    isChanged,
  };
}
