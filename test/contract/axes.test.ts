import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHalftone, tableSql, type Answer, type Halftone } from './halftone.js';

const ROWS = 3000;
let seed = 12345;
const random = (): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return seed / 2 ** 32;
};
const make = <T>(value: (i: number) => T): T[] => Array.from({ length: ROWS }, (_, i) => value(i));

const cents = make(() => (random() < 0.05 ? null : Math.round(random() * 20_000 - 5_000) / 100));
const wild = make(
  (i) =>
    [null, NaN, Infinity, -Infinity, 0, -0, -1.5][Math.floor(random() * 14)] ??
    Math.exp(random() * 20 - 8) * (i % 9 === 0 ? -1 : 1),
);
const whole = make(() => (random() < 0.1 ? null : Math.floor(random() * 200) - 50));
const big = make(() => 9007199254740992n + BigInt(Math.floor(random() * 1000)) * 1001n);
const huge = make(() => 10n ** 25n + BigInt(Math.floor(random() * 1e9)) * 10n ** 12n);
const micros = make(() =>
  random() < 0.1 ? null : 946684800000000n + BigInt(Math.floor(random() * 1e15)),
);
const nanos = make(() => 1600000000000000000n + BigInt(Math.floor(random() * 5000)));
const days = make(() => (random() < 0.1 ? null : Math.floor(random() * 20000) - 3000));
const group = make(() => [null, 'a', 'b', 'c', 'other'][Math.floor(random() * 5)]!);
const clock = make(() => BigInt(Math.floor(random() * 86_400_000_000)));

const stamp = (us: bigint): string => {
  const seconds = us >= 0n ? us / 1000000n : -((-us + 999999n) / 1000000n);
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')}.${String(us - seconds * 1000000n).padStart(6, '0')}`;
};
const nanoStamp = (ns: bigint): string =>
  `${stamp(ns / 1000n)}${String(ns % 1000n).padStart(3, '0')}`;

let halftone: Halftone;
beforeAll(async () => {
  const text = (v: number | null) => (v !== null && !Number.isFinite(v) ? String(v) : v);
  halftone = await startHalftone({
    t: tableSql({
      cents: ['DECIMAL(9,2)', cents.map((v) => v?.toFixed(2) ?? null)],
      price: ['DOUBLE', cents],
      wild: ['DOUBLE', wild.map(text)],
      real: ['FLOAT', cents],
      whole: ['SMALLINT', whole],
      big: ['BIGINT', big.map(String)],
      huge: ['HUGEINT', huge.map(String)],
      micros: ['TIMESTAMP', micros.map((v) => v && stamp(v))],
      zoned: ['TIMESTAMPTZ', micros.map((v) => v && `${stamp(v)}+00`)],
      nanos: ['TIMESTAMP_NS', nanos.map(nanoStamp)],
      days: [
        'DATE',
        days.map((v) => (v === null ? null : new Date(v * 86400000).toISOString().slice(0, 10))),
      ],
      clock: ['TIME', clock.map((us) => stamp(us).slice(11))],
      constant: ['DOUBLE', make(() => 42.5)],
      nothing: ['DOUBLE', make(() => null)],
      word: ['VARCHAR', group],
      flag: ['BOOLEAN', make((i) => i % 3 === 0)],
    }),
    one: tableSql({
      x: ['DOUBLE', [5]],
      y: ['BIGINT', ['9007199254740993']],
      t: ['TIMESTAMP', ['2000-01-01']],
      d: ['DATE', ['2000-01-01']],
      n: ['TIMESTAMP_NS', ['2000-01-01']],
      word: ['VARCHAR', ['a']],
    }),
    edges: tableSql({
      x: ['INTEGER', [1, 2, 3, 4, 5, 6]],
      a: ['DOUBLE', [null, 1, null, 1, null, 'NaN']],
      b: ['DOUBLE', [null, null, 1, -1, -1, null]],
      word: ['VARCHAR', [null, 'a', 'b', null, 'a', null]],
    }),
    large: 'SELECT (i % 7)::INTEGER AS x, 1 AS y FROM range(70000) t(i)',
    none: tableSql({
      x: ['DOUBLE', []],
      y: ['BIGINT', []],
      t: ['TIMESTAMP', []],
      word: ['VARCHAR', []],
    }),
  });
});
afterAll(() => halftone.close());

