import { mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { tableFromIPC } from '@uwdata/flechette';
import type { Query } from '../../protocol/query.js';
import { cellOf, expectedCounts, mustEqual, type Density } from './density.js';
import { withDuckDb, type Sql } from './duckdb.js';
import type { RunBench } from './result.js';
import { frameFromAfar, startServer } from './server.js';
import { benchRows } from './size.js';
import { BENCH_FOLDER, flightsFile } from './tables.js';

const ZOOMED: Pick<Density, 'domain'> = { domain: { x: [0, 3000], y: [-60, 240] } };
const VIEWS = [
  ['at full extent', {}, undefined, 300],
  ['at [0,3000] × [-60,240]', ZOOMED, undefined, 300],
  ['at [0,3000] × [-60,240], colored by origin', ZOOMED, 'origin', 450],
] as const;
const TOP = 9;

/** The bytes of one scatter frame of all flights, as they are sent to a browser on another machine. */
export const run: RunBench = async (report) => {
  const rows = benchRows(3_000_000);
  const file = await flightsFile(rows);
  const dataset = basename(file, '.parquet');
  const cacheDir = mkdtempSync(join(BENCH_FOLDER, 'bytes-'));
  const server = await startServer([file], cacheDir);
  try {
    await server.ready(dataset);
    await withDuckDb(':memory:', async (sql) => {
      for (const [name, domain, color, bar] of VIEWS) {
        const view = { x: 'distance', y: 'delay', width: 1000, height: 600, ...domain } as const;
        const density: Density = { from: `'${file}'`, ...view };
        const query: Query = {
          dataset,
          mark: 'scatter',
          method: 'density',
          ...view,
          ...(color === undefined ? {} : { color, top: TOP }),
        };
        const { sent, coding } = await frameFromAfar(server, query);
        const bytes = decoded(sent, coding);
        mustEqual(bytes, await expectedCounts(sql, density));
        if (color !== undefined) await mustHaveColors(sql, bytes, density, color);
        report({
          name: `scatter frame of ${rows / 1e6} M flights, 1000 × 600, ${name}`,
          against: 'as sent to a remote browser',
          value: sent.length / 1000,
          unit: 'kB',
          bar,
          want: 'at most',
          gate:
            color === undefined
              ? 'every cell has DuckDB’s count'
              : 'every cell has DuckDB’s count of every color',
          detail: `${coding ?? 'identity'}, of ${(bytes.length / 1000).toFixed(0)} kB of Arrow`,
        });
      }
    });
  } finally {
    await server.stop();
    rmSync(cacheDir, { recursive: true });
  }
};

function decoded(sent: Buffer, coding: string | undefined): Uint8Array {
  if (coding === 'br') return brotliDecompressSync(sent);
  return coding === 'gzip' ? gunzipSync(sent) : sent;
}

/** Throws unless the rows of each cell and color are those of DuckDB; all but the most frequent are one color. */
async function mustHaveColors(
  sql: Sql,
  bytes: Uint8Array,
  density: Density,
  color: string,
): Promise<void> {
  const top = (
    await sql(
      `SELECT ${color} FROM ${density.from} GROUP BY ${color} ORDER BY count(*) DESC, ${color} LIMIT ${TOP}`,
    )
  ).map(([value]) => String(value));
  const keyOf = (cell: unknown, value: unknown): string =>
    `${Number(cell)} ${top.includes(String(value)) ? String(value) : ''}`;
  const cell = await cellOf(sql, density);
  const expected = new Map<string, number>();
  for (const [at, value, count] of await sql(
    `SELECT ${cell.sql} AS cell, ${color}, count(*) FROM ${density.from} WHERE ${cell.where} GROUP BY cell, ${color}`,
  )) {
    const key = keyOf(at, value);
    expected.set(key, (expected.get(key) ?? 0) + Number(count));
  }
  const table = tableFromIPC(bytes);
  const cells = table.getChild('cell').toArray() as ArrayLike<number>;
  const counts = table.getChild('count').toArray() as ArrayLike<number>;
  const colors = table.getChild('color').toArray() as ArrayLike<string>;
  if (cells.length !== expected.size)
    throw new Error(`The frame has ${cells.length} cells and colors, expected ${expected.size}.`);
  for (let i = 0; i < cells.length; i++) {
    const count = expected.get(keyOf(cells[i], colors[i]));
    if (count !== counts[i])
      throw new Error(`${colors[i]} has ${counts[i]} rows in cell ${cells[i]}, expected ${count}.`);
  }
}
