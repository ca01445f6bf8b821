import { columnOf, type Claim } from '../claim.js';
import { plainSql } from '../sql-column.js';

/** The page of a table, cell by cell. */
export async function proveRows(claim: Claim): Promise<void> {
  const { query, frame, table, where, found } = claim;
  const names =
    query.columns === undefined ? [...table.columns.keys()] : [...new Set(query.columns)];
  const order = (query.sort ?? []).map(({ column: name, order: way = 'asc' }) => {
    const column = columnOf(claim, name);
    const { id, logical } = column;
    // All text is in the order of its UTF-8 bytes, and false before true.
    const by = logical.kind === 'text' ? `encode(${id})` : id;
    return `${by} ${way} NULLS LAST`;
  });
  const columns = names.map((name) => columnOf(claim, name));
  const { offset = 0, limit = 100 } = query;
  const [rows = [], ...values] = await table.ask(
    `SELECT ${['row::DOUBLE', ...columns.map(plainSql)].join(', ')} FROM t WHERE ${where} ORDER BY ${[...order, 'row'].join(', ')} LIMIT ${limit} OFFSET ${offset}`,
  );
  const [[matched] = []] = await table.ask(`SELECT count(*)::DOUBLE FROM t WHERE ${where}`);
  const told = frame.metadata.rows;
  found.same(told.total, table.rows, () => 'rows.total');
  found.same(told.matched, matched as number, () => 'rows.matched');
  found.same(told.drawn, rows.length, () => 'rows.drawn');
  found.same(told.outside, (matched as number) - rows.length, () => 'rows.outside');
  found.same(told.dropped, 0, () => 'rows.dropped');
  found.same(frame.rows, rows.length, () => 'rows of the page');
  const own = frame.numbers('row');
  for (let i = 0; i < Math.min(own.length, rows.length); i++) {
    found.same(own[i], rows[i] as number, () => `row ${i} of the page`);
  }
  for (const [k, { name }] of columns.entries()) {
    const ours = frame.plain(name);
    for (let i = 0; i < Math.min(ours.length, rows.length); i++) {
      const sql = values[k]![i] as string | number | null;
      found.same(ours[i], sql, () => `"${name}" of row ${String(rows[i])}`);
    }
  }
}