/** Rows as an axis has them: doubles, or exact integers of the column's unit; null and NaN have no place. */
const AXES: Record<string, readonly (number | bigint | null)[]> = {
  cents,
  price: cents,
  wild,
  whole,
  big: big.map(Number),
  huge: huge.map(Number),
  micros,
  zoned: micros,
  nanos,
  real: cents.map((v) => (v === null ? null : Math.fround(v))),
  days: days.map((v) => (v === null ? null : BigInt(v))),
  clock,
  constant: make(() => 42.5),
  nothing: make(() => null),
};

interface Side {
  column: string;
  ends: readonly [number, number] | readonly [bigint, bigint];
  cells: number;
  log?: boolean;
}

/** The contract's formula, word by word. */
function cellOf(value: number | bigint, { ends, cells, log }: Side): number {
  if (typeof value === 'bigint') {
    const [low, high] = ends as readonly [bigint, bigint];
    if (value < low || value > high) return -1;
    const cell = ((value - low) * BigInt(cells)) / (high - low);
    return Math.min(Number(cell), cells - 1);
  }
  const [low, high] = ends as readonly [number, number];
  if (!(low <= value && value <= high)) return -1;
  if (log === true) {
    const from = Math.log10(low);
    const step = (Math.log10(high) - from) / cells;
    let cell = 0;
    for (let i = 1; i < cells; i++) if (10 ** (from + i * step) <= value) cell = i;
    return cell;
  }
  return Math.min(Math.floor(((value - low) * cells) / (high - low)), cells - 1);
}

const isPlaceable = (value: number | bigint | null, log = false): boolean =>
  value !== null && (typeof value === 'bigint' || (Number.isFinite(value) && (!log || value > 0)));

interface Expected {
  counts: Map<number, number>;
  drawn: number;
  outside: number;
  dropped: number;
  rows: number[];
}

function expectedOf(x: Side, y: Side, keep: (row: number) => boolean = () => true): Expected {
  const result: Expected = { counts: new Map(), drawn: 0, outside: 0, dropped: 0, rows: [] };
  for (let row = 0; row < ROWS; row++) {
    if (!keep(row)) continue;
    const [a, b] = [AXES[x.column]![row]!, AXES[y.column]![row]!];
    if (!isPlaceable(a, x.log) || !isPlaceable(b, y.log)) result.dropped++;
    else {
      const [ix, iy] = [cellOf(a, x), cellOf(b, y)];
      if (ix < 0 || iy < 0) result.outside++;
      else {
        result.drawn++;
        result.rows.push(row);
        const cell = iy * x.cells + ix;
        result.counts.set(cell, (result.counts.get(cell) ?? 0) + 1);
      }
    }
  }
  return result;
}

function countsOf({ metadata, column }: Answer): Map<number, number> {
  const counts = column('count') as number[];
  const cells =
    metadata.layout === 'dense' ? counts.map((_, i) => i) : (column('cell') as number[]);
  return new Map(
    cells.map((cell, i) => [cell, counts[i]!] as const).filter(([, count]) => count > 0),
  );
}

function check(answer: Answer, expected: Expected): void {
  const { drawn, outside, dropped } = expected;
  expect(answer.metadata.rows).toEqual({
    total: ROWS,
    matched: drawn + outside + dropped,
    drawn,
    outside,
    dropped,
  });
  if (answer.metadata.method === 'points') expect(answer.column('row')).toEqual(expected.rows);
  else expect(countsOf(answer)).toEqual(new Map([...expected.counts].sort(([a], [b]) => a - b)));
}

const iso = (us: bigint): string => stamp(us).replace(' ', 'T');

