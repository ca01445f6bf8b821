import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHalftone, tableSql, type Answer, type Halftone, type Literal } from './halftone.js';

const ROWS = 1500;
let seed = 7;
const random = (): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return seed / 2 ** 32;
};
const make = <T>(value: (i: number) => T): T[] => Array.from({ length: ROWS }, (_, i) => value(i));
const oneOf = <T>(pool: readonly T[]): T => pool[Math.floor(random() * pool.length)]!;

const key = make(() => oneOf(['z', 'ä', 'a', 'B', '', 'other', '\u{1F600}', '\uFFFD', null]));
const small = make(() => oneOf([-2, 0, 1, 5, 9, null]));
const wild = make(() => oneOf([NaN, Infinity, -Infinity, 0, -0, 1.25, -7.5, 1e9, null]));
const cents = make(() => (random() < 0.1 ? null : Math.floor(random() * 2000) - 1000));
const big = make(() =>
  random() < 0.1 ? null : 9007199254740993n + BigInt(Math.floor(random() * 50)) * 3n,
);
const huge = make(() => (random() < 0.1 ? null : 2n ** 100n + BigInt(Math.floor(random() * 9))));
const many = make(() => `m${Math.floor(random() * 700)}`);
const flag = make(() => oneOf([true, false, null]));
const day = make(() => oneOf(['2000-01-01', '2000-02-29', '1969-12-31', null]));
const blob = make(() => oneOf(['a', 'b', null]));
const dec = (v: number | null): string | null => (v === null ? null : (v / 100).toFixed(2));
const lit = (v: number | null): Literal => (v !== null && !Number.isFinite(v) ? String(v) : v);

let halftone: Halftone;
beforeAll(async () => {
  const wide = Object.fromEntries(
    Array.from({ length: 51 }, (_, c): [string, [string, Literal[]]] => [
      `c${c}`,
      ['INTEGER', make((i) => (i % (c + 2) === 0 ? null : i % (c + 3)))],
    ]),
  );
  halftone = await startHalftone({
    t: tableSql({
      key: ['VARCHAR', key],
      small: ['INTEGER', small],
      wild: ['DOUBLE', wild.map(lit)],
      cents: ['DECIMAL(9,2)', cents.map(dec)],
      big: ['BIGINT', big.map((v) => v && String(v))],
      huge: ['HUGEINT', huge.map((v) => v && String(v))],
      many: ['VARCHAR', many],
      flag: ['BOOLEAN', flag],
      day: ['DATE', day],
      blob: ['BLOB', blob],
      nothing: ['DOUBLE', make(() => null)],
    }),
    wide: tableSql(wide),
    one: tableSql({ x: ['INTEGER', [3]], y: ['DOUBLE', ['NaN']] }),
  });
});
afterAll(() => halftone.close());

const ALL = make((i) => i);
type Column = readonly (number | bigint | string | boolean | null)[];
const COLUMNS: Record<string, Column> = {
  key,
  small,
  wild,
  big,
  huge,
  many,
  flag,
  day,
  blob,
  cents: cents.map((v) => (v === null ? null : v / 100)),
  nothing: make(() => null),
};

/** The aggregate by the words of the contract: null and NaN are no values. */
function aggregate(
  op: string,
  name: string | undefined,
  rows: readonly number[],
  p = 0.5,
): number | null {
  if (name === undefined) return rows.length;
  const values = rows.map((r) => COLUMNS[name]![r]!).filter((v) => v !== null && !Number.isNaN(v));
  if (op === 'count') return values.length;
  if (op === 'distinct') return new Set(values.map((v) => (v === 0 ? 0 : v))).size;
  if (values.length === 0) return null;
  if (typeof values[0] === 'bigint') {
    const sum = (values as bigint[]).reduce((a, b) => a + b, 0n);
    if (op === 'sum') return Number(sum);
    if (op === 'mean') return Number(sum) / values.length;
  }
  const numbers = values.map(Number).sort((a, b) => a - b);
  if (op === 'sum' || op === 'mean') {
    // Cents are added as whole numbers.
    const scale = name === 'cents' ? 100 : 1;
    const sum = numbers.reduce((a, b) => a + Math.round(b * scale * 1024) / 1024, 0) / scale;
    const infinite = numbers.filter((v) => !Number.isFinite(v));
    const total = infinite.length > 0 ? infinite.reduce((a, b) => a + b, 0) : sum;
    return op === 'sum' ? total : total / numbers.length;
  }
  if (op === 'min') return numbers[0]!;
  if (op === 'max') return numbers.at(-1)!;
  const at = (op === 'median' ? 0.5 : p) * (numbers.length - 1);
  const [low, high] = [numbers[Math.floor(at)]!, numbers[Math.ceil(at)]!];
  return low === high ? low : low + (high - low) * (at - Math.floor(at));
}

