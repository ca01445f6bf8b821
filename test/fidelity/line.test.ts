import { describe, expect, test } from 'vitest';
import type { Query } from '../../protocol/query.js';
import { differenceOf } from './compare.js';
import { allRowsOf, drawLine, lineTable } from './draw-line.js';
import { SHAPES, shapeOf, type ShapeName } from './shapes.js';

const NAMES = Object.keys(SHAPES) as ShapeName[];
const SIZE = { width: 200, height: 100 };

describe.each([
  ['rows that are all sent', 2000],
  ['rows that are looked at one by one', 40_000],
])('%s', (_name, rows) => {
  test.each(NAMES)('%s: the picture is that of all rows', async (name) => {
    const y = shapeOf(name, rows);
    for (const stroke of [1, 1.5, 3]) {
      const drawn = await drawLine(lineTable(y), { method: 'outline' }, { ...SIZE, stroke });
      expect(drawn.method).toBe(rows > 25_000 ? 'outline' : 'points');
      const off = differenceOf(drawn.cover, allRowsOf(y, drawn.stage, stroke));
      // Half a slice at either side of a stroke, of which a pixel may hold two, and the rest for what is left out.
      expect(off.most).toBeLessThan(3);
      expect(off.mean).toBeLessThan(0.2);
      expect(drawn.marks).toBeLessThan(rows > 25_000 ? 40 * SIZE.width : rows + 1);
    }
  });
});

test.each(['noisy', 'smooth', 'steps', 'spikes', 'waves', 'constant'] as const)(
  '%s: of more rows, chosen among extremes, no pixel is off by more than an eighth',
  async (name) => {
    const y = shapeOf(name, 90_000);
    const drawn = await drawLine(lineTable(y), { method: 'outline' }, { ...SIZE, stroke: 1.5 });
    const off = differenceOf(drawn.cover, allRowsOf(y, drawn.stage, 1.5));
    expect(off.most).toBeLessThan(255 / 8);
    expect(off.mean).toBeLessThan(0.2);
  },
);

describe('the picture is that of all rows', () => {
  const y = shapeOf('noisy', 40_000).map((value) => 10 ** value);
  const same = (value: number): number => value;

  test.each([
    ['over times', { x: 'at' }, { x: (x: number) => x * 1000, y: same }],
    ['on a log axis of y', { scale: { y: 'log' } }, { x: same, y: Math.log10 }],
    ['on log axes', { scale: { x: 'log', y: 'log' } }, { x: Math.log10, y: Math.log10 }],
    ['in a part of x', { domain: { x: [5000, 33_000] } }, undefined],
    ['with ends of y that cut it', { domain: { y: [20, 300] } }, undefined],
  ] as const)('%s', async (_name, asked, positionOf) => {
    const query = structuredClone(asked) as Pick<Query, 'x' | 'scale' | 'domain'>;
    const drawn = await drawLine(
      lineTable(y),
      { ...query, method: 'outline' },
      { ...SIZE, stroke: 1.5 },
    );
    expect(drawn.method).toBe('outline');
    // Beyond the domain the nearest row on each side is part of the line, no other.
    const [from, to] = (query.domain?.x ?? [0, Infinity]) as [number, number];
    const rows = y.map((value, i) => (i + 1 >= from - 1 && i + 1 <= to + 1 ? value : NaN));
    const off = differenceOf(drawn.cover, allRowsOf(rows, drawn.stage, 1.5, positionOf));
    expect(off.most).toBeLessThan(3);
    expect(off.mean).toBeLessThan(0.2);
  });
});

test('m4 is far from that', async () => {
  const y = shapeOf('noisy', 40_000);
  const drawn = await drawLine(lineTable(y), { method: 'm4' }, { ...SIZE, stroke: 1.5 });
  const off = differenceOf(drawn.cover, allRowsOf(y, drawn.stage, 1.5));
  expect(off.most).toBeGreaterThan(100);
  expect(off.pixels).toBeGreaterThan(500);
});
