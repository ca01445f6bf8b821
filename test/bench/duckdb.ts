import { DuckDBInstance } from '@duckdb/node-api';

/** Runs a statement and gives its rows as JSON values: numbers beyond 2^53 are strings. */
export type Sql = (text: string) => Promise<unknown[][]>;

/** Opens a database, `:memory:` or a file, for as long as `use` runs. */
export async function withDuckDb<T>(path: string, use: (sql: Sql) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    return await use(async (text) => (await connection.runAndReadAll(text)).getRowsJson());
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
