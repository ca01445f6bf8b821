import type { Query } from '../../../protocol/query.js';
import type { ClaimedFrame } from './claimed-frame.js';
import type { Comparison } from './comparison.js';
import type { ProofTable } from './proof-table.js';
import type { SqlColumn } from './sql-column.js';

/** A frame that claims to answer a query, and the table that it is held against. */
export interface Claim {
  query: Query;
  frame: ClaimedFrame;
  table: ProofTable;
  /** The filters as SQL: true or false. */
  where: string;
  found: Comparison;
}

export function columnOf({ table }: Pick<Claim, 'table'>, name: string): SqlColumn {
  const column = table.columns.get(name);
  if (column === undefined)
    throw new Error(`The query needs a column "${name}" that was not read.`);
  return column;
}

/** The one column of an encoding. */
export function encoded(claim: Claim, encoding: Query['x'] | Query['y']): SqlColumn {
  if (encoding === undefined || Array.isArray(encoding)) throw new Error('One column is wanted.');
  return columnOf(claim, typeof encoding === 'string' ? encoding : encoding.column);
}

/** A SELECT of one row of numbers. */
export async function oneRow({ table }: Pick<Claim, 'table'>, sql: string): Promise<unknown[]> {
  return (await table.ask(sql)).map(([value]) => value);
}
