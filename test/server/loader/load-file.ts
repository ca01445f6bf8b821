import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import {
  createLoader,
  type Loader,
  type LoaderOptions,
  type LoadTarget,
} from '../../../server/loader/loader.js';
import type { LoadOutcome } from '../../../server/loader/context.js';
import type { loadSource as LoadSource } from '../../../server/loader/load.js';
import type { DatasetSource } from '../../../server/loader/source.js';
import type { Manifest, SourceKind } from '../../../server/snapshots/manifest.js';

const GIB = 2 ** 30;

/** The loader with its built child. */
export function createTestLoader(options: Partial<LoaderOptions> = {}): Loader {
  return createLoader({
    memoryBytes: 2 * GIB,
    deadlineMs: 120_000,
    threads: 2,
    childFile: fileURLToPath(new URL('../../../dist/server/loader/child.js', import.meta.url)),
    ...options,
  });
}

export function sourceOf(
  kind: SourceKind,
  files: string[],
  more: Partial<DatasetSource> = {},
): DatasetSource {
  return { name: 'test', kind, files, united: files.length > 1, csv: {}, strict: false, ...more };
}

/** Loads into a folder of its own. */
export async function loadInto(
  loader: Loader,
  dir: string,
  source: DatasetSource,
  signal?: AbortSignal,
  onProgress?: () => void,
  more: Partial<LoadTarget> = {},
): Promise<Manifest> {
  return loader.load(source, {
    dir,
    dataset: source.name,
    id: 'test',
    sequence: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    fingerprint: { kind: source.kind, files: [], options: '' },
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...more,
  });
}

/** Loads within this process, by the compiled code: for sound files in numbers. */
export async function loadHere(dir: string, source: DatasetSource): Promise<LoadOutcome> {
  const tempDir = join(dir, 'temporary');
  mkdirSync(tempDir);
  const built = new URL('../../../dist/server/loader/load.js', import.meta.url).href;
  const { loadSource } = (await import(built)) as { loadSource: typeof LoadSource };
  return loadSource({
    source,
    dir,
    tempDir,
    memoryBytes: GIB,
    threads: 1,
    bytesTotal: 0,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}

/** A folder that is removed by `remove`. */
export function temporaryFolder(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'halftone-test-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Runs one statement in a DuckDB of its own and returns the rows in JSON form. */
export async function duckdb(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
