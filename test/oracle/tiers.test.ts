import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Filter, Query } from '../../protocol/query.js';
import type { Snapshot } from '../../server/snapshots/manifest.js';
import { withDuckDb } from '../bench/duckdb.js';
import { startProduct, type Product } from './product.js';
import { randomOf } from './random.js';

/** `HALFTONE_ORACLE_CASES=10000` asks more, as of the other queries. */
const CASES = Number(process.env['HALFTONE_ORACLE_CASES'] ?? 2000) / 10;
/** Rows of a table, and its share of the cases. */
const TABLES = [
  [1, 0.2],
  [64, 0.5],
  [513, 0.5],
  [8193, 1],
  [300_000, 0.5],
  [2_300_000, 0.15],
] as const;

/** Columns that ascend, with and without equal neighbours, in every width. */
const XS = {
  i8: `(i * 200 / $rows - 100)::TINYINT`,
  i32: `(i * 3 + hash(i) % 3)::INTEGER`,
  i64: `i::BIGINT * 1_000_000_000_003`,
  f32: `(i // 3 * 0.25)::FLOAT`,
  f64: `i + (hash(i, 2) % 1000) / 1001.0`,
  money: `(i / 100.0)::DECIMAL(9, 2)`,
  fine: `(i / 7.0)::DECIMAL(18, 6)`,
  deep: `(i::HUGEINT * 12345678901234567)::DECIMAL(38, 10)`,
  day: `DATE '1969-06-01' + (i // 50)::INTEGER`,
  second: `make_timestamp(i * 1_000_000)::TIMESTAMP_S`,
  nano: `make_timestamp_ns(1_600_000_000_000_000_000 + i * 3 + (hash(i) % 3)::BIGINT)`,
  zoned: `make_timestamp(i * 1000 + (hash(i) % 1000)::BIGINT)::TIMESTAMPTZ`,
} as const;

/** Columns of numbers: whole, with a few gaps, with gaps nearly everywhere, constant, positive. */
const YS = {
  walk: `sin(i / 300.0) * 50 + (hash(i, 3) % 1000) / 100.0`,
  gaps: `CASE WHEN hash(i // 40, 4) % 9 = 0 THEN NULL ELSE (hash(i, 5) % 5000)::SMALLINT END`,
  wild: `CASE hash(i, 6) % 12 WHEN 0 THEN NULL WHEN 1 THEN 'NaN' WHEN 2 THEN 'Infinity' WHEN 3 THEN '-Infinity'
    ELSE (hash(i, 7) % 77) / 4.0 END::DOUBLE`,
  rare: `CASE WHEN hash(i, 8) % 60_000 = 0 THEN (i % 9)::TINYINT END`,
  same: `42.5::FLOAT`,
  wide: `hash(i, 9)`,
  cents: `((hash(i, 10) % 100_000)::BIGINT / 100.0)::DECIMAL(9, 2)`,
  positive: `(1 + hash(i, 11) % 100)::FLOAT`,
} as const;

/** Columns that do not ascend, with nulls, equal values and both ends of 64 bits. */
const UNSORTED = {
  mixed: `CASE WHEN hash(i, 20) % 50 = 0 THEN NULL ELSE (hash(i, 21) % 100_000) / 8.0 END`,
  few: `(hash(i, 22) % 40)::SMALLINT - 20`,
  odd: `CASE hash(i, 23) % 15 WHEN 0 THEN 'NaN' WHEN 1 THEN '-Infinity' WHEN 2 THEN 0 WHEN 3 THEN '-0'
    ELSE (hash(i, 24) % 9999) / 7.0 END::DOUBLE`,
  edge: `CASE hash(i, 25) % 9 WHEN 0 THEN 9223372036854775807 WHEN 1 THEN -9223372036854775808
    ELSE (hash(i, 26) % 1000)::BIGINT + 9007199254740990 END::BIGINT`,
  price: `((hash(i, 27) % 1_000_000)::BIGINT / 100.0)::DECIMAL(18, 2)`,
  shuffled: `make_timestamp_ns(1_600_000_000_000_000_000 + (hash(i, 28) % 5_000_000)::BIGINT)`,
} as const;

