import {
  DuckDBDateValue,
  DuckDBTimestampValue,
  type DuckDBPreparedStatement,
} from '@duckdb/node-api';
import type { Parameter, ParameterValue } from '../../../protocol/parameters.js';
import type { Database } from '../database.js';
import type { SqlSource } from '../source.js';

const TABLE = 'halftone_parameterised';

/**
 * The SELECT of a source. One with parameters is run into a table first, its values bound: they are never a part of the text; what is
 * given then selects from that.
 */
export async function withParameters(
  { sql }: Pick<Database, 'sql'>,
  { query, parameters, values = {} }: SqlSource,
): Promise<string> {
  if (parameters === undefined) return query;
  const prepared = await sql.prepare(`CREATE OR REPLACE TEMP TABLE ${TABLE} AS ${query}`);
  for (let i = 1; i <= prepared.parameterCount; i++) {
    const name = prepared.parameterName(i);
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined) throw new Error(`The parameter $${name} is not declared.`);
    bind(prepared, i, parameter, values[name] ?? parameter.default);
  }
  await prepared.run();
  return `SELECT * FROM ${TABLE}`;
}

function bind(
  prepared: DuckDBPreparedStatement,
  index: number,
  { type }: Parameter,
  value: ParameterValue,
): void {
  switch (type) {
    case 'text':
      return prepared.bindVarchar(index, String(value));
    case 'integer':
      return prepared.bindBigInt(index, BigInt(value as number));
    case 'number':
      return prepared.bindDouble(index, Number(value));
    case 'boolean':
      return prepared.bindBoolean(index, value === true);
    case 'date':
      return prepared.bindDate(
        index,
        new DuckDBDateValue(Date.parse(`${value}T00:00:00Z`) / 86_400_000),
      );
    case 'timestamp':
      return prepared.bindTimestamp(index, new DuckDBTimestampValue(microseconds(String(value))));
  }
}

/** Of a time without an offset, six digits of its second. */
function microseconds(text: string): bigint {
  const [, whole = text, fraction = ''] =
    /^([^.]*)(?:\.(\d+))?$/u.exec(text.replace(' ', 'T')) ?? [];
  return BigInt(Date.parse(`${whole}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
}