describe('cells are those of the formula, for every type and size', () => {
  const price: Side = { column: 'price', ends: [-50, 150], cells: 600 };
  const cases: [string, Side, Side, object][] = [
    [
      'two decimals',
      { column: 'cents', ends: [-12.34, 56.78], cells: 1000 },
      price,
      { domain: { x: [-12.34, 56.78], y: [-50, 150] } },
    ],
    [
      'two decimals as strings',
      { column: 'cents', ends: [-12.34, 56.78], cells: 1000 },
      price,
      { domain: { x: ['-12.34', '56.78'], y: [-50, 150] } },
    ],
    [
      'doubles',
      { column: 'wild', ends: [-3.7, 1234.5], cells: 333 },
      price,
      { domain: { x: [-3.7, 1234.5], y: [-50, 150] } },
    ],
    [
      'float32',
      { column: 'real', ends: [0.1, 99.9], cells: 777 },
      price,
      { domain: { x: [0.1, 99.9], y: [-50, 150] } },
    ],
    [
      'whole numbers',
      { column: 'whole', ends: [-50, 149], cells: 1000 },
      price,
      { domain: { x: [-50, 149], y: [-50, 150] } },
    ],
    [
      'one cell',
      { column: 'whole', ends: [-50, 149], cells: 1 },
      { ...price, cells: 1 },
      { domain: { x: [-50, 149], y: [-50, 150] } },
    ],
    [
      '8192 by 8192 cells',
      { column: 'price', ends: [-50, 150], cells: 8192 },
      { column: 'whole', ends: [-50, 149], cells: 8192 },
      { domain: { x: [-50, 150], y: [-50, 149] } },
    ],
    [
      'integers above 2^53',
      { column: 'big', ends: [2 ** 53, 2 ** 53 + 1_000_999], cells: 1000 },
      price,
      { domain: { x: ['9007199254740992', '9007199255741991'], y: [-50, 150] } },
    ],
    [
      'HUGEINT',
      { column: 'huge', ends: [1e25, 1.0000000000001e25], cells: 100 },
      price,
      { domain: { x: ['10000000000000000000000000', 1.0000000000001e25], y: [-50, 150] } },
    ],
    [
      'microseconds',
      { column: 'micros', ends: [946684800000001n, 1500000000000007n], cells: 999 },
      price,
      { domain: { x: [iso(946684800000001n), iso(1500000000000007n)], y: [-50, 150] } },
    ],
    [
      'instants',
      { column: 'zoned', ends: [946684800000001n, 1500000000000007n], cells: 1000 },
      price,
      { domain: { x: [`${iso(946684800000001n)}Z`, `${iso(1500000000000007n)}Z`], y: [-50, 150] } },
    ],
    [
      'nanoseconds',
      { column: 'nanos', ends: [1600000000000000003n, 1600000000000004999n], cells: 700 },
      price,
      {
        domain: {
          x: ['2020-09-13T12:26:40.000000003', '2020-09-13T12:26:40.000004999'],
          y: [-50, 150],
        },
      },
    ],
    [
      'times of day',
      { column: 'clock', ends: [0n, 86_399_999_999n], cells: 100 },
      price,
      { domain: { x: ['00:00', '23:59:59.999999'], y: [-50, 150] } },
    ],
  ];
  test.each(cases)('%s', async (_, x, y, query) => {
    const answer = await halftone.frame({
      mark: 'scatter',
      x: x.column,
      y: y.column,
      width: x.cells,
      height: y.cells,
      method: 'density',
      ...query,
    });
    check(answer, expectedOf(x, y));
    expect(answer.metadata.method).toBe('density');
    expect(answer.metadata.exact).toBe(true);
  });
  test('dates, with ends finer than a day, in the finer unit', async () => {
    const x: Side = {
      column: 'days',
      ends: [10000n * 86400n + 43200n, 12000n * 86400n + 1n],
      cells: 777,
    };
    const saved = AXES['days']!;
    AXES['days'] = saved.map((v) => (v === null ? null : (v as bigint) * 86400n));
    const y: Side = { column: 'price', ends: [-50, 150], cells: 3 };
    const at = (seconds: bigint): string =>
      new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
    const answer = await halftone.frame({
      mark: 'scatter',
      x: 'days',
      y: 'price',
      width: 777,
      height: 3,
      method: 'density',
      domain: { x: [at(x.ends[0] as bigint), at(x.ends[1] as bigint)], y: [-50, 150] },
    });
    check(answer, expectedOf(x, y));
    AXES['days'] = saved;
  });
  test('microseconds, with nanoseconds in the ends', async () => {
    const saved = AXES['micros']!;
    AXES['micros'] = saved.map((v) => (v === null ? null : (v as bigint) * 1000n));
    const x: Side = {
      column: 'micros',
      ends: [946684800000001001n, 1500000000000007999n],
      cells: 777,
    };
    const y: Side = { column: 'price', ends: [-50, 150], cells: 3 };
    const answer = await halftone.frame({
      mark: 'scatter',
      x: 'micros',
      y: 'price',
      width: 777,
      height: 3,
      method: 'density',
      domain: {
        x: [nanoStamp(x.ends[0] as bigint), nanoStamp(x.ends[1] as bigint)].map((s) =>
          s.replace(' ', 'T'),
        ),
        y: [-50, 150],
      },
    });
    check(answer, expectedOf(x, y));
    AXES['micros'] = saved;
  });
});

