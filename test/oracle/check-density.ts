import { checkDomain, frameAxis, placeableRows, placedOf, type Checked } from './checks.js';
import { legendOf, slotsOf } from './legend.js';
import { must, mustBe, mustList } from './must.js';
import { numbersOf, storedOf, valuesOf } from './read-frame.js';
import type { OracleColumn } from './table.js';

/** Every cell has the count that a walk over the matching rows gives, and no other cell exists. */
export async function checkDensity(checked: Checked): Promise<void> {
  const { matched, frame, query, table } = checked;
  const { metadata } = frame;
  const { width = 1000, height = 600 } = query;
  const color = query.color === undefined ? undefined : table.columns.get(query.color)!;
  const cells = cellsOf(checked, width, height);
  const rows = matched.filter((_, at) => cells[at]! >= 0);
  const occupied = cells.filter((cell) => cell >= 0);
  mustBe(metadata.rows.drawn, rows.length, 'rows.drawn');
  mustBe(metadata.rows.dropped, cells.filter((cell) => cell === -2).length, 'rows.dropped');
  mustBe(metadata.exact, true, 'exact');
  if (color !== undefined && color.kind !== 'number') {
    await checkPairs(checked, color, rows, occupied);
    return;
  }
  const expected = new Uint32Array(width * height);
  for (const cell of occupied) expected[cell]!++;
  const counts = numbersOf(frame, 'count');
  const found = metadata.layout === 'sparse' ? numbersOf(frame, 'cell') : undefined;
  const wanted = Uint32Array.from(
    found === undefined
      ? Array(metadata.domain === null ? 0 : expected.length).keys()
      : cellsIn(expected),
  );
  if (found !== undefined) mustList(found, wanted, 'cell');
  mustList(
    counts,
    Uint32Array.from(wanted, (cell) => expected[cell]!),
    'count',
  );
  if (color !== undefined) checkMeans(checked, color, rows, occupied, wanted);
}

// The cell of each matching row: -1 beyond the domain, -2 without a place.
function cellsOf(checked: Checked, width: number, height: number): Int32Array {
  const { matched } = checked;
  const axes = [placedOf(checked, 'x'), placedOf(checked, 'y')];
  const placeable = placeableRows(matched, axes);
  if (!checkDomain(checked, axes, placeable)) return new Int32Array(matched.length).fill(-2);
  const x = frameAxis(checked, axes[0]!, width);
  const y = frameAxis(checked, axes[1]!, height);
  return matched.map((row) => {
    if (!x.placeable(row) || !y.placeable(row)) return -2;
    const ix = x.cell(row);
    const iy = y.cell(row);
    return ix < 0 || iy < 0 ? -1 : iy * width + ix;
  });
}

function cellsIn(counts: Uint32Array): number[] {
  const cells: number[] = [];
  for (let cell = 0; cell < counts.length; cell++) if (counts[cell]! > 0) cells.push(cell);
  return cells;
}

// A row for each cell and category that occur together, by cell, then as the legend has them.
async function checkPairs(
  checked: Checked,
  color: OracleColumn,
  rows: Int32Array,
  cells: Int32Array,
): Promise<void> {
  const { frame } = checked;
  const legend = await legendOf(checked, color);
  const slots = legend.labels.length;
  const expected = new Map<number, number>();
  for (let at = 0; at < rows.length; at++) {
    const pair = cells[at]! * slots + legend.slotOf(rows[at]!);
    expected.set(pair, (expected.get(pair) ?? 0) + 1);
  }
  const labels = slotsOf(valuesOf<string>(frame, 'color'), legend);
  const found = Array.from(
    storedOf(frame, 'cell') as Uint32Array,
    (cell, at) => cell * slots + labels[at]!,
  );
  const wanted = [...expected.keys()].sort((a, b) => a - b);
  mustList(found, wanted, 'cell and color');
  mustList(
    numbersOf(frame, 'count'),
    wanted.map((pair) => expected.get(pair)),
    'count',
  );
}

function checkMeans(
  { frame, query: { width = 1000, height = 600 } }: Checked,
  { doubles, magnitude }: OracleColumn,
  rows: Int32Array,
  cells: Int32Array,
  shown: Uint32Array,
): void {
  const sums = new Float64Array(width * height);
  const counts = new Uint32Array(width * height);
  for (let at = 0; at < rows.length; at++) {
    const value = doubles[rows[at]!]!;
    if (Number.isNaN(value)) continue;
    sums[cells[at]!]! += value;
    counts[cells[at]!]!++;
  }
  const means = valuesOf<number>(frame, 'color');
  for (const [at, cell] of shown.entries()) {
    const found = means[at]!;
    const wanted = counts[cell] === 0 ? null : Math.fround(sums[cell]! / counts[cell]!);
    if (wanted === null || found === null || !Number.isFinite(wanted)) {
      mustBe(found, wanted, `the mean color of cell ${cell}`);
      continue;
    }
    const slack = Math.abs(wanted) * 2 ** -23 + (magnitude * 1e-14) / counts[cell]!;
    must(
      Math.abs(found - wanted) <= slack,
      () => `Expected the mean color of cell ${cell} to be ${wanted}, found ${found}.`,
    );
  }
}
