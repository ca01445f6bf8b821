import { tableFromIPC } from '@uwdata/flechette';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Snapshot } from '../../server/snapshots/manifest.js';
import { withDuckDb } from '../bench/duckdb.js';
import { startProduct, type Product } from './product.js';
import { randomOf } from './random.js';

/** Two batches. */
const ROWS = 1_200_000;
const LIMIT = 40;
const COLUMNS = {
  label: `CASE WHEN hash(i, 1) % 40 = 0 THEN NULL ELSE 'label ' || (hash(i, 2) % 90_000) END`,
  unique: `md5(i::VARCHAR)`,
  wild: `CASE hash(i, 3) % 20 WHEN 0 THEN NULL WHEN 1 THEN 'NaN' WHEN 2 THEN '-Infinity' WHEN 3 THEN -0.0
    ELSE (hash(i, 4) % 5000) / 7.0 END::DOUBLE`,
  huge: `(hash(i, 5)::HUGEINT - 9_000_000_000_000_000_000) * 1_000_000`,
  at: `make_timestamp_ns(1_600_000_000_000_000_000 + (hash(i, 6) % 1_000_000_000)::BIGINT)`,
} as const;
const FILTER = { op: 'range', column: 'wild', min: 100, max: 500 } as const;

const dir = mkdtempSync(join(tmpdir(), 'halftone-sorted-'));
const path = join(dir, 'zoo.parquet');
let product: Product;
let snapshot: Snapshot;

beforeAll(async () => {
  const columns = Object.entries(COLUMNS).map(([name, sql]) => `${sql} AS "${name}"`);
  await withDuckDb(':memory:', (sql) =>
    sql(`COPY (SELECT i AS id, ${columns.join(', ')} FROM range(${ROWS}) r(i)) TO '${path}'`),
  );
  product = await startProduct({ threads: 2 });
  snapshot = await product.load(path);
}, 300_000);

afterAll(async () => {
  await product.close();
  rmSync(dir, { recursive: true, force: true });
});

test.each(Object.keys(COLUMNS))(
  'pages of the order by %s have the rows of ORDER BY, found by the order of the column',
  async (column) => {
    const random = randomOf(column.length);
    await withDuckDb(':memory:', async (sql) => {
      for (const order of ['asc', 'desc'] as const) {
        for (const filters of [[], [FILTER]]) {
          const where = filters.length === 0 ? 'true' : `wild BETWEEN 100 AND 500`;
          await sql(`CREATE OR REPLACE TABLE placed AS SELECT id,
            row_number() OVER (ORDER BY "${column}" ${order} NULLS LAST, id) - 1 AS place FROM '${path}' WHERE ${where}`);
          const query = {
            dataset: 'zoo',
            mark: 'rows',
            columns: ['id'],
            sort: [{ column, order }],
            limit: LIMIT,
            filters,
          };
          await product.frame(snapshot, query);
          const tierNow = async () => (await product.plan(snapshot, query)).tier;
          await expect.poll(tierNow, { timeout: 120_000 }).toBe('sub-index');
          for (let i = 0; i < 12; i++) {
            const offset =
              i === 0 ? 0 : Math.floor(random() * ROWS * (filters.length === 0 ? 1 : 0.5));
            const bytes = await product.frame(snapshot, { ...query, offset });
            const rows = [...(tableFromIPC(bytes).getChild('row').toArray() as Iterable<number>)];
            const expected = await sql(
              `SELECT id FROM placed WHERE place BETWEEN ${offset} AND ${offset + LIMIT - 1} ORDER BY place`,
            );
            expect(rows, `${order} from ${offset}`).toEqual(expected.map(([id]) => Number(id)));
          }
        }
      }
    });
  },
  300_000,
);