describe('log axes', () => {
  test('what is not positive is dropped; cells are found among edges', async () => {
    for (const width of [1, 7, 500]) {
      const x: Side = { column: 'wild', ends: [0.001, 100000], cells: width, log: true };
      const y: Side = { column: 'whole', ends: [1, 149], cells: 20, log: true };
      const answer = await halftone.frame({
        mark: 'scatter',
        x: 'wild',
        y: 'whole',
        width,
        height: 20,
        method: 'density',
        scale: { x: 'log', y: 'log' },
        domain: { x: [0.001, 100000], y: [1, 149] },
      });
      check(answer, expectedOf(x, y));
      expect(answer.metadata.scale).toEqual({ x: 'log', y: 'log' });
    }
  });
  test('the default domain is the extent of what is positive on both', async () => {
    const { metadata } = await halftone.frame({
      mark: 'scatter',
      x: 'wild',
      y: 'whole',
      scale: { x: 'log', y: 'log' },
    });
    const both = make((i) => i).filter(
      (i) => isPlaceable(wild[i]!, true) && isPlaceable(whole[i]!, true),
    );
    expect(metadata.domain).toEqual({
      x: [Math.min(...both.map((i) => wild[i]!)), Math.max(...both.map((i) => wild[i]!))],
      y: [Math.min(...both.map((i) => whole[i]!)), Math.max(...both.map((i) => whole[i]!))],
    });
    expect(metadata.origin).toEqual({ x: '0', y: '0' });
  });
});