function expectValue(found: unknown, wanted: number | null, what: unknown): void {
  if (wanted === null || !Number.isFinite(wanted)) expect([what, found]).toEqual([what, wanted]);
  else if (Math.abs((found as number) - wanted) > 1e-12 * Math.max(1, Math.abs(wanted)))
    expect([what, found]).toEqual([what, wanted]);
}

const OPS = ['count', 'sum', 'mean', 'min', 'max', 'median', 'quantile', 'distinct'];
const conserved = ({ metadata: { rows } }: Answer): void =>
  expect(rows.drawn + rows.outside + rows.dropped).toBe(rows.matched);

describe('value: one row, the aggregate of the matching rows', () => {
  test('of every op, on numbers of every kind; rows that are null or NaN are dropped', async () => {
    for (const name of ['small', 'wild', 'cents', 'big', 'huge', 'nothing']) {
      for (const op of OPS) {
        for (const p of op === 'quantile' ? [0, 0.1, 0.5, 0.999, 1] : [0.5]) {
          if (name === 'wild' && (op === 'sum' || op === 'mean')) continue;
          const answer = await halftone.frame({
            mark: 'value',
            aggregate: { op, column: name, ...(op === 'quantile' && { p }) },
          });
          const seen = aggregate('count', name, ALL)!;
          expect(answer.table.numRows).toBe(1);
          expect(answer.column('count')).toEqual([seen]);
          expect(answer.metadata.rows).toEqual({
            total: ROWS,
            matched: ROWS,
            drawn: seen,
            outside: 0,
            dropped: ROWS - seen,
          });
          expectValue(answer.column('value')[0], aggregate(op, name, ALL, p), [name, op, p]);
          expect(answer.metadata.exact).toBe(true);
        }
      }
    }
  });
  test('sums of integers above 2^53 are the true ones', async () => {
    const sum = big.reduce((a: bigint, b) => a + (b ?? 0n), 0n);
    const { column } = await halftone.frame({
      mark: 'value',
      aggregate: { op: 'sum', column: 'big' },
    });
    expect(column('value')).toEqual([Number(sum)]);
    const wide = huge.reduce((a: bigint, b) => a + (b ?? 0n), 0n);
    const other = await halftone.frame({ mark: 'value', aggregate: { op: 'sum', column: 'huge' } });
    expect(other.column('value')).toEqual([Number(wide)]);
  });
  test('infinities are values: opposite ones have no sum, one alone is its own', async () => {
    const sum = async (values: unknown[]): Promise<unknown> =>
      (
        await halftone.frame({
          mark: 'value',
          aggregate: { op: 'sum', column: 'wild' },
          filters: [{ op: 'in', column: 'wild', values }],
        })
      ).column('value')[0];
    expect(await sum(['Infinity', 1.25])).toBe(Infinity);
    expect(await sum(['Infinity', '-Infinity'])).toBeNaN();
  });
  test('count and distinct take any column; count without one takes rows', async () => {
    for (const name of ['key', 'flag', 'day', 'blob', 'many']) {
      const distinct = await halftone.frame({
        mark: 'value',
        aggregate: { op: 'distinct', column: name },
      });
      expect(distinct.column('value')).toEqual([aggregate('distinct', name, ALL)]);
      const count = await halftone.frame({
        mark: 'value',
        aggregate: { op: 'count', column: name },
      });
      expect(count.column('value')).toEqual([aggregate('count', name, ALL)]);
      expect(count.metadata.rows.dropped).toBe(ROWS - aggregate('count', name, ALL)!);
    }
    const rows = await halftone.frame({ mark: 'value' });
    expect(rows.column('value')).toEqual([ROWS]);
  });
  test('of no rows is null, but for count and distinct', async () => {
    for (const op of OPS) {
      const { column } = await halftone.frame({
        mark: 'value',
        aggregate: { op, column: 'small', ...(op === 'quantile' && { p: 0.5 }) },
        filters: [{ op: 'any', filters: [] }],
      });
      expect(column('value')).toEqual([op === 'count' || op === 'distinct' ? 0 : null]);
    }
  });
  test.each([
    [{ op: 'mean', column: 'key' }, 'TYPE_MISMATCH'],
    [{ op: 'min', column: 'day' }, 'TYPE_MISMATCH'],
    [{ op: 'sum', column: 'flag' }, 'TYPE_MISMATCH'],
    [{ op: 'mean' }, 'QUERY_INVALID'],
    [{ op: 'quantile', column: 'small' }, 'QUERY_INVALID'],
    [{ op: 'quantile', column: 'small', p: 1.1 }, 'LIMIT_EXCEEDED'],
    [{ op: 'average', column: 'small' }, 'QUERY_INVALID'],
    [{ op: 'mean', column: 'smal' }, 'COLUMN_UNKNOWN'],
  ])('%j is refused', async (wrong, code) => {
    expect(await halftone.refusal({ mark: 'value', aggregate: wrong })).toMatchObject({
      code,
      status: 400,
    });
  });
});