/** Categories: text, with null and with many values, of one value, a boolean, an integer. */
const CATEGORIES = {
  station: `CASE WHEN hash(i, 30) % 30 = 0 THEN NULL ELSE 'station ' || (hash(i, 31) % 8) END`,
  tail: `'T' || least(hash(i, 32) % 60, hash(i, 33) % 60)`,
  block: `'block ' || (i * 5 // $rows)`,
  alone: `'one'`,
  flag: `CASE WHEN hash(i, 34) % 9 > 0 THEN hash(i, 34) % 3 = 0 END`,
  hour: `(hash(i, 35) % 24)::TINYINT`,
} as const;

const dir = mkdtempSync(join(tmpdir(), 'halftone-tiers-'));
const stages: { product: Product; snapshot: Snapshot; rows: number }[] = [];

beforeAll(async () => {
  for (const [rows] of TABLES) {
    const path = join(dir, `${rows}.parquet`);
    const columns = Object.entries({ ...XS, ...YS, ...UNSORTED, ...CATEGORIES })
      .map(([name, sql]) => `${sql.replace('$rows', String(rows))} AS "${name}"`)
      .join(', ');
    await withDuckDb(':memory:', (sql) =>
      sql(`COPY (SELECT ${columns} FROM range(${rows}) r(i)) TO '${path}' (FORMAT parquet)`),
    );
    const product = await startProduct({ threads: 2 });
    stages.push({ product, snapshot: await product.load(path), rows });
  }
}, 300_000);

afterAll(async () => {
  for (const { product } of stages) await product.close();
  rmSync(dir, { recursive: true, force: true });
});

function queryOf(rows: number, random: () => number): Query {
  const one = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const x = one(Object.keys(XS)) as keyof typeof XS;
  const y =
    random() < 0.2
      ? [...new Set([one(Object.keys(YS)), 'walk', one(Object.keys(YS))])]
      : one(Object.keys(YS));
  return {
    dataset: 'zoo',
    mark: 'line',
    x,
    y,
    method: one([
      'auto',
      'points',
      'm4',
      'm4',
      'outline',
      'outline',
      'minmax',
      'lttb',
      'minmaxlttb',
    ] as const),
    width: one([1, 2, 13, 100, 333, 1000]),
    budget: one([2, 100, 1000, 20_000]),
    ...(random() < 0.2 && { scale: { y: 'log' as const } }),
    ...(random() < 0.75 && { domain: { x: domainOf(x, rows, random) } }),
  };
}

/** A window of any width, at times between two rows, beyond all of them, or of one value. */
function domainOf(
  x: keyof typeof XS,
  rows: number,
  random: () => number,
): [number, number] | [string, string] {
  const at = (random() * 1.2 - 0.1) * rows;
  const width = random() < 0.1 ? 0 : rows * 10 ** (-4 * random());
  const times = {
    day: (i: number) => (i / 50) * 86_400_000 - 214 * 86_400_000,
    second: (i: number) => i * 1000,
    nano: (i: number) => 1_600_000_000_000 + (i * 3) / 1e6,
    zoned: (i: number) => i,
  } as const;
  if (x in times) {
    const isoOf = times[x as keyof typeof times];
    return [at, at + width].map((i) => new Date(Math.round(isoOf(i))).toISOString()) as [
      string,
      string,
    ];
  }
  const unit = {
    i8: 200 / rows,
    i32: 3,
    i64: 1_000_000_000_003,
    f32: 0.25 / 3,
    f64: 1,
    money: 0.01,
    fine: 1 / 7,
    deep: 12_345_678_901_234_568,
  }[x as 'i8'];
  const shift = x === 'i8' ? -100 : 0;
  return [at * unit + shift, (at + width) * unit + shift];
}

/** A line of some categories, of all in series, or over an x that does not ascend. */
function orderedQueryOf(rows: number, random: () => number): Query {
  const one = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const line = queryOf(rows, random);
  const { domain, ...rest } = line;
  const isSorted = random() < 0.5;
  const x = isSorted ? (line.x as string) : one(Object.keys(UNSORTED));
  const category = one(Object.keys(CATEGORIES));
  const inSeries = typeof line.y === 'string' && random() < 0.5;
  const isFiltered = !inSeries || random() < 0.5;
  const isLog = x === 'mixed' || x === 'odd' || x === 'price' ? random() < 0.3 : false;
  return {
    ...rest,
    x,
    method: line.method === undefined || line.method === 'lttb' ? 'm4' : line.method,
    ...(isLog && { scale: { ...line.scale, x: 'log' as const } }),
    ...(isSorted
      ? domain && { domain }
      : random() < 0.7 && { domain: { x: unsortedDomain(x, isLog, random) } }),
    ...(inSeries && { color: category, top: one([1, 3, 9, 100]) }),
    ...((isSorted ? isFiltered : isFiltered && random() < 0.6) && {
      filters: [filterOf(category, random)],
    }),
  };
}

