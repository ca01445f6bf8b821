import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHalftone, tableSql, type Answer, type Halftone } from './halftone.js';

const ROWS = 2000;
let seed = 99;
const random = (): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return seed / 2 ** 32;
};
const make = <T>(value: (i: number) => T): T[] => Array.from({ length: ROWS }, (_, i) => value(i));
const ALL = make((i) => i);

const BASE = 1_600_000_000_000_000_000n;
const up = make((i) => i * 0.25);
const any = make(() =>
  random() < 0.05 ? null : random() < 0.03 ? NaN : Math.round(random() * 400) / 4,
);
const micros = make((i) => 946684800000000n + BigInt(i) * 3_600_000_000n);
const nanos = make(() => (random() < 0.05 ? null : BASE + BigInt(Math.floor(random() * 3000))));
const y = make(() =>
  random() < 0.05
    ? null
    : random() < 0.03
      ? NaN
      : random() < 0.02
        ? Infinity
        : Math.round(random() * 2000 - 600) / 8,
);
const whole = make(() => (random() < 0.1 ? null : Math.floor(random() * 20)));
const word = make(() => (random() < 0.1 ? null : ['a', 'b', 'c', 'd'][Math.floor(random() * 4)]!));

const stamp = (us: bigint): string => new Date(Number(us / 1000n)).toISOString().replace('Z', '');
const nanoStamp = (ns: bigint): string =>
  `2020-09-13 12:26:40.${String(ns - BASE).padStart(9, '0')}`;
const lit = (v: number | null) => (v !== null && !Number.isFinite(v) ? String(v) : v);

let halftone: Halftone;
beforeAll(async () => {
  halftone = await startHalftone({
    t: tableSql({
      up: ['DOUBLE', up],
      any: ['DOUBLE', any.map(lit)],
      micros: ['TIMESTAMP', micros.map(stamp)],
      nanos: ['TIMESTAMP_NS', nanos.map((v) => v && nanoStamp(v))],
      y: ['DOUBLE', y.map(lit)],
      whole: ['INTEGER', whole],
      word: ['VARCHAR', word],
    }),
    one: tableSql({ x: ['DOUBLE', [1]], y: ['DOUBLE', [2]] }),
  });
});
afterAll(() => halftone.close());

const X: Record<string, readonly (number | bigint | null)[]> = { up, any, micros, nanos };
const Y: Record<string, readonly (number | null)[]> = { y, whole };
const hasX = (v: number | bigint | null, log = false): boolean =>
  v !== null && (typeof v === 'bigint' || (Number.isFinite(v) && (!log || v > 0)));
const hasY = (v: number | null, log = false): boolean =>
  v !== null && Number.isFinite(v) && (!log || v > 0);

interface Vertex {
  x: number | bigint;
  y: number | null;
  row: number;
}
const inOrder = (a: Vertex, b: Vertex): number => (a.x < b.x ? -1 : a.x > b.x ? 1 : a.row - b.row);

interface Line {
  x: string;
  y: string;
  low: number | bigint;
  high: number | bigint;
  log?: boolean;
  logY?: boolean;
  keep?: (row: number) => boolean;
}

/** The vertices of a series in the domain, in order; gaps among them; and the nearest row on each side. */
function verticesOf({ x, y: name, low, high, log, logY, keep = () => true }: Line): {
  inside: Vertex[];
  before: Vertex[];
  after: Vertex[];
  dropped: number;
  outside: number;
} {
  const all = ALL.filter((row) => keep(row) && hasX(X[x]![row]!, log))
    .map((row): Vertex => ({
      x: X[x]![row]!,
      y: hasY(Y[name]![row]!, logY) ? Y[name]![row]! : null,
      row,
    }))
    .sort(inOrder);
  const points = all.filter((v) => v.y !== null);
  const matched = ALL.filter(keep).length;
  const outside = points.filter((v) => v.x < low || v.x > high).length;
  return {
    inside: all.filter((v) => v.x >= low && v.x <= high),
    before: nearest(all.filter((v) => v.x < low).toReversed()).toReversed(),
    after: nearest(all.filter((v) => v.x > high)),
    dropped: matched - points.length,
    outside,
  };
}

// The nearest row of a side, and where that breaks the line the nearest one that is on it.
function nearest(beyond: readonly Vertex[]): Vertex[] {
  const point = beyond.find((v) => v.y !== null);
  const [first] = beyond;
  if (first === undefined) return [];
  return point === undefined || point === first ? [first] : [first, point];
}

