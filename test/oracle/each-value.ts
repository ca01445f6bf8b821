import type { DuckDBConnection } from '@duckdb/node-api';

/** Calls `take` with every value of the first column of a result, without making rows of them. */
export async function eachValue(
  connection: DuckDBConnection,
  sql: string,
  take: (value: unknown, at: number) => void,
): Promise<void> {
  const result = await connection.stream(sql);
  let at = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    const vector = chunk.getColumnVector(0);
    for (let i = 0; i < vector.itemCount; i++) take(vector.getItem(i), at++);
  }
}