function unsortedDomain(
  x: string,
  isLog: boolean,
  random: () => number,
): [number, number] | [string, string] {
  if (x === 'shuffled') {
    const at = Math.floor(random() * 5_000_000);
    const end = at + Math.floor(10 ** (random() * 6));
    const iso = (ns: number): string =>
      `2020-09-13T12:26:40.${String(Math.min(999_999_999, ns)).padStart(9, '0')}Z`;
    return [iso(at), iso(end)];
  }
  if (x === 'edge') {
    const at = 9007199254740990 + Math.floor(random() * 1000);
    return random() < 0.3 ? [-9.3e18, 9.3e18] : [at, at + Math.floor(random() * 500)];
  }
  const high = { mixed: 12_500, few: 20, odd: 1429, price: 10_000 }[x as 'few'];
  const at = (isLog ? 0.01 + random() : random() * 1.2 - 0.2) * high;
  return [at, at + high * 10 ** (-3 * random())];
}

function filterOf(column: string, random: () => number): Filter {
  const one = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const all = {
    station: [...Array.from({ length: 9 }, (_, i) => `station ${i}`), null],
    tail: Array.from({ length: 62 }, (_, i) => `T${i}`),
    block: Array.from({ length: 6 }, (_, i) => `block ${i}`),
    alone: ['one', 'two'],
    flag: [true, false, null],
    hour: [...Array.from({ length: 25 }, (_, i) => i), null],
  }[column as 'hour'];
  const values = all.filter(() => random() < one([0.1, 0.5]));
  const exclude = random() < 0.3;
  const chosen = { op: 'in' as const, column, values, ...(exclude && { exclude }) };
  return random() < 0.1 ? { op: 'not', filter: { op: 'null', column } } : chosen;
}

test.each(TABLES.map(([rows, share], at) => [rows, share, at] as const))(
  'a line over %i rows is the same bytes by a scan, by its rows and by a pyramid',
  async (rows, share, at) => {
    const cases = Math.ceil(CASES * share);
    const { product, snapshot } = stages[at]!;
    const random = randomOf(rows);
    const tiers = new Map<string, number>();
    for (let i = 0; i < cases; i++) {
      const query = queryOf(rows, random);
      const scanned = await product.frame(snapshot, query, 'scan');
      for (const tier of ['range', 'pyramid', undefined] as const) {
        const found = await product.frame(snapshot, query, tier);
        const isEqual = Buffer.from(found).equals(scanned);
        expect(isEqual, `${tier} of ${JSON.stringify(query)}`).toBe(true);
      }
      const { tier } = await product.plan(snapshot, query, 'pyramid');
      tiers.set(tier, (tiers.get(tier) ?? 0) + 1);
    }
    expect(tiers.get('pyramid')).toBeGreaterThan(cases / 2);
  },
  600_000,
);

test.each(TABLES.map(([rows, share], at) => [rows, share, at] as const))(
  'a line by categories or over an unsorted x of %i rows is the same bytes by a scan and by a sub-index',
  async (rows, share, at) => {
    // Of large tables the indexes take the time: one for nearly every case.
    const cases = Math.ceil((CASES * share) / (rows > 100_000 ? 4 : 1));
    const { product, snapshot } = stages[at]!;
    const random = randomOf(rows + 1);
    const tiers = new Map<string, number>();
    for (let i = 0; i < cases; i++) {
      const query = orderedQueryOf(rows, random);
      const scanned = await product.frame(snapshot, query, 'scan');
      for (const tier of ['sub-index', undefined] as const) {
        const found = await product.frame(snapshot, query, tier);
        const isEqual = Buffer.from(found).equals(scanned);
        expect(isEqual, `${tier} of ${JSON.stringify(query)}`).toBe(true);
      }
      const { tier } = await product.plan(snapshot, query, 'sub-index');
      tiers.set(tier, (tiers.get(tier) ?? 0) + 1);
    }
    expect(tiers.get('sub-index')).toBeGreaterThan(cases / 3);
  },
  600_000,
);
