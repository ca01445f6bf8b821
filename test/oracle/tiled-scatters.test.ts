import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Filter, Query } from '../../protocol/query.js';
import type { Snapshot } from '../../server/snapshots/manifest.js';
import { withDuckDb } from '../bench/duckdb.js';
import { startProduct, type Product } from './product.js';
import { randomOf } from './random.js';

/** Cases in all, dealt out to tables of less than a block, of more than a stretch, and of more than a batch. */
const CASES = Number(process.env['HALFTONE_TILE_CASES'] ?? 400);
const TABLES = [
  [1, 0.02],
  [700, 0.2],
  [8193, 0.48],
  [300_000, 0.25],
  [1_200_000, 0.05],
] as const;

/** Numbers and times of every storage, smooth and skewed, with what has no place, and with one value a million times. */
const COLUMNS = {
  normal: `sqrt(-2 * ln((1 + hash(i, 1) % 1000003) / 1000004.0)) * cos((hash(i, 2) % 1000003) / 159155.0)`,
  cents: `round((hash(i, 3) % 1000000) / 100.0, 2)`,
  skewed: `exp((hash(i, 4) % 20000) / 1000.0)`,
  float: `((hash(i, 5) % 5000) / 7.0)::FLOAT`,
  small: `(hash(i, 6) % 200)::UTINYINT`,
  whole: `((hash(i, 7) % 2000000)::BIGINT - 1000000)::INTEGER`,
  wide: `(hash(i, 8) // 2)::BIGINT`,
  money: `((hash(i, 9) % 1000000)::BIGINT / 100.0)::DECIMAL(9, 2)`,
  second: `TIMESTAMP '2001-01-01' + to_seconds((hash(i, 10) % 100000000)::BIGINT)`,
  nano: `make_timestamp_ns(1600000000000000000 + (hash(i, 11) % 1000003)::BIGINT)`,
  day: `DATE '2000-01-01' + (hash(i, 12) % 9000)::INTEGER`,
  constant: `42.5`,
  lumps: `CASE WHEN hash(i, 13) % 3 = 0 THEN 7.25 WHEN hash(i, 13) % 3 = 1 THEN -0.0 ELSE (hash(i, 14) % 100) / 3.0 END`,
  outlier: `CASE WHEN i = 5 THEN 1e300 ELSE (hash(i, 15) % 1000) / 9.0 END`,
  odd: `CASE hash(i, 16) % 40 WHEN 0 THEN NULL WHEN 1 THEN 'NaN' WHEN 2 THEN 'Infinity' WHEN 3 THEN '-Infinity' ELSE ((hash(i, 17) % 999)::DOUBLE - 100) / 8.0 END::DOUBLE`,
  nothing: `NULL::DOUBLE`,
  rare: `CASE WHEN hash(i, 18) % 5000 = 0 THEN (i % 90)::SMALLINT END`,
  rising: `i + (hash(i, 19) % 100) / 101.0`,
  word: `CASE WHEN hash(i, 20) % 9 > 0 THEN 'word ' || (hash(i, 21) % 12) END`,
} as const;
const NUMBERS = Object.keys(COLUMNS).filter((name) => name !== 'word');
const TIMES = new Set(['second', 'nano', 'day']);

const dir = mkdtempSync(join(tmpdir(), 'halftone-tiled-'));
const stages: { product: Product; snapshot: Snapshot }[] = [];

beforeAll(async () => {
  for (const [rows] of TABLES) {
    const path = join(dir, `${rows}.parquet`);
    const columns = Object.entries(COLUMNS)
      .map(([name, sql]) => `${sql} AS "${name}"`)
      .join(', ');
    await withDuckDb(':memory:', (sql) =>
      sql(`COPY (SELECT ${columns} FROM range(${rows}) r(i)) TO '${path}' (FORMAT parquet)`),
    );
    const product = await startProduct({ threads: 2 });
    stages.push({ product, snapshot: await product.load(path) });
  }
}, 300_000);

afterAll(async () => {
  for (const { product } of stages) await product.close();
  rmSync(dir, { recursive: true, force: true });
});

function queryOf({ manifest }: Snapshot, random: () => number): Query {
  const one = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const x = one(NUMBERS);
  const y = one(NUMBERS.filter((name) => name !== x));
  const domain = (name: string): [number, number] | [string, string] | undefined => {
    const { min, max } = manifest.columns.find(({ info }) => info.name === name)!.info;
    if (min === undefined || min === null || random() < 0.3) return undefined;
    const isTime = TIMES.has(name);
    const [low, high] = [min, max].map((end) =>
      isTime
        ? Date.parse(`${String(end).slice(0, 23).padEnd(10)}Z`.replace(' ', 'T'))
        : Number(end),
    ) as [number, number];
    if (!Number.isFinite(high - low)) return undefined;
    const share = random() < 0.1 ? 0 : 10 ** (-3 * random());
    const from = low + (high - low) * (random() * 1.1 - 0.05);
    const to = from + (high - low) * share;
    if (!isTime) return random() < 0.2 ? [Math.round(from), Math.round(to)] : [from, to];
    return [from, to].map((ms) => new Date(Math.round(ms)).toISOString()) as [string, string];
  };
  const domains = { x: domain(x), y: domain(y) };
  const scale = (name: string) =>
    !TIMES.has(name) &&
    random() < 0.2 &&
    !(Number(domains.x?.[0] ?? 1) <= 0 || Number(domains.y?.[0] ?? 1) <= 0)
      ? ('log' as const)
      : undefined;
  const scales = { x: scale(x), y: scale(y) };
  return {
    dataset: 'zoo',
    mark: 'scatter',
    x,
    y,
    method: one(['auto', 'density', 'density', 'points'] as const),
    width: one([1, 3, 100, 333, 1000]),
    height: one([1, 7, 60, 600]),
    budget: one([0 + 1, 100, 5000, 2_000_000]),
    domain: JSON.parse(JSON.stringify(domains)) as NonNullable<Query['domain']>,
    scale: JSON.parse(JSON.stringify(scales)) as NonNullable<Query['scale']>,
    filters: filtersOf(random),
  };
}

function filtersOf(random: () => number): Filter[] {
  const filters: Filter[] = [
    { op: 'range', column: 'normal', min: -random() * 2, max: random() * 2 },
    { op: 'in', column: 'word', values: ['word 3', null, `word ${Math.floor(random() * 12)}`] },
    { op: 'range', column: 'rising', max: random() * 1e6 },
    { op: 'null', column: 'rare' },
  ];
  return filters.filter(() => random() < 0.2);
}

test.each(TABLES.map(([rows, share], at) => [rows, share, at] as const))(
  'a scatter over %i rows is the same bytes by a scan and by tiles',
  async (rows, share, at) => {
    const cases = Math.ceil(CASES * share);
    const { product, snapshot } = stages[at]!;
    const random = randomOf(rows);
    let tiled = 0;
    for (let i = 0; i < cases; i++) {
      const query = queryOf(snapshot, random);
      const scanned = await product.frame(snapshot, query, 'scan');
      const found = await product.frame(snapshot, query, 'tiles');
      const isEqual = Buffer.from(found).equals(scanned);
      expect(isEqual, `case ${i}: ${JSON.stringify(query)}`).toBe(true);
      const { tier } = await product.plan(snapshot, query, 'tiles');
      if (tier === 'tiles') tiled++;
    }
    // A filter that no row passes leaves nothing to be looked up.
    expect(tiled).toBeGreaterThan(cases / 3);
  },
  600_000,
);
