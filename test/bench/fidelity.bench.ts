import { differenceOf, type Difference } from '../fidelity/compare.js';
import { allRowsOf, drawLine, lineTable } from '../fidelity/draw-line.js';
import { drawScatter } from '../fidelity/draw-scatter.js';
import { SHAPES, shapeOf, type ShapeName } from '../fidelity/shapes.js';
import { randomNumbers } from '../fixtures/tiny-tables.js';
import { smoothDiscs } from '../reference/smooth-discs.js';
import type { RunBench } from './result.js';
import { benchRows } from './size.js';

/** Up to so many rows are looked at one by one. */
const MOST_SEEN = 65_536;
/** What the page may be off by: two sides of strokes in a pixel, half a slice each, and what is left out. */
const BAR = 3;
/** Beyond that many rows a stroke may lie an eighth of a pixel beside its place. */
const BAR_OF_CELLS = 32 + BAR;

interface LineCase {
  shape: ShapeName;
  rows: number;
  stroke?: number;
  ratio?: number;
  filtered?: boolean;
}

/** How far pictures of frames are from pictures of all rows: not a speed, and the same on every machine. */
export const run: RunBench = async (report) => {
  const names = Object.keys(SHAPES) as ShapeName[];
  // No multiple of the pixel columns, a multiple, and many.
  const cases: LineCase[] = [3001, 40_000, 400_000].flatMap((rows) =>
    names.map((shape) => ({ shape, rows: benchRows(rows) })),
  );
  for (const stroke of [1, 2]) cases.push({ shape: 'noisy', rows: benchRows(40_000), stroke });
  cases.push({ shape: 'wandering', rows: benchRows(40_000), ratio: 2 });
  cases.push({ shape: 'noisy', rows: benchRows(40_000), ratio: 2 });
  cases.push({ shape: 'spikes', rows: benchRows(400_000), filtered: true });
  for (const each of cases) await compareLine(each);
  for (const rows of [3000, 30_000, 300_000]) compareScatter(benchRows(rows));

  async function compareLine({
    shape,
    rows,
    ratio = 1,
    stroke = 1.5 * ratio,
    filtered = false,
  }: LineCase): Promise<void> {
    const y = shapeOf(shape, rows);
    const size = { width: 400 * ratio, height: 200 * ratio, stroke };
    const table = lineTable(y);
    // All but the last row: enough for a scan that does not know which rows are next to one another.
    const query = filtered
      ? { filters: [{ op: 'range' as const, column: 'x', max: rows - 1 }] }
      : {};
    const drawn = await drawLine(table, { ...query, method: 'outline' }, size);
    const m4 = await drawLine(table, { ...query, method: 'm4' }, size);
    const all = allRowsOf(filtered ? y.subarray(0, rows - 1) : y, drawn.stage, stroke);
    const off = differenceOf(drawn.cover, all);
    const words = (marks: number, difference: Difference): string =>
      `${(marks / size.width).toFixed(1)} vertices a column, mean ${difference.mean.toFixed(3)}, ` +
      `${difference.pixels} of ${difference.inked} pixels off by more than 1`;
    const offM4 = differenceOf(m4.cover, all);
    report({
      name: `line, ${shape}, ${rows.toLocaleString('en')} rows on ${size.width} × ${size.height}, ${stroke} px${filtered ? ', filtered' : ''}`,
      against: 'the stroke through all rows: the pixel that is off most',
      value: off.most,
      unit: '/ 255',
      bar: rows <= MOST_SEEN ? BAR : BAR_OF_CELLS,
      want: 'at most',
      gate: 'the area of all rows’ stroke, in 256 slices a column',
      detail: `${drawn.method}: ${words(drawn.marks, off)}; m4: ${offM4.most.toFixed(0)}, ${words(m4.marks, offM4)}`,
    });
  }

  function compareScatter(rows: number): void {
    const random = randomNumbers(rows);
    const spread = (): number => (random() + random() + random() + random() - 2) / 2;
    for (const ratio of [1, 2]) {
      const size = { width: 400 * ratio, height: 300 * ratio };
      const place = (pixels: number): Float64Array =>
        Float64Array.from({ length: rows }, () => pixels * (0.5 + 0.45 * spread()));
      const [x, y] = [place(size.width), place(size.height)];
      const { cover, style } = drawScatter(x, y, { ...size, ratio });
      const off = differenceOf(cover, smoothDiscs(x, y, size, style));
      report({
        name: `scatter, ${rows.toLocaleString('en')} rows on ${size.width} × ${size.height}, opacity ${style.opacity}`,
        against: 'smooth discs at the true places: the mean over all pixels',
        value: off.mean,
        unit: '/ 255',
        bar: 8,
        want: 'at most',
        gate: '1 - ∏(1 - opacity · area) over all rows',
        detail: `radius ${style.radius}; the pixel that is off most: ${off.most.toFixed(0)}; rows stand in whole pixels, as the counts say`,
      });
    }
  }
};