/** x = origin + offset, to a sixteenth of a pixel; y and row exactly. */
function checkVertices(answer: Answer, wanted: readonly Vertex[], pixel: number): void {
  const [x, ys, rows] = [answer.column('x') as number[], answer.column('y'), answer.column('row')];
  expect(rows).toEqual(wanted.map(({ row }) => row));
  expect(ys).toEqual(wanted.map((v) => v.y));
  const origin = answer.metadata.origin!.x;
  for (const [i, v] of wanted.entries()) {
    const offset = typeof v.x === 'bigint' ? Number(v.x - BigInt(origin)) : v.x - Number(origin);
    expect(Math.abs(x[i]! - offset)).toBeLessThanOrEqual(pixel / 16);
  }
}

const CASES: [string, Line, object][] = [
  ['ascending doubles', { x: 'up', y: 'y', low: 0, high: 499.75 }, {}],
  [
    'ascending doubles in a domain',
    { x: 'up', y: 'y', low: 100.1, high: 300.2 },
    { domain: { x: [100.1, 300.2] } },
  ],
  [
    'doubles in any order, with ties',
    { x: 'any', y: 'y', low: 20, high: 60.5 },
    { domain: { x: [20, 60.5] } },
  ],
  [
    'whole numbers as y',
    { x: 'any', y: 'whole', low: 0.25, high: 99 },
    { domain: { x: [0.25, 99] } },
  ],
  [
    'ascending times',
    {
      x: 'micros',
      y: 'y',
      low: 946684800000000n + 5n * 86_400_000_000n,
      high: 946684800000000n + 25n * 86_400_000_000n + 1n,
    },
    { domain: { x: ['2000-01-06', '2000-01-26T00:00:00.000001'] } },
  ],
  [
    'nanoseconds in any order',
    { x: 'nanos', y: 'y', low: BASE + 700n, high: BASE + 2101n },
    { domain: { x: [nanoStamp(BASE + 700n), nanoStamp(BASE + 2101n)] } },
  ],
  [
    'a log x',
    { x: 'any', y: 'y', low: 0.25, high: 50, log: true },
    { scale: { x: 'log' }, domain: { x: [0.25, 50] } },
  ],
  [
    'a log y',
    { x: 'any', y: 'y', low: 3, high: 70, logY: true },
    { scale: { y: 'log' }, domain: { x: [3, 70] } },
  ],
];
const span = ({ low, high }: Line): number => Number((high as number) - (low as number));

describe('points: every row, ordered by x, then row; a null y breaks the line; neighbours are included', () => {
  test.each(CASES)('%s', async (_, line, query) => {
    const answer = await halftone.frame({
      mark: 'line',
      x: line.x,
      y: line.y,
      method: 'points',
      budget: 5000,
      width: 500,
      ...query,
    });
    const { inside, before, after, dropped, outside } = verticesOf(line);
    expect(answer.metadata.method).toBe('points');
    expect(answer.metadata.exact).toBe(true);
    checkPoints(answer, inside, before, after, line);
    const matched = ROWS;
    expect(answer.metadata.rows).toEqual({
      total: ROWS,
      matched,
      drawn: matched - dropped - outside,
      outside,
      dropped,
    });
  });
});

// Gaps may be thinned out: of those between two points one is enough to break the line.
function checkPoints(
  answer: Answer,
  inside: readonly Vertex[],
  before: readonly Vertex[],
  after: readonly Vertex[],
  line: Line,
): void {
  const rows = answer.column('row') as number[];
  const wanted = [...before, ...inside, ...after];
  const sent = wanted.filter(({ row }) => rows.includes(row));
  checkVertices(answer, sent, span(line) / 500);
  expect(wanted.filter((v) => v.y !== null && !rows.includes(v.row))).toEqual([]);
  expect(breaksOf(sent)).toEqual(breaksOf(wanted));
}

// Between which points a line is broken.
function breaksOf(vertices: readonly Vertex[]): string[] {
  const breaks: string[] = [];
  let last: number | undefined;
  let broken = false;
  for (const { y: value, row } of vertices) {
    if (value === null) broken = true;
    else {
      if (broken && last !== undefined) breaks.push(`${last} ${row}`);
      last = row;
      broken = false;
    }
  }
  return breaks;
}

function cellOf(v: number | bigint, { low, high, log }: Line, width: number): number {
  if (typeof v === 'bigint')
    return Math.min(
      Number(((v - (low as bigint)) * BigInt(width)) / ((high as bigint) - (low as bigint))),
      width - 1,
    );
  const [a, b] = [low as number, high as number];
  if (log === true) {
    const from = Math.log10(a);
    const step = (Math.log10(b) - from) / width;
    let cell = 0;
    for (let i = 1; i < width; i++) if (10 ** (from + i * step) <= v) cell = i;
    return cell;
  }
  return Math.min(Math.floor(((v - a) * width) / (b - a)), width - 1);
}