describe('the default domain is the extent of the rows that match and can be placed on every axis', () => {
  test('of numbers, under filters', async () => {
    const keep = (i: number): boolean => group[i] === 'a';
    const { metadata } = await halftone.frame({
      mark: 'scatter',
      x: 'wild',
      y: 'cents',
      filters: [{ op: 'in', column: 'word', values: ['a'] }],
    });
    const rows = make((i) => i).filter(
      (i) => keep(i) && isPlaceable(wild[i]!) && isPlaceable(cents[i]!),
    );
    const span = (values: number[]) => [Math.min(...values), Math.max(...values)];
    expect(metadata.domain).toEqual({
      x: span(rows.map((i) => wild[i]!)),
      y: span(rows.map((i) => cents[i]!)),
    });
    expect(metadata.rows.dropped).toBe(make((i) => i).filter(keep).length - rows.length);
    expect(metadata.rows.outside).toBe(0);
  });
  test('with one axis given, the other is the extent of what can be placed on both', async () => {
    const { metadata } = await halftone.frame({
      mark: 'scatter',
      x: 'wild',
      y: 'cents',
      domain: { x: [0, 1] },
    });
    const rows = make((i) => i).filter((i) => isPlaceable(wild[i]!) && isPlaceable(cents[i]!));
    expect(metadata.domain!.x).toEqual([0, 1]);
    expect(metadata.domain!.y).toEqual([
      Math.min(...rows.map((i) => cents[i]!)),
      Math.max(...rows.map((i) => cents[i]!)),
    ]);
  });
  test('of times, as ISO 8601', async () => {
    const { metadata } = await halftone.frame({ mark: 'scatter', x: 'micros', y: 'zoned' });
    const known = micros.filter((v) => v !== null).sort((a, b) => (a < b ? -1 : 1));
    expect(metadata.domain).toEqual({
      x: [iso(known[0]!), iso(known.at(-1)!)],
      y: [`${iso(known[0]!)}Z`, `${iso(known.at(-1)!)}Z`],
    });
    expect(metadata.unit).toEqual({ x: 'us', y: 'us' });
  });
  test.each([
    [{ mark: 'scatter', x: 'x', y: 'a' }, [2, 4]],
    [{ mark: 'line', x: 'x', y: 'a' }, [2, 4]],
    [{ mark: 'line', x: 'x', y: ['a', 'b'] }, [2, 5]],
    [{ mark: 'line', x: 'x', y: ['a', 'b'], scale: { y: 'log' } }, [2, 4]],
    [{ mark: 'line', x: { column: 'x', bin: 1 }, y: ['a', 'b'] }, [2, 5]],
    [{ mark: 'histogram', x: 'x' }, [1, 6]],
    [{ mark: 'heatmap', x: 'x', y: 'word' }, [2, 5]],
    [{ mark: 'heatmap', x: 'x', y: 'a' }, [2, 4]],
  ])('of those only: %j', async (query, wanted) => {
    const { metadata } = await halftone.frame({ dataset: 'edges', ...query });
    expect(metadata.domain!.x).toEqual(wanted);
  });
  test('with no such row, domain is null and the frame is empty', async () => {
    const queries = [
      { mark: 'scatter', x: 'nothing', y: 'price' },
      { mark: 'scatter', x: 'price', y: 'nothing', method: 'density' },
      { mark: 'scatter', x: 'price', y: 'whole', filters: [{ op: 'any', filters: [] }] },
      { mark: 'line', x: 'price', y: 'nothing' },
      { mark: 'line', x: { column: 'whole', bin: 5 }, y: 'nothing' },
      { mark: 'histogram', x: 'nothing' },
      { mark: 'heatmap', x: 'nothing', y: 'price' },
      { dataset: 'none', mark: 'scatter', x: 'x', y: 'y' },
      { dataset: 'none', mark: 'scatter', x: 'x', y: 't', color: 'word', method: 'density' },
      { dataset: 'none', mark: 'line', x: 't', y: 'y', color: 'word' },
      { dataset: 'none', mark: 'histogram', x: 't', color: 'word' },
      { dataset: 'none', mark: 'heatmap', x: 'word', y: 't' },
      { dataset: 'none', mark: 'bar', x: 'word', color: 'word' },
      { dataset: 'none', mark: 'bar', x: { column: 't', bin: 'day' } },
      { dataset: 'none', mark: 'rows' },
    ];
    for (const query of queries) {
      const { metadata, table } = await halftone.frame(query);
      expect([query, metadata.domain]).toEqual([query, null]);
      expect(table.numRows).toBe(0);
      const { matched, drawn, outside, dropped } = metadata.rows;
      expect(drawn + outside + dropped).toBe(matched);
      expect(metadata.marks).toBe(0);
    }
  });
});

