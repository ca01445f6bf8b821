import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import duckdb from '@duckdb/node-bindings';
import type { SourceKind } from '../snapshots/manifest.js';
import { quoteText } from './database.js';
import { loadSource } from './load.js';

/** Code that has run once is what counts: five times as many rows make a load no quicker. */
const ROWS = 20_000;
/** Little, as the load that comes has the same cage. */
const MEMORY_BYTES = 64 * 2 ** 20;
/** Rows of the types that tables are mostly made of. */
const TABLE = `SELECT i AS whole, i / 7.3 AS number, (i * 7919) % 10007 AS mixed, 'word ' || (i % 8) AS word,
  i % 2 = 0 AS flag, TIMESTAMP '2020-01-01' + INTERVAL (i) SECOND AS time, DATE '2020-01-01' + (i % 1000)::INT AS day
  FROM range(${ROWS}) r(i)`;

/** The kinds of which a made file can be loaded, and that files grow of. */
export function canRehearse(kind: SourceKind | undefined): kind is 'csv' | 'parquet' {
  return kind === 'csv' || kind === 'parquet';
}

/**
 * Loads a made table of a kind in `dir`, a folder that is made for it and removed: the load that comes then finds its code compiled and
 * an encoding thread that runs.
 */
export async function rehearse(kind: 'csv' | 'parquet', dir: string): Promise<void> {
  await mkdir(dir, { mode: 0o700 });
  try {
    const file = join(dir, `table.${kind}`);
    await writeTable(kind, file);
    await loadSource({
      source: { name: 'rehearsal', kind, files: [file], united: false, csv: {}, strict: false },
      dir,
      tempDir: dir,
      memoryBytes: MEMORY_BYTES,
      threads: 1,
      bytesTotal: 0,
      signal: new AbortController().signal,
      isResumable: true,
      onProgress: () => undefined,
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function writeTable(kind: 'csv' | 'parquet', file: string): Promise<void> {
  const database = await duckdb.open(':memory:');
  const connection = await duckdb.connect(database);
  try {
    await duckdb.query(connection, `COPY (${TABLE}) TO ${quoteText(file)} (FORMAT ${kind})`);
  } finally {
    duckdb.disconnect_sync(connection);
    duckdb.close_sync(database);
  }
}