/** Rows by the value of a column, -0 as 0. */
function groupsOf(name: string, rows: readonly number[] = ALL): Map<unknown, number[]> {
  const groups = new Map<unknown, number[]>();
  for (const row of rows) {
    const value = COLUMNS[name]![row]!;
    const own = value === 0 ? 0 : value;
    groups.set(own, [...(groups.get(own) ?? []), row]);
  }
  return groups;
}

const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
function compareKeys(a: unknown, b: unknown): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'string') return bytes(a, b as string);
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return (a as number) < (b as number) ? -1 : Number((a as number) > (b as number));
}

// The reader gives keys in their own type; these are the values of the test's columns.
const ownKey = (name: string, value: unknown): unknown => {
  if (value === null) return null;
  if (name === 'cents') return Number(value) / 100;
  if (name === 'huge') return BigInt(value as string);
  if (name === 'day') return new Date(Number(value) * 86_400_000).toISOString().slice(0, 10);
  if (name === 'blob') return Buffer.from(value as Uint8Array).toString();
  return value;
};

describe('bar: one row a value of x, the largest value first, ties by key', () => {
  test.each([
    'key',
    'small',
    'wild',
    'cents',
    'big',
    'huge',
    'flag',
    'day',
    'blob',
    'many',
    'nothing',
  ])('%s', async (name) => {
    for (const op of OPS) {
      const column = op === 'count' ? undefined : 'cents';
      const answer = await halftone.frame({
        mark: 'bar',
        x: name,
        limit: 100_000,
        aggregate: { op, ...(column && { column }), ...(op === 'quantile' && { p: 0.9 }) },
      });
      const wanted = [...groupsOf(name)]
        .map(([k, rows]) => ({ k, count: rows.length, value: aggregate(op, column, rows, 0.9) }))
        .sort((a, b) => {
          if (a.value === null || b.value === null)
            return Number(a.value === null) - Number(b.value === null) || compareKeys(a.k, b.k);
          return b.value - a.value || compareKeys(a.k, b.k);
        });
      expect(answer.column('key').map((v) => ownKey(name, v))).toEqual(wanted.map(({ k }) => k));
      expect(answer.column('count')).toEqual(wanted.map(({ count }) => count));
      for (const [i, found] of answer.column('value').entries())
        expectValue(found, wanted[i]!.value, [op, wanted[i]!.k]);
      expect(answer.metadata.rows).toEqual({
        total: ROWS,
        matched: ROWS,
        drawn: ROWS,
        outside: 0,
        dropped: 0,
      });
      expect(answer.metadata.marks).toBe(wanted.length);
      expect(answer.metadata.unit.x).toBe('category');
    }
  });
  test('limit is 50 by default; what it cuts off is counted, and outside', async () => {
    for (const limit of [undefined, 0, 1, 3, 700]) {
      const answer = await halftone.frame({
        mark: 'bar',
        x: 'many',
        ...(limit !== undefined && { limit }),
      });
      const wanted = [...groupsOf('many')]
        .map(([k, rows]) => ({ k: k as string, n: rows.length }))
        .sort((a, b) => b.n - a.n || bytes(a.k, b.k));
      const shown = wanted.slice(0, limit ?? 50);
      expect(answer.column('key')).toEqual(shown.map(({ k }) => k));
      const drawn = shown.reduce((sum, { n }) => sum + n, 0);
      expect(answer.metadata.rows).toMatchObject({ drawn, outside: ROWS - drawn, dropped: 0 });
      expect(answer.metadata.cut ?? { keys: 0, rows: 0 }).toEqual({
        keys: wanted.length - shown.length,
        rows: ROWS - drawn,
      });
    }
  });
  test('sort takes the key, the value, the count, x, and what is aggregated; nulls are last either way', async () => {
    const groups = [...groupsOf('key')].map(([k, rows]) => ({
      k,
      n: rows.length,
      v: aggregate('mean', 'small', rows)!,
    }));
    const keys = async (sort: object[]): Promise<unknown[]> =>
      (
        await halftone.frame({
          mark: 'bar',
          x: 'key',
          aggregate: { op: 'mean', column: 'small' },
          sort,
        })
      ).column('key');
    const byKey = groups.toSorted((a, b) => compareKeys(a.k, b.k)).map(({ k }) => k);
    const down = groups
      .toSorted((a, b) =>
        a.k === null || b.k === null ? compareKeys(a.k, b.k) : -compareKeys(a.k, b.k),
      )
      .map(({ k }) => k);
    for (const column of ['key']) {
      expect(await keys([{ column }])).toEqual(byKey);
      expect(await keys([{ column, order: 'desc' }])).toEqual(down);
    }
    const byValue = groups.toSorted((a, b) => a.v - b.v || compareKeys(a.k, b.k)).map(({ k }) => k);
    for (const column of ['value', 'small']) expect(await keys([{ column }])).toEqual(byValue);
    const byCount = groups.toSorted((a, b) => b.n - a.n || compareKeys(a.k, b.k)).map(({ k }) => k);
    expect(await keys([{ column: 'count', order: 'desc' }])).toEqual(byCount);
    expect(
      await halftone.refusal({ mark: 'bar', x: 'key', sort: [{ column: 'cents' }] }),
    ).toMatchObject({ status: 400, field: 'sort[0].column' });
  });
  test('domain lists the keys of the axis in order; the others are cut off', async () => {
    const cases: [string, unknown[], unknown[]][] = [
      ['key', ['z', 'nowhere', null, 'a', 'z'], ['z', null, 'a']],
      ['small', [9, -2, '5', 1.5], [9, -2, 5]],
      ['wild', ['NaN', -0, 'Infinity'], [NaN, 0, Infinity]],
      ['cents', ['1.00', 2], [1, 2]],
      ['big', ['9007199254740996', '9007199254740993'], [9007199254740996n, 9007199254740993n]],
      ['day', ['2000-02-29T00:00:00Z', '1969-12-31'], ['2000-02-29', '1969-12-31']],
      ['flag', [true, null], [true, null]],
      ['blob', ['Yg==', 'YQ=='], ['b', 'a']],
    ];
    for (const [name, listed, wanted] of cases) {
      const { column, metadata } = await halftone.frame({
        mark: 'bar',
        x: name,
        domain: { x: listed },
      });
      const groups = groupsOf(name);
      const shown = wanted.filter((k) => groups.has(k));
      expect(column('key').map((v) => ownKey(name, v))).toEqual(shown);
      const drawn = shown.reduce((sum: number, k) => sum + groups.get(k)!.length, 0);
      expect(metadata.rows).toMatchObject({ drawn, outside: ROWS - drawn, dropped: 0 });
      expect(metadata.cut).toEqual({ keys: groups.size - shown.length, rows: ROWS - drawn });
    }
    const sorted = await halftone.frame({
      mark: 'bar',
      x: 'key',
      domain: { x: ['z', 'a', 'B'] },
      sort: [{ column: 'key' }],
      limit: 2,
    });
    expect(sorted.column('key')).toEqual(['B', 'a']);
    expect(sorted.metadata.domain).toEqual({ x: ['B', 'a'] });
    expect(await halftone.refusal({ mark: 'bar', x: 'small', domain: { x: ['a'] } })).toMatchObject(
      { code: 'TYPE_MISMATCH' },
    );
    expect(await halftone.refusal({ mark: 'bar', x: 'key', domain: { x: [] } })).toMatchObject({
      code: 'QUERY_INVALID',
    });
  });
  test('as many keys as it lists are sent, unless limit says less', async () => {
    const listed = [...new Set(many)].slice(0, 120);
    const query = { mark: 'bar', x: 'many', domain: { x: listed } };
    expect((await halftone.frame(query)).column('key')).toEqual(listed);
    expect((await halftone.frame({ ...query, limit: 7 })).column('key')).toEqual(
      listed.slice(0, 7),
    );
  });
  test('a domain of bins has two ends; what is beyond them is outside', async () => {
    const answer = await halftone.frame({
      mark: 'bar',
      x: { column: 'small', bin: 2 },
      domain: { x: [0, 5] },
      sort: [{ column: 'key' }],
    });
    const within = ALL.filter((r) => small[r] === null || (small[r]! >= 0 && small[r]! <= 5));
    expect(answer.column('key')).toEqual([0, 4, null]);
    expect(answer.metadata.rows).toEqual({
      total: ROWS,
      matched: ROWS,
      drawn: within.length,
      outside: ROWS - within.length,
      dropped: 0,
    });
    expect(answer.metadata.domain).toEqual({ x: [0, 5] });
  });
  test('color makes the series: the top categories, one "other", null its own; a key has all of its series', async () => {
    for (const top of [1, 3, 256]) {
      const answer = await halftone.frame({ mark: 'bar', x: 'small', color: 'key', top });
      const frequency = [...groupsOf('key')]
        .filter(([k]) => k !== null)
        .map(([k, rows]) => ({ k: k as string, n: rows.length }))
        .sort((a, b) => b.n - a.n || bytes(a.k, b.k));
      const kept = new Set(frequency.slice(0, top).map(({ k }) => k));
      const legend = (
        answer.metadata.color as { categories: { label: string; count: number; role: string }[] }
      ).categories;
      const other = legend.find(({ role }) => role === 'other')?.label;
      const wanted = new Map<string, number>();
      for (const row of ALL) {
        const label = key[row] === null ? null : kept.has(key[row]!) ? key[row]! : other!;
        const name = `${small[row]}|${label}|${label === null}`;
        wanted.set(name, (wanted.get(name) ?? 0) + 1);
      }
      const [k, s, count] = [
        answer.column('key'),
        answer.column('series'),
        answer.column('count') as number[],
      ];
      const found = new Map(
        k.map((v, i) => [`${String(v)}|${String(s[i])}|${s[i] === null}`, count[i]!]),
      );
      expect(found).toEqual(wanted);
      if (other !== undefined) expect(kept.has(other)).toBe(false);
    }
  });
  test('50 columns of y make 50 series named after them; 51 are refused', async () => {
    const y = Array.from({ length: 50 }, (_, c) => `c${c}`);
    const { column, table } = await halftone.frame({
      dataset: 'wide',
      mark: 'bar',
      x: 'c50',
      y,
      aggregate: { op: 'max' },
    });
    expect(new Set(column('series'))).toEqual(new Set(y));
    expect(table.numRows % 50).toBe(0);
    const problem = await halftone.refusal({
      dataset: 'wide',
      mark: 'bar',
      x: 'c50',
      y: [...y, 'c50'],
    });
    expect(problem).toMatchObject({ status: 400, code: 'LIMIT_EXCEEDED' });
  });
});