describe('a domain with x0 == x1 is widened by half a unit to each side', () => {
  const widened: [string, string, [unknown, unknown]][] = [
    ['x', 'number', [4.5, 5.5]],
    ['t', 'us', ['1999-12-31T23:59:59.999999500', '2000-01-01T00:00:00.000000500']],
    ['d', 'day', ['1999-12-31T12:00:00', '2000-01-01T12:00:00']],
  ];
  test.each(widened)('%s', async (column, unit, ends) => {
    const { metadata, column: values } = await halftone.frame({
      dataset: 'one',
      mark: 'scatter',
      x: column,
      y: 'x',
    });
    expect(metadata.domain!.x).toEqual(ends);
    expect(metadata.unit.x).toBe(unit);
    expect(values('row')).toEqual([0]);
  });
  test('where it is given, too', async () => {
    const { metadata } = await halftone.frame({
      mark: 'scatter',
      x: 'whole',
      y: 'price',
      method: 'density',
      width: 2,
      height: 1,
      domain: { x: [7, 7] },
    });
    expect(metadata.domain!.x).toEqual([6.5, 7.5]);
    expect(metadata.rows.drawn).toBe(
      make((i) => i).filter((i) => whole[i] === 7 && cents[i] !== null).length,
    );
  });
  test('above 2^53, by as much as a double can tell', async () => {
    const { metadata, column } = await halftone.frame({
      dataset: 'one',
      mark: 'scatter',
      x: 'y',
      y: 'x',
      method: 'density',
      width: 10,
      height: 10,
    });
    const [low, high] = metadata.domain!.x as [number, number];
    expect(low).toBeLessThan(2 ** 53);
    expect(high).toBeGreaterThan(2 ** 53);
    expect(column('count').reduce((sum: number, n) => sum + (n as number), 0)).toBe(1);
  });
});

describe('what is not a domain is refused', () => {
  const cases: [object, RegExp][] = [
    [{ domain: { x: [3, 1] } }, /reversed/],
    [{ domain: { x: [1] } }, /2|ends|entries/],
    [{ domain: { x: [1, 2, 3] } }, /3/],
    [{ domain: { x: [] } }, /empty/],
    [{ domain: { x: ['NaN', 1] } }, /finite/],
    [{ domain: { x: [0, 'Infinity'] } }, /finite/],
    [{ domain: { x: [null, 1] } }, /null/],
    [{ domain: { x: ['a', 'b'] } }, /"a"/],
    [{ domain: { x: [0, 1] }, scale: { x: 'log' } }, /log/],
    [{ x: 'micros', scale: { x: 'log' } }, /log/],
    [{ x: 'micros', domain: { x: [0, 1] } }, /0/],
    [{ x: 'micros', domain: { x: ['2001-01-01', '2000-01-01'] } }, /reversed/],
    [{ x: 'word' }, /word/],
    [{ x: 'flag' }, /flag/],
    [{ x: 'wrod' }, /wrod/],
    [{ y: undefined }, /y/],
    [{ width: 0 }, /0/],
    [{ width: 8193 }, /8193/],
    [{ height: 1e9 }, /1000000000/],
    [{ height: 1.5 }, /1.5/],
    [{ scale: { x: 'sqrt' } }, /sqrt/],
    [{ method: 'm4' }, /m4/],
    [{ method: 'magic' }, /magic/],
    [{ budget: 0 }, /0/],
    [{ budget: 2_000_001 }, /2000001/],
    [{ values: 'all' }, /all/],
    [{ y: ['price', 'whole'] }, /y/],
    [{ x: { column: 'whole', bin: 5 } }, /x/],
    [{ color: 'micros' }, /micros/],
    [{ top: 0 }, /0/],
    [{ top: 257 }, /257/],
  ];
  test.each(cases)('%j', async (query, detail) => {
    const problem = await halftone.refusal({ mark: 'scatter', x: 'whole', y: 'price', ...query });
    expect(problem.status).toBe(400);
    expect(problem.detail).toMatch(detail);
  });
});

