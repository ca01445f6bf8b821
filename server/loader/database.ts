import { parse } from 'node:path';
import { DuckDBConnection } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

export interface DatabaseOptions {
  /** DuckDB's own limit; it binds most of its memory, the cage around the process binds all of it. */
  memoryBytes: number;
  threads: number;
  /** Where it may spill to. */
  tempDir: string;
  /** The only files it may open. */
  files: readonly string[];
  /** A DuckDB file that statements are about: attached to be read, before the lock. */
  attached?: string;
}

/** A plain value as DuckDB gives it in JSON. */
export type Cell = string | number | boolean | null;

/** An in-memory DuckDB that can read its inputs and nothing else. Lives in a loader child only. */
export interface Database {
  /** What DuckDB may take; whoever works beside it takes its measure from this. */
  readonly memoryBytes: number;
  /** For pulling chunks. */
  readonly raw: duckdb.Connection;
  /** For statements with small results. */
  readonly sql: DuckDBConnection;
  /** The rows of a small result of plain values; 64-bit integers come as strings. */
  rows: (sql: string) => Promise<Record<string, Cell>[]>;
  interrupt: () => void;
}

/** Settings in the order they have to be given: what opens a door comes before the lock. */
function settingsOf({ memoryBytes, threads, tempDir, files }: DatabaseOptions) {
  return [
    ['memory_limit', `'${Math.floor(memoryBytes)}B'`],
    ['threads', String(threads)],
    ['temp_directory', quoteText(tempDir)],
    ['TimeZone', "'UTC'"],
    ['preserve_insertion_order', 'true'],
    // The default of 1 MB makes readers wait for the encoder at every batch.
    ['streaming_buffer_size', `'${Math.floor(Math.min(200e6, memoryBytes / 8))}B'`],
    // Every file is read once: a cache of it would only take memory from the load.
    ['enable_external_file_cache', 'false'],
    ['autoinstall_known_extensions', 'false'],
    ['autoload_known_extensions', 'false'],
    ['allow_community_extensions', 'false'],
    ['allowed_paths', `[${files.map(quoteText).join(', ')}]`],
    ['allowed_directories', `[${quoteText(tempDir)}]`],
    ['enable_external_access', 'false'],
    ['lock_configuration', 'true'],
  ] as const;
}

/** What must hold once the database is locked; a setting that DuckDB renamed must not go unnoticed. */
const LOCKED: Readonly<Record<string, string>> = {
  enable_external_access: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_unsigned_extensions: 'false',
  lock_configuration: 'true',
};

let prepared: Promise<duckdb.Connection> | undefined;

/** Opens a database that is neither used nor locked so far, for the next `openDatabase` of this process. */
export function prepareDatabase(): void {
  prepared ??= openEmpty();
  // Whoever needs it is told.
  prepared.catch(() => undefined);
}

async function openEmpty(): Promise<duckdb.Connection> {
  return duckdb.connect(await duckdb.open(':memory:'));
}

/** Opens a database and locks it: afterwards no statement can change a setting or open another file. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const opening = prepared ?? openEmpty();
  prepared = undefined;
  const raw = await opening;
  const sql = new DuckDBConnection(raw);
  for (const [name, value] of settingsOf(options)) {
    if (name === 'allowed_paths' && options.attached !== undefined)
      await attach(sql, options.attached);
    await sql.run(`SET ${name} = ${value}`);
  }
  const rows = async (statement: string) =>
    (await sql.runAndReadAll(statement)).getRowObjectsJson() as Record<string, Cell>[];
  const found = Object.fromEntries(
    (await rows('SELECT name, value FROM duckdb_settings()')).map(({ name, value }) => [
      name,
      value,
    ]),
  );
  for (const [name, value] of Object.entries(LOCKED)) {
    if (found[name] !== value) {
      throw new Error(
        `DuckDB's ${name} should be ${value} in a loader, but is ${String(found[name])}.`,
      );
    }
  }
  return {
    memoryBytes: options.memoryBytes,
    raw,
    sql,
    rows,
    interrupt: () => duckdb.interrupt(raw),
  };
}

/** Attaches a file under the name that DuckDB would give it, and makes its tables those that a bare name means. */
async function attach(sql: DuckDBConnection, file: string): Promise<void> {
  const plain = parse(file).name;
  const name = quoteName(/^(?:memory|system|temp)$/iu.test(plain) ? `${plain}_db` : plain);
  await sql.run(`ATTACH ${quoteText(file)} AS ${name} (TYPE duckdb, READ_ONLY)`);
  await sql.run(`USE ${name}`);
}

/** A text as an SQL literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A list of files as DuckDB's table functions take it. Their names are taken as they are, never as patterns. */
export function fileList(files: readonly string[]): string {
  return `[${files.map(quoteText).join(', ')}]`;
}
