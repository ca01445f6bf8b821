import { mkdir } from 'node:fs/promises';
import { openDatabase, type Database } from './database.js';
import { describeQuery } from './describe.js';
import { jsonQuery } from './json/load-json.js';
import type { DescribedFile, DescribeTask, FileToDescribe } from './messages.js';
import { checkEnvelope } from './parquet/check-envelope.js';
import { parquetQuery } from './parquet/load-parquet.js';
import { toRefusal } from './refusal.js';

/** Names the columns of each file without reading its rows; one that cannot be read harms no other. */
export async function describeFiles(task: DescribeTask): Promise<DescribedFile[]> {
  const { files, dir, memoryBytes, threads } = task;
  await mkdir(dir, { recursive: true });
  const paths = files.map(({ path }) => path);
  const database = await openDatabase({
    memoryBytes: memoryBytes / 2,
    threads,
    tempDir: dir,
    files: paths,
  });
  const described: DescribedFile[] = [];
  for (const file of files) {
    described.push(
      await columnsOf(database, file).then(
        (columns) => ({ columns }),
        (error: unknown) => {
          const { code, message, details } = toRefusal(error, 'SOURCE_CORRUPT', file.path);
          const { cause: _cause, ...told } = details;
          return { failed: { code, message, details: told } };
        },
      ),
    );
  }
  return described;
}

async function columnsOf(database: Database, { path, kind }: FileToDescribe): Promise<string[]> {
  if (kind === 'arrow') return (await import('./arrow/open-tables.js')).arrowColumnNames(path);
  if (kind === 'parquet') await checkEnvelope(path);
  const one = { files: [path], united: false };
  const sql = kind === 'parquet' ? parquetQuery(one) : jsonQuery(one, 'sample');
  return (await describeQuery(database, sql, path)).map(({ name }) => name);
}
