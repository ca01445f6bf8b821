import { describe, expect, test } from 'vitest';
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

test('m4 is far from that', async () => {
  const y = shapeOf('noisy', 40_000);
  const drawn = await drawLine(lineTable(y), { method: 'm4' }, { ...SIZE, stroke: 1.5 });
  const off = differenceOf(drawn.cover, allRowsOf(y, drawn.stage, 1.5));
  expect(off.most).toBeGreaterThan(100);
  expect(off.pixels).toBeGreaterThan(500);
});
