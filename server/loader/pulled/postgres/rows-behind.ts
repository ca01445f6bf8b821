import type { Client } from 'pg';
import { HalftoneError } from '../../../errors.js';
import { nearest } from '../../../nearest.js';
import { NotAnAppend } from '../../append/not-an-append.js';
import { quoteText } from '../../database.js';

/** The rows that a load is to read. */
export interface RowsBehind {
  query: string;
  /** The greatest value of the key after this load, as the database writes it; null where there is none. */
  last: string | null;
}

export interface KeyedQuery {
  query: string;
  /** The column whose values only rise with new rows. */
  key: string;
  /** The names that the query gives. */
  names: readonly string[];
  /** The dataset, for sentences. */
  dataset: string;
}

/** What is known of the rows before: their number, and the greatest value of the key among them. */
export interface RowsBefore {
  rows: number;
  last: string | null;
}

/**
 * Narrows a query to the rows behind those that were read before, within the transaction that will read them. Throws
 * NotAnAppend where the database has not as many rows up to there as were read: some are gone, or came late with a
 * smaller key, as a transaction that was open meanwhile may bring them.
 */
export async function rowsBehind(
  client: Pick<Client, 'query'>,
  { query, key, names, dataset }: KeyedQuery,
  before: RowsBefore | undefined,
): Promise<RowsBehind> {
  if (!names.includes(key)) throw noSuchKey(key, names, dataset);
  const column = `"${key.replaceAll('"', '""')}"`;
  const source = `FROM (${query}\n) AS source`;
  if (before === undefined) {
    const { rows } = await client.query<{ last: string | null }>(
      `SELECT max(${column})::text AS last ${source}`,
    );
    return { query, last: rows[0]!.last };
  }
  if (before.last === null) throw new NotAnAppend(`"${key}" had no value yet.`);
  // A literal of no type takes that of the column.
  const isBehind = `${column} > ${quoteText(before.last)}`;
  const { rows } = await client.query<{ before: string; last: string | null }>(
    `SELECT count(*) FILTER (WHERE (${isBehind}) IS NOT TRUE)::text AS before, max(${column})::text AS last ${source}`,
  );
  const [found] = rows;
  if (found!.before !== String(before.rows)) {
    const there = `${found!.before} rows up to the last "${key}" that was read, ${before.last}`;
    throw new NotAnAppend(`there are ${there}, and there were ${before.rows}.`);
  }
  return { query: `SELECT * ${source} WHERE ${isBehind}`, last: found!.last };
}

function noSuchKey(key: string, names: readonly string[], dataset: string): HalftoneError {
  const near = nearest(key, names);
  return new HalftoneError('SOURCE_INVALID', `"${dataset}" has no column "${key}" to append by.`, {
    hint: near === undefined ? `There are ${names.join(', ')}.` : `Did you mean "${near}"?`,
  });
}
