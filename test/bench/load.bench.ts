import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createLoader, type Loader } from '../../server/loader/loader.js';
import type { Manifest } from '../../server/snapshots/manifest.js';
import { withDuckDb } from './duckdb.js';
import type { RunBench } from './result.js';
import { median } from './statistics.js';
import { BENCH_FOLDER, wideFiles } from './tables.js';

const ROWS = 10_000_000;
const RUNS = 3;
/** Every 97th row's text goes into the hash of the gate. */
const HASHED = 97;

/** Loads a file into the cache on disk, against DuckDB's own CREATE TABLE AS into a file database with a CHECKPOINT. */
export const run: RunBench = async (report) => {
  const { parquet, csv } = await wideFiles(ROWS);
  const expected = await describe(parquet);
  const loader = createLoader({
    memoryBytes: 4 * 2 ** 30,
    deadlineMs: 600_000,
    threads: 2,
    childFile: join(process.cwd(), 'dist/server/loader/child.js'),
  });
  for (const [kind, file, bar] of [
    ['parquet', parquet, 1.8],
    ['csv', csv, 1.4],
  ] as const) {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      ours.push(await loadOnce(loader, kind, file, expected));
      theirs.push(await createTable(file));
    }
    const [a, b] = [median(ours), median(theirs)];
    report({
      name: `load of ${ROWS / 1e6} M rows × 7 columns, ${kind === 'csv' ? 'CSV' : 'Parquet'} → cache on disk`,
      against: 'DuckDB CREATE TABLE AS + CHECKPOINT',
      value: a / b,
      unit: '×',
      bar,
      want: 'at most',
      gate: 'rows, sums and a hash of the texts are DuckDB’s',
      detail: `${(a / 1000).toFixed(1)} s against ${(b / 1000).toFixed(1)} s, medians of ${RUNS}; ${Math.round(statSync(file).size / 1e6)} MB`,
    });
  }
  await loader.close();
};

interface Gate {
  rows: number;
  sumDelay: number;
  maxAmount: number;
  labels: string;
}

async function describe(path: string): Promise<Gate> {
  return withDuckDb(':memory:', async (sql) => {
    const [row] = await sql(`SELECT count(*) AS n, sum(delay) AS s, max(amount) AS m,
      md5(string_agg(label, '' ORDER BY id) FILTER (id % ${HASHED} = 0)) AS h FROM '${path}'`);
    return {
      rows: Number(row![0]),
      sumDelay: Number(row![1]),
      maxAmount: Number(row![2]),
      labels: String(row![3]),
    };
  });
}

async function loadOnce(
  loader: Loader,
  kind: 'parquet' | 'csv',
  file: string,
  expected: Gate,
): Promise<number> {
  const dir = mkdtempSync(join(BENCH_FOLDER, 'load-'));
  try {
    const start = performance.now();
    const manifest = await loader.load(
      { name: 'bench', kind, files: [file], united: false, csv: {}, strict: false },
      {
        dir,
        dataset: 'bench',
        id: 'bench',
        sequence: 1,
        createdAt: '',
        fingerprint: { kind, files: [], options: '' },
      },
    );
    const elapsed = performance.now() - start;
    const found = gateOf(dir, manifest);
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      throw new Error(
        `The load gave ${JSON.stringify(found)}, DuckDB ${JSON.stringify(expected)}.`,
      );
    }
    return elapsed;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** The figures of the gate, from the bytes on disk. */
function gateOf(dir: string, manifest: Manifest): Gate {
  const hash = createHash('md5');
  let sumDelay = 0;
  let row = 0;
  for (const { file, columns, batches } of manifest.segments) {
    const bytes = readFileSync(join(dir, file));
    const { offsets, bytes: words } = columns[6]!.dictionary!;
    for (const batch of batches) {
      const delays = bytes.subarray(batch.columns[2]!.data!.offset);
      const codes = bytes.subarray(batch.columns[6]!.data!.offset);
      for (let i = 0; i < batch.rows; i++, row++) {
        sumDelay += delays.readUInt16LE(i * 2);
        if (row % HASHED !== 0) continue;
        const at = offsets.offset + codes.readUInt32LE(i * 4) * 4;
        hash.update(
          bytes.subarray(
            words.offset + bytes.readInt32LE(at),
            words.offset + bytes.readInt32LE(at + 4),
          ),
        );
      }
    }
  }
  return {
    rows: manifest.rows,
    sumDelay,
    maxAmount: Number(manifest.columns[3]!.info.max),
    labels: hash.digest('hex'),
  };
}

async function createTable(file: string): Promise<number> {
  const database = join(BENCH_FOLDER, 'rival.db');
  rmSync(database, { force: true });
  const start = performance.now();
  await withDuckDb(database, async (sql) => {
    await sql(`CREATE TABLE t AS FROM '${file}'`);
    await sql('CHECKPOINT');
  });
  const elapsed = performance.now() - start;
  rmSync(database);
  return elapsed;
}
