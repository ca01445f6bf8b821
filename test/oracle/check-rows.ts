import type { Checked } from './checks.js';
import { mustList } from './must.js';
import { storedOf, valuesOf } from './read-frame.js';

/** The page is the one that DuckDB sorts to, nulls last and ties by row. */
export async function checkRows({ table, query, where, frame }: Checked): Promise<void> {
  const order = (query.sort ?? []).map(({ column, order = 'asc' }) => {
    const { kind } = table.columns.get(column)!;
    return `${kind === 'text' ? `"${column}"::VARCHAR` : `"${column}"`} ${order} NULLS LAST`;
  });
  const page = await table.all(
    `SELECT i FROM t WHERE ${where} ORDER BY ${[...order, 'i'].join(', ')} LIMIT ${query.limit} OFFSET ${query.offset}`,
  );
  const rows = page.map((row) => Number(row['i']));
  mustList(storedOf(frame, 'row') as Uint32Array, rows, 'row');
  mustList(frame.table.names, [...query.columns!, 'row'], 'the columns');
  for (const name of query.columns!) {
    const { kind, doubles, ticks, valid } = table.columns.get(name)!;
    if (kind === 'number') {
      const shown = valuesOf<unknown>(frame, name).map((value) =>
        value === null ? NaN : Number(value),
      );
      mustList(
        shown,
        rows.map((row) => doubles[row]!),
        name,
      );
    }
    if (kind !== 'time') continue;
    const filled = rows.flatMap((row, at) => (valid[row] === 1 ? [at] : []));
    const stored = storedOf(frame, name);
    mustList(
      filled.map((at) => BigInt(stored[at]!)),
      filled.map((at) => ticks[rows[at]!]!),
      name,
    );
  }
}
