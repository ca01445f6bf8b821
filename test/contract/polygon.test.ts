import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHalftone, tableSql, type Halftone } from './halftone.js';

const SIDE = 41;
const ROWS = SIDE * SIDE;
const make = <T>(value: (i: number) => T): T[] => Array.from({ length: ROWS }, (_, i) => value(i));
// A grid of whole numbers, some of them null.
const x = make((i) => (i % 97 === 0 ? null : (i % SIDE) - 10));
const y = make((i) => (i % 89 === 0 ? null : Math.floor(i / SIDE) - 10));
const FIRST = 1_700_000_000_123_456n;

let halftone: Halftone;
beforeAll(async () => {
  const stamp = (us: bigint): string =>
    `${new Date(Number(us / 1_000_000n) * 1000).toISOString().slice(0, 19)}.${String(us % 1_000_000n).padStart(6, '0')}`;
  halftone = await startHalftone({
    t: tableSql({
      x: ['INTEGER', x],
      y: ['DOUBLE', y],
      px: ['DOUBLE', x.map((v) => (v === null || v < 0 ? v : 2 ** v))],
      micros: ['TIMESTAMP', x.map((v) => (v === null ? null : stamp(FIRST + BigInt(v))))],
      nanos: ['TIMESTAMP_NS', x.map((v) => (v === null ? null : `${stamp(FIRST + BigInt(v))}007`))],
      day: [
        'DATE',
        x.map((v) =>
          v === null ? null : new Date((v + 12_000) * 86_400_000).toISOString().slice(0, 10),
        ),
      ],
    }),
  });
});
afterAll(() => halftone.close());

type Corner = readonly [number, number];

/** Even-odd in whole numbers, which JavaScript's doubles multiply exactly; a point on an edge is inside. */
function isInside(px: number, py: number, points: readonly Corner[]): boolean {
  let odd = false;
  for (const [i, [bx, by]] of points.entries()) {
    const [ax, ay] = points.at(i - 1)!;
    const side = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
    const within =
      px >= Math.min(ax, bx) &&
      px <= Math.max(ax, bx) &&
      py >= Math.min(ay, by) &&
      py <= Math.max(ay, by);
    if (side === 0 && within) return true;
    if (ay > py !== by > py && px < ax + ((py - ay) * (bx - ax)) / (by - ay)) odd = !odd;
  }
  return odd;
}

const SHAPES: Record<string, Corner[]> = {
  square: [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 10],
  ],
  triangle: [
    [-5, -5],
    [20, 0],
    [0, 20],
  ],
  'a star whose middle is out': [
    [10, 25],
    [18, -5],
    [-8, 14],
    [28, 14],
    [2, -5],
  ],
  'a bow tie': [
    [0, 0],
    [20, 20],
    [20, 0],
    [0, 20],
  ],
  'drawn twice, so all of it is out but its edges': [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 10],
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 10],
  ],
  'with a corner on a row of points': [
    [0, 5],
    [10, 0],
    [20, 5],
    [10, 10],
  ],
  'with a repeated corner': [
    [0, 0],
    [0, 0],
    [12, 0],
    [12, 7],
    [12, 7],
  ],
  flat: [
    [0, 3],
    [5, 3],
    [15, 3],
  ],
  'a point': [
    [4, 4],
    [4, 4],
    [4, 4],
  ],
  'a comb': [
    [0, 0],
    [20, 0],
    [20, 10],
    [15, 10],
    [15, 3],
    [10, 3],
    [10, 10],
    [5, 10],
    [5, 3],
    [0, 3],
  ],
};
const wanted = (points: readonly Corner[]): number[] =>
  make((i) => i).filter((i) => x[i] !== null && y[i] !== null && isInside(x[i]!, y[i]!, points));
const rowsOf = async (filter: object, query: object = {}): Promise<unknown[]> =>
  (
    await halftone.frame({
      mark: 'rows',
      columns: [],
      limit: ROWS,
      filters: [{ op: 'polygon', ...filter }],
      ...query,
    })
  ).column('row');

test.each(Object.entries(SHAPES))(
  'even-odd, a point on an edge is inside: %s',
  async (_, points) => {
    expect(await rowsOf({ x: 'x', y: 'y', points })).toEqual(wanted(points));
    expect(await rowsOf({ x: 'x', y: 'y', points: points.toReversed() })).toEqual(wanted(points));
  },
);

test.each(Object.entries(SHAPES))('over times as over numbers: %s', async (_, points) => {
  const at = (v: number, digits: string): string => {
    const us = FIRST + BigInt(v);
    return `${new Date(Number(us / 1_000_000n) * 1000).toISOString().slice(0, 19)}.${String(us % 1_000_000n).padStart(6, '0')}${digits}`;
  };
  expect(
    await rowsOf({ x: 'micros', y: 'y', points: points.map(([a, b]) => [at(a, ''), b]) }),
  ).toEqual(wanted(points));
  expect(
    await rowsOf({ x: 'nanos', y: 'y', points: points.map(([a, b]) => [at(a, '007'), b]) }),
  ).toEqual(wanted(points));
  const day = (v: number): string => new Date((v + 12_000) * 86_400_000).toISOString().slice(0, 10);
  expect(await rowsOf({ x: 'day', y: 'y', points: points.map(([a, b]) => [day(a), b]) })).toEqual(
    wanted(points),
  );
});

test('edges are straight in the space that "scale" names', async () => {
  // A straight edge from (1, 0) to (2^20, 20) in log space passes through the powers of two.
  const points = [
    [0.99, -0.5],
    [2 ** 20, 20],
    [2 ** 20, -0.5],
  ];
  const log = await rowsOf({ x: 'px', y: 'y', points }, { scale: { x: 'log' } });
  const [from, to] = [Math.log(0.99), Math.log(2 ** 20)];
  expect(log).toEqual(
    make((i) => i).filter((i) => {
      if (x[i] === null || y[i] === null || x[i]! < 0) return false;
      const px = Math.log(2 ** x[i]!);
      return (
        px >= from &&
        px <= to &&
        y[i]! >= -0.5 &&
        y[i]! <= -0.5 + ((px - from) / (to - from)) * 20.5
      );
    }),
  );
  const linear = await rowsOf({ x: 'px', y: 'y', points });
  expect(linear.length).toBeLessThan(log.length);
  expect(
    await halftone.refusal({
      mark: 'rows',
      scale: { x: 'log' },
      filters: [
        {
          op: 'polygon',
          x: 'px',
          y: 'y',
          points: [
            [0, 0],
            [1, 0],
            [1, 1],
          ],
        },
      ],
    }),
  ).toMatchObject({ status: 400, field: 'filters[0].points[0][0]' });
});