describe('points', () => {
  const tables: [string, string][] = [
    ['price', 'whole'],
    ['big', 'cents'],
    ['micros', 'nanos'],
    ['days', 'clock'],
    ['huge', 'real'],
    ['wild', 'constant'],
  ];
  test.each(tables)('value = origin + offset: %s, %s', async (x, y) => {
    const { metadata, table, column } = await halftone.frame({ mark: 'scatter', x, y });
    expect(metadata.method).toBe('points');
    expect(metadata.marks).toBe(table.numRows);
    const rows = column('row') as number[];
    for (const [side, name] of [
      ['x', x],
      ['y', y],
    ] as const) {
      const span = spanOf(name, x, y);
      for (const [k, offset] of (column(side) as number[]).entries()) {
        const value = AXES[name]![rows[k]!]!;
        const origin = metadata.origin![side];
        if (typeof value === 'bigint') {
          // A pixel of 1000 is more than what a float32 may be off.
          expect(Math.abs(Number(value - BigInt(origin)) - offset)).toBeLessThanOrEqual(
            span / 8000,
          );
        } else {
          expect(Math.abs(value - (Number(origin) + offset))).toBeLessThanOrEqual(
            Math.max(Math.abs(value) * 2 ** -52, span / 8000),
          );
        }
      }
    }
    expect(rows).toEqual(
      make((i) => i).filter((i) => isPlaceable(AXES[x]![i]!) && isPlaceable(AXES[y]![i]!)),
    );
  });

  test('"values": "exact" gives x and y in their own types', async () => {
    const { table, column } = await halftone.frame({
      mark: 'scatter',
      x: 'big',
      y: 'micros',
      values: 'exact',
    });
    const rows = column('row') as number[];
    expect(column('x')).toEqual(rows.map((r) => big[r]));
    expect(column('y')).toEqual(rows.map((r) => micros[r]));
    expect(table.names).toEqual(['x', 'y', 'row']);
    const decimals = await halftone.frame({
      mark: 'scatter',
      x: 'cents',
      y: 'huge',
      values: 'exact',
    });
    const own = decimals.column('row') as number[];
    expect(decimals.column('x')).toEqual(own.map((r) => BigInt(Math.round(cents[r]! * 100))));
    expect(decimals.column('y')).toEqual(own.map((r) => String(huge[r])));
  });

  test('what is above the budget is drawn as density, whatever the method', async () => {
    const drawn = make((i) => i).filter(
      (i) => isPlaceable(cents[i]!) && isPlaceable(whole[i]!),
    ).length;
    for (const method of ['auto', 'points']) {
      expect(
        (await halftone.frame({ mark: 'scatter', x: 'price', y: 'whole', method, budget: drawn }))
          .metadata.method,
      ).toBe('points');
      expect(
        (
          await halftone.frame({
            mark: 'scatter',
            x: 'price',
            y: 'whole',
            method,
            budget: drawn - 1,
          })
        ).metadata.method,
      ).toBe('density');
    }
  });

  test('color is a dictionary of the values used, or float32', async () => {
    const named = await halftone.frame({
      mark: 'scatter',
      x: 'price',
      y: 'whole',
      color: 'word',
      top: 2,
    });
    const rows = named.column('row') as number[];
    const frequency = new Map<string, number>();
    for (const value of group)
      if (value !== null) frequency.set(value, (frequency.get(value) ?? 0) + 1);
    const kept = [...frequency]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, 2)
      .map(([label]) => label);
    const other = (
      named.metadata.color as { categories: { label: string; role: string }[] }
    ).categories.find(({ role }) => role === 'other')!.label;
    expect(kept).not.toContain(other);
    expect(named.column('color')).toEqual(
      rows.map((r) => {
        const v = group[r]!;
        return v === null ? null : kept.includes(v) ? v : other;
      }),
    );
    expect(named.table.getChild('color').type.typeId).toBe(-1);
    const shaded = await halftone.frame({ mark: 'scatter', x: 'price', y: 'whole', color: 'wild' });
    expect(shaded.column('color')).toEqual(
      (shaded.column('row') as number[]).map((r) => {
        const v = wild[r]!;
        return v === null || Number.isNaN(v) ? null : Math.fround(v);
      }),
    );
  });
});