describe('m4: of each pixel column the first, the last, the least and the greatest row', () => {
  test.each(CASES)('%s', async (_, line, query) => {
    for (const width of [1, 7, 100]) {
      const answer = await halftone.frame({
        mark: 'line',
        x: line.x,
        y: line.y,
        method: 'm4',
        width,
        ...query,
      });
      expect(answer.metadata).toMatchObject({ method: 'm4', exact: true });
      const rows = answer.column('row') as number[];
      const ys = answer.column('y');
      const { inside, before, after, outside, dropped } = verticesOf(line);
      const points = inside.filter((v) => v.y !== null);
      const wanted = new Set<number>();
      for (let c = 0; c < width; c++) {
        const own = points.filter((v) => cellOf(v.x, line, width) === c);
        if (own.length === 0) continue;
        const least = Math.min(...own.map((v) => v.y!));
        const most = Math.max(...own.map((v) => v.y!));
        wanted.add(own[0]!.row).add(own.at(-1)!.row);
        // Of equal y any row will do.
        expect(own.some((v) => v.y === least && rows.includes(v.row))).toBe(true);
        expect(own.some((v) => v.y === most && rows.includes(v.row))).toBe(true);
      }
      for (const row of wanted) expect(rows).toContain(row);
      for (const v of [...before, ...after]) expect(rows).toContain(v.row);
      const sent = rows.filter((_, i) => ys[i] !== null);
      expect(sent.length).toBeLessThanOrEqual(4 * width + 2);
      expect(answer.metadata.rows).toEqual({
        total: ROWS,
        matched: ROWS,
        drawn: ROWS - outside - dropped,
        outside,
        dropped,
      });
      expect(answer.metadata.marks).toBe(rows.length);
    }
  });
});

test('auto is the exact points while they fit the budget, m4 above it', async () => {
  // Rows that break the line are in the frame too.
  const xs = ALL.filter((r) => hasX(any[r]!) && hasY(y[r]!)).map((r) => any[r]!);
  const drawn = ALL.filter(
    (r) => hasX(any[r]!) && any[r]! >= Math.min(...xs) && any[r]! <= Math.max(...xs),
  ).length;
  for (const method of ['auto', 'points']) {
    expect(
      (await halftone.frame({ mark: 'line', x: 'any', y: 'y', method, budget: drawn })).metadata
        .method,
    ).toBe('points');
    expect(
      (await halftone.frame({ mark: 'line', x: 'any', y: 'y', method, budget: drawn - 1 })).metadata
        .method,
    ).toBe('m4');
  }
});

test('lttb, minmaxlttb and minmax choose among the rows, and say that they are not exact', async () => {
  for (const method of ['lttb', 'minmaxlttb', 'minmax']) {
    const answer = await halftone.frame({
      mark: 'line',
      x: 'any',
      y: 'y',
      method,
      budget: 50,
      width: 30,
    });
    expect(answer.metadata.exact).toBe(false);
    expect(answer.metadata.bound).toBeDefined();
    expect(answer.metadata.method).toBe(method);
    const [rows, ys] = [answer.column('row') as number[], answer.column('y')];
    for (const [i, row] of rows.entries()) expect(ys[i]).toBe(hasY(y[row]!) ? y[row] : null);
    if (method !== 'minmax') expect(ys.filter((v) => v !== null).length).toBeLessThanOrEqual(50);
  }
});

test('a y domain is ignored', async () => {
  const [a, b] = await Promise.all([
    halftone.frame({ mark: 'line', x: 'any', y: 'y' }),
    halftone.frame({ mark: 'line', x: 'any', y: 'y', domain: { y: [0, 1] } }),
  ]);
  expect(b.column('row')).toEqual(a.column('row'));
  expect(b.metadata.rows).toEqual(a.metadata.rows);
});

test('the default domain is that of the rows with an x and a y', async () => {
  const rows = ALL.filter((r) => hasX(any[r]!) && hasY(y[r]!));
  const { metadata } = await halftone.frame({ mark: 'line', x: 'any', y: 'y' });
  expect(metadata.domain!.x).toEqual([
    Math.min(...rows.map((r) => any[r]!)),
    Math.max(...rows.map((r) => any[r]!)),
  ]);
  const some = ALL.filter((r) => hasX(any[r]!) && (hasY(y[r]!) || hasY(whole[r]!)));
  const several = await halftone.frame({ mark: 'line', x: 'any', y: ['y', 'whole'] });
  expect(several.metadata.domain!.x).toEqual([
    Math.min(...some.map((r) => any[r]!)),
    Math.max(...some.map((r) => any[r]!)),
  ]);
});