describe('histogram: half-open bins, the last one closed', () => {
  test('by default one a value for integers of at most 64 values', async () => {
    const { column, metadata } = await halftone.frame({ mark: 'histogram', x: 'small' });
    const [lo, hi, count] = [
      column('lo') as number[],
      column('hi') as number[],
      column('count') as number[],
    ];
    expect(lo).toEqual(Array.from({ length: 12 }, (_, i) => i - 2));
    expect(hi).toEqual(lo.map((v) => v + 1));
    expect(count).toEqual(lo.map((v) => ALL.filter((r) => small[r] === v).length));
    const nulls = ALL.filter((r) => small[r] === null).length;
    expect(metadata.rows).toEqual({
      total: ROWS,
      matched: ROWS,
      drawn: ROWS - nulls,
      outside: 0,
      dropped: nulls,
    });
    expect(metadata.marks).toBe(12);
  });
  test('bins are equal from end to end, and count what they hold', async () => {
    for (const [name, domain] of [
      ['cents', undefined],
      ['wild', undefined],
      ['cents', [-3.3, 4.4]],
      ['small', [0, 5]],
      ['big', undefined],
    ] as const) {
      for (const bins of [1, 7, 40, 10_000]) {
        const answer = await halftone.frame({
          mark: 'histogram',
          x: name,
          bins,
          ...(domain && { domain: { x: domain } }),
        });
        conserved(answer);
        const [lo, hi, count] = [
          answer.column('lo') as number[],
          answer.column('hi') as number[],
          answer.column('count') as number[],
        ];
        expect(lo.length).toBe(bins);
        expect([lo[0], hi.at(-1)]).toEqual(answer.metadata.domain!.x);
        const values = COLUMNS[name]!.filter((v) => v !== null && Number.isFinite(Number(v))).map(
          Number,
        );
        const wanted = lo.map(
          (low, i) =>
            values.filter((v) => v >= low && (i === bins - 1 ? v <= hi[i]! : v < hi[i]!)).length,
        );
        if (bins <= 40) expect(count).toEqual(wanted);
        const [low, high] = answer.metadata.domain!.x as [number, number];
        expect(answer.metadata.rows.drawn).toBe(values.filter((v) => v >= low && v <= high).length);
        expect(answer.metadata.rows.dropped).toBe(ROWS - values.length);
        expect(count.reduce((a, b) => a + b, 0)).toBe(answer.metadata.rows.drawn);
      }
    }
  });
  test('a width bins by its multiples', async () => {
    const { column } = await halftone.frame({ mark: 'histogram', x: { column: 'small', bin: 5 } });
    expect(column('lo')).toEqual([-5, 0, 5]);
    expect(column('count')).toEqual(
      [
        [-5, 0],
        [0, 5],
        [5, 10],
      ].map(
        ([a, b]) =>
          ALL.filter((r) => small[r] !== null && small[r]! >= a! && small[r]! < b!).length,
      ),
    );
  });
  test('series are those of color', async () => {
    const answer = await halftone.frame({ mark: 'histogram', x: 'small', color: 'flag' });
    const found = answer.rows();
    for (const { lo, series, count } of found) {
      expect(count).toBe(
        ALL.filter((r) => small[r] === lo && String(flag[r]) === String(series)).length,
      );
    }
    expect(found.reduce((sum, { count }) => sum + (count as number), 0)).toBe(
      answer.metadata.rows.drawn,
    );
  });
  test('of one row and of none', async () => {
    const one = await halftone.frame({ dataset: 'one', mark: 'histogram', x: 'x' });
    expect(one.column('count')).toEqual([1]);
    const nan = await halftone.frame({ dataset: 'one', mark: 'histogram', x: 'y' });
    expect(nan.metadata.rows).toEqual({ total: 1, matched: 1, drawn: 0, outside: 0, dropped: 1 });
    expect(nan.metadata.domain).toBeNull();
  });
});

