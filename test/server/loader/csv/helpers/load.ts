import { DuckDBInstance } from '@duckdb/node-api';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCsv, type LoadedCsv } from '../../../../../server/loader/csv/load-csv.js';
import { resolveSources } from '../../../../../server/loader/sources/resolve-sources.js';
import type { CsvOptions } from '../../../../../server/loader/source.js';

const ROOT = new URL('../../../../../', import.meta.url);

/** Threads run compiled code: the kernel is compiled too where nobody has done so yet. */
export function ensureKernel(): void {
  if (existsSync(new URL('dist/server/loader/csv/scan.wasm', ROOT))) return;
  const build = "import('./server/build-csv-kernel.mjs').then((built) => built.buildCsvKernel())";
  execFileSync(process.execPath, ['-e', build], { cwd: fileURLToPath(ROOT) });
}

export interface Loaded {
  columns: Record<string, string>;
  /** Values as DuckDB writes them as text. */
  rows: (string | null)[][];
  report: LoadedCsv<unknown>['report'];
  /** How often a query was pulled: once for a clean file. */
  pulls: number;
}

export interface LoadOptions {
  csv?: CsvOptions;
  strict?: boolean;
  /** What is given on the command line; default: the first file. */
  path?: string;
}

/** Loads files through the real DuckDB, pulling into plain arrays. */
export async function loadFiles(
  files: Record<string, string | Uint8Array>,
  { csv = {}, strict = false, path = Object.keys(files)[0]! }: LoadOptions = {},
): Promise<Loaded> {
  const dir = mkdtempSync(join(tmpdir(), 'load-csv-'));
  const scratch = join(dir, 'scratch');
  mkdirSync(scratch);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const { sources, problems } = await resolveSources([path], {
      cwd: dir,
      csv,
      strict,
      describe: async () => [],
    });
    if (problems.length > 0) throw problems[0]!.error;
    let pulls = 0;
    const { result, report } = await loadCsv(sources[0]!, {
      scratch,
      signal: new AbortController().signal,
      rows: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS(),
      async pull({ sql, columns, expectedRows }) {
        pulls++;
        const names = columns.map((_, i) => `v${i}`);
        const types = await connection.runAndReadAll(`DESCRIBE ${sql}`);
        const found = types.getRowsJS().map(([, type]) => type as string);
        if (found.join() !== columns.map(({ type }) => type).join()) throw new Error(found.join());
        const texts = names.map((name) => `CAST(${name} AS VARCHAR)`).join(', ');
        const read = await connection.runAndReadAll(`SELECT ${texts} FROM (${sql})`);
        const rows = read.getRowsJS() as (string | null)[][];
        const expected = await expectedRows();
        if (rows.length !== expected) throw new Error(`Read ${rows.length} of ${expected} rows.`);
        return { columns, rows };
      },
    });
    if (readdirSync(scratch).length > 0) throw new Error('A copy was left behind.');
    const columns = Object.fromEntries(result!.columns.map(({ name, type }) => [name, type]));
    return { columns, rows: result!.rows, report, pulls };
  } finally {
    connection.closeSync();
    database.closeSync();
    rmSync(dir, { recursive: true, force: true });
  }
}