test('series: ordered by series, then x, then row; several y in long form, named after their columns', async () => {
  const answer = await halftone.frame({
    mark: 'line',
    x: 'any',
    y: ['whole', 'y'],
    budget: 10_000,
  });
  const series = answer.column('series') as string[];
  expect([...new Set(series)]).toEqual(['whole', 'y']);
  expect(series).toEqual([
    ...series.filter((s) => s === 'whole'),
    ...series.filter((s) => s === 'y'),
  ]);
  for (const name of ['whole', 'y']) {
    const own = answer.rows().filter((r) => r['series'] === name);
    const wanted = ALL.filter((r) => hasX(any[r]!) && hasY(Y[name]![r]!))
      .map((row): Vertex => ({ x: any[row]!, y: Y[name]![row]!, row }))
      .sort(inOrder);
    expect(own.filter((r) => r['y'] !== null).map((r) => r['row'])).toEqual(
      wanted.map(({ row }) => row),
    );
  }
  const placed = ALL.filter((r) => hasX(any[r]!) && (hasY(y[r]!) || hasY(whole[r]!))).length;
  expect(answer.metadata.rows).toEqual({
    total: ROWS,
    matched: ROWS,
    drawn: placed,
    outside: 0,
    dropped: ROWS - placed,
  });
});

test('color makes a series of each category, one of null, one of the others', async () => {
  const answer = await halftone.frame({
    mark: 'line',
    x: 'any',
    y: 'y',
    color: 'word',
    top: 2,
    budget: 10_000,
  });
  const frequency = ['a', 'b', 'c', 'd']
    .map((w) => [w, word.filter((v) => v === w).length] as const)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const kept = frequency.slice(0, 2).map(([w]) => w);
  const other = (answer.metadata.color as { categories: { label: string }[] }).categories.at(
    -1,
  )!.label;
  for (const { series, row } of answer.rows()) {
    const own = word[row as number]!;
    expect(series).toBe(own === null ? null : kept.includes(own) ? own : other);
  }
  const order = answer.column('series').filter((s, i, all) => i === 0 || s !== all[i - 1]);
  expect(order.length).toBe(4);
});

describe('with a binned x: x, value, count', () => {
  test('a width, every op', async () => {
    for (const op of ['count', 'sum', 'mean', 'min', 'max', 'median', 'distinct']) {
      const answer = await halftone.frame({
        mark: 'line',
        x: { column: 'any', bin: 12.5 },
        y: 'whole',
        aggregate: { op, column: 'whole' },
      });
      expect(answer.table.names).toEqual(['x', 'value', 'count']);
      const groups = new Map<number, number[]>();
      for (const row of ALL) {
        if (!hasX(any[row]!) || whole[row] === null) continue;
        const bin = Math.floor(any[row]! / 12.5) * 12.5;
        groups.set(bin, [...(groups.get(bin) ?? []), whole[row]!]);
      }
      const bins = [...groups.keys()].sort((a, b) => a - b);
      const origin = Number(answer.metadata.origin!.x);
      expect((answer.column('x') as number[]).map((x) => x + origin)).toEqual(bins);
      expect(answer.column('count')).toEqual(bins.map((b) => groups.get(b)!.length));
      for (const [i, value] of (answer.column('value') as number[]).entries()) {
        const own = groups.get(bins[i]!)!.sort((a, b) => a - b);
        const sum = own.reduce((a, b) => a + b, 0);
        const middle =
          (own[Math.floor((own.length - 1) / 2)]! + own[Math.ceil((own.length - 1) / 2)]!) / 2;
        const wanted: Record<string, number> = {
          count: own.length,
          sum,
          mean: sum / own.length,
          min: own[0]!,
          max: own.at(-1)!,
          median: middle,
          distinct: new Set(own).size,
        };
        expect(value).toBeCloseTo(wanted[op]!, 10);
      }
      const dropped = ALL.filter((r) => !hasX(any[r]!) || whole[r] === null).length;
      expect(answer.metadata.rows).toEqual({
        total: ROWS,
        matched: ROWS,
        drawn: ROWS - dropped,
        outside: 0,
        dropped,
      });
    }
  });
  test('rows beyond the domain are outside', async () => {
    const { metadata, column } = await halftone.frame({
      mark: 'line',
      x: { column: 'up', bin: 50 },
      y: 'whole',
      domain: { x: [110, 290] },
    });
    const drawn = ALL.filter((r) => up[r]! >= 110 && up[r]! <= 290 && whole[r] !== null).length;
    const dropped = ALL.filter((r) => whole[r] === null).length;
    expect(metadata.rows).toEqual({
      total: ROWS,
      matched: ROWS,
      drawn,
      outside: ROWS - drawn - dropped,
      dropped,
    });
    expect((column('count') as number[]).reduce((a, b) => a + b, 0)).toBe(drawn);
    expect(metadata.domain!.x).toEqual([110, 290]);
  });
});

test('a line of one row', async () => {
  const { column, metadata } = await halftone.frame({
    dataset: 'one',
    mark: 'line',
    x: 'x',
    y: 'y',
  });
  expect([column('row'), column('y')]).toEqual([[0], [2]]);
  expect(metadata.domain!.x).toEqual([0.5, 1.5]);
});