describe('density', () => {
  const base = { mark: 'scatter', x: 'price', y: 'whole', method: 'density' };
  test('is sparse where fewer than 1 cell in 64 is occupied, else dense', async () => {
    for (const [width, height] of [
      [1, 1],
      [64, 1],
      [100, 100],
      [1000, 600],
      [1000, 150],
      [400, 300],
    ]) {
      const { metadata, table, column } = await halftone.frame({ ...base, width, height });
      const counts = (column('count') as number[]).filter((n) => n > 0);
      const cells = width! * height!;
      expect(metadata.layout).toBe(counts.length * 64 < cells ? 'sparse' : 'dense');
      expect(table.numRows).toBe(metadata.layout === 'dense' ? cells : counts.length);
      expect(table.names).toEqual(metadata.layout === 'dense' ? ['count'] : ['cell', 'count']);
      if (metadata.layout === 'sparse') {
        const ids = column('cell') as number[];
        expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      }
      const largest = Math.max(...counts);
      expect(bitsOf(table)).toBe(largest < 256 ? 8 : largest < 65536 ? 16 : 32);
    }
  });
  test('counts have the narrowest unsigned type that holds the largest', async () => {
    for (const [width, bits] of [
      [1, 32],
      [7, 16],
    ]) {
      const { table, column } = await halftone.frame({
        dataset: 'large',
        mark: 'scatter',
        x: 'x',
        y: 'y',
        width,
        height: 1,
      });
      expect(bitsOf(table)).toBe(bits);
      expect(column('count')).toEqual(Array.from({ length: width! }, () => 70_000 / width!));
    }
  });
  test('with a category: a row a cell and category, ascending by cell', async () => {
    const { column, metadata } = await halftone.frame({
      ...base,
      width: 40,
      height: 30,
      color: 'word',
    });
    expect(metadata.layout).toBe('sparse');
    const [cell, count, color] = [
      column('cell') as number[],
      column('count') as number[],
      column('color'),
    ];
    expect(cell).toEqual(cell.toSorted((a, b) => a - b));
    const found = new Map(cell.map((c, i) => [`${c} ${String(color[i])}`, count[i]!]));
    const [xs, ys] = [metadata.domain!.x, metadata.domain!.y] as [
      [number, number],
      [number, number],
    ];
    const wanted = new Map<string, number>();
    for (let i = 0; i < ROWS; i++) {
      if (cents[i] === null || whole[i] === null) continue;
      const key = `${cellOf(whole[i]!, { column: '', ends: ys, cells: 30 }) * 40 + cellOf(cents[i]!, { column: '', ends: xs, cells: 40 })} ${group[i]}`;
      wanted.set(key, (wanted.get(key) ?? 0) + 1);
    }
    expect(found).toEqual(new Map([...found.keys()].map((key) => [key, wanted.get(key)])));
    expect(found.size).toBe(wanted.size);
  });
  test('with a number: its mean as float32', async () => {
    const { column, metadata, table } = await halftone.frame({
      ...base,
      width: 10,
      height: 8,
      color: 'cents',
    });
    expect(metadata.layout).toBe('dense');
    expect(table.names).toEqual(['count', 'color']);
    const [xs, ys] = [metadata.domain!.x, metadata.domain!.y] as [
      [number, number],
      [number, number],
    ];
    const sums = Array.from({ length: 80 }, () => 0);
    const counts = Array.from({ length: 80 }, () => 0);
    for (let i = 0; i < ROWS; i++) {
      if (cents[i] === null || whole[i] === null) continue;
      const cell =
        cellOf(whole[i]!, { column: '', ends: ys, cells: 8 }) * 10 +
        cellOf(cents[i]!, { column: '', ends: xs, cells: 10 });
      sums[cell]! += cents[i]!;
      counts[cell]!++;
    }
    expect(column('count')).toEqual(counts);
    for (const [cell, mean] of column('color').entries()) {
      if (counts[cell] === 0) expect(mean).toBeNull();
      else expect(mean).toBeCloseTo(sums[cell]! / counts[cell]!, 3);
    }
  });
});

function bitsOf(table: Answer['table']): unknown {
  return (table.getChild('count').type as { bitWidth?: number }).bitWidth;
}

/** How far the placed values of an axis reach. */
function spanOf(name: string, x: string, y: string): number {
  const values = make((i) => i)
    .filter((i) => isPlaceable(AXES[x]![i]!) && isPlaceable(AXES[y]![i]!))
    .map((i) => Number(AXES[name]![i]!));
  return Math.max(...values) - Math.min(...values) || 1;
}