describe('heatmap: like density, sparse, over cells', () => {
  const cellOf = (v: number, [low, high]: [number, number], cells: number): number =>
    v >= low && v <= high
      ? Math.min(Math.floor(((v - low) * cells) / (high - low)), cells - 1)
      : -1;
  test('every op over its cells', async () => {
    for (const op of OPS) {
      const column = op === 'count' ? undefined : 'small';
      const answer = await halftone.frame({
        mark: 'heatmap',
        x: 'cents',
        y: 'wild',
        domain: { x: [-5, 5], y: [-10, 10] },
        cells: { x: 9, y: 4 },
        aggregate: { op, ...(column && { column }), ...(op === 'quantile' && { p: 0.25 }) },
      });
      const groups = new Map<number, number[]>();
      let [outside, dropped] = [0, 0];
      for (const row of ALL) {
        const [x, y] = [COLUMNS['cents']![row]! as number | null, wild[row]!];
        if (x === null || y === null || !Number.isFinite(y)) dropped++;
        else {
          const [ix, iy] = [cellOf(x, [-5, 5], 9), cellOf(y, [-10, 10], 4)];
          if (ix < 0 || iy < 0) outside++;
          else groups.set(iy * 9 + ix, [...(groups.get(iy * 9 + ix) ?? []), row]);
        }
      }
      const cells = [...groups.keys()].sort((a, b) => a - b);
      expect(answer.column('cell')).toEqual(cells);
      expect(answer.column('count')).toEqual(cells.map((c) => groups.get(c)!.length));
      for (const [i, found] of answer.column('value').entries())
        expectValue(found, aggregate(op, column, groups.get(cells[i]!)!, 0.25), [op, cells[i]]);
      expect(answer.metadata.rows).toEqual({
        total: ROWS,
        matched: ROWS,
        drawn: ROWS - outside - dropped,
        outside,
        dropped,
      });
      expect(answer.metadata).toMatchObject({ layout: 'sparse', width: 9, height: 4 });
    }
  });
  test('a category axis lists its values in order, also such as no row has', async () => {
    const listed = ['z', 'nowhere', 'a', 'ä'];
    const answer = await halftone.frame({
      mark: 'heatmap',
      x: 'key',
      y: 'flag',
      domain: { x: listed, y: [true, false] },
    });
    expect(answer.metadata.domain).toEqual({ x: listed, y: [true, false] });
    expect(answer.metadata).toMatchObject({
      width: 4,
      height: 2,
      unit: { x: 'category', y: 'category' },
    });
    const wanted = new Map<number, number>();
    for (const row of ALL) {
      const [ix, iy] = [listed.indexOf(key[row]!), [true, false].indexOf(flag[row]!)];
      if (key[row] === null || flag[row] === null || ix < 0 || iy < 0) continue;
      wanted.set(iy * 4 + ix, (wanted.get(iy * 4 + ix) ?? 0) + 1);
    }
    expect(answer.column('cell')).toEqual([...wanted.keys()].sort((a, b) => a - b));
    expect(answer.column('count')).toEqual(
      (answer.column('cell') as number[]).map((c) => wanted.get(c)),
    );
    expect(answer.metadata.rows.dropped).toBe(
      ALL.filter((r) => key[r] === null || flag[r] === null).length,
    );
    conserved(answer);
    const unique = await halftone.frame({
      mark: 'heatmap',
      x: 'many',
      y: 'flag',
      domain: { x: ['m3', 'm699', 'm-1'] },
    });
    expect(unique.metadata.domain!.x).toEqual(['m3', 'm699', 'm-1']);
    expect(
      await halftone.refusal({ mark: 'heatmap', x: 'key', y: 'flag', domain: { x: [1] } }),
    ).toMatchObject({ code: 'TYPE_MISMATCH' });
    expect(
      await halftone.refusal({ mark: 'heatmap', x: 'key', y: 'flag', domain: { x: [null] } }),
    ).toMatchObject({ code: 'TYPE_MISMATCH' });
  });
});
