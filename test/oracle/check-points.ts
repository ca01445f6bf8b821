import { unitOf } from './axis.js';
import {
  checkDomain,
  comparable,
  frameAxis,
  placeableRows,
  placedOf,
  type Checked,
  type Placed,
} from './checks.js';
import { legendOf } from './legend.js';
import { must, mustBe, mustList } from './must.js';
import { numbersOf, storedOf, valuesOf } from './read-frame.js';
import type { OracleColumn } from './table.js';

/** Every matching row in the domain is there, once, at its place and in its color. */
export async function checkPoints(checked: Checked): Promise<void> {
  const { matched, frame, query, table } = checked;
  const axes = [placedOf(checked, 'x'), placedOf(checked, 'y')];
  const placeable = placeableRows(matched, axes);
  let expected: Int32Array = new Int32Array(0);
  if (checkDomain(checked, axes, placeable)) {
    const [x, y] = axes.map((axis) => frameAxis(checked, axis, 1));
    expected = placeable.filter((row) => x!.cell(row) >= 0 && y!.cell(row) >= 0);
  }
  mustList(storedOf(frame, 'row') as Uint32Array, expected, 'row');
  mustBe(frame.metadata.rows.drawn, expected.length, 'rows.drawn');
  mustBe(frame.metadata.rows.dropped, matched.length - placeable.length, 'rows.dropped');
  mustBe(frame.metadata.marks, expected.length, 'marks');
  for (const axis of axes) {
    if (query.values === 'exact') checkExact(checked, axis, expected);
    else if (expected.length > 0) checkOffsets(checked, axis, expected);
  }
  if (query.color === undefined) return;
  const color = table.columns.get(query.color)!;
  if (color.kind === 'number') checkNumbers(checked, color, expected);
  else {
    const { labels, slotOf } = await legendOf(checked, color);
    const wanted = Array.from(expected, (row) => labels[slotOf(row)]!);
    mustList(valuesOf<string>(frame, 'color'), wanted, 'color');
  }
}

function checkNumbers({ frame }: Checked, column: OracleColumn, rows: Int32Array): void {
  const wanted = Float32Array.from(rows, (row) => column.doubles[row]!);
  mustList(numbersOf(frame, 'color'), wanted, 'color');
  if (frame.metadata.domain === null) return;
  const { color } = frame.metadata;
  if (color?.kind !== 'number') throw new Error('The color should be a number.');
  const finite = wanted.filter(Number.isFinite).sort();
  mustList([color.min, color.max], [finite[0] ?? null, finite.at(-1) ?? null], 'its extent');
}

function checkExact({ frame }: Checked, { name, column }: Placed, rows: Int32Array): void {
  if (column.kind === 'time') {
    const stored = Array.from(storedOf(frame, name), BigInt);
    mustList(
      stored,
      Array.from(rows, (row) => column.ticks[row]!),
      name,
    );
  } else {
    const found = valuesOf<unknown>(frame, name).map(Number);
    mustList(
      found,
      Array.from(rows, (row) => column.doubles[row]!),
      name,
    );
  }
}

/** Origin and offset give the value but for a small part of a device pixel: that is what float32 promises. */
export function checkOffsets(checked: Checked, axis: Placed, rows: ArrayLike<number>): void {
  const { frame, query } = checked;
  const { name, column, scale } = axis;
  const origin = Number(frame.metadata.origin?.[name] ?? 0);
  const offsets = numbersOf(frame, name);
  const unit = column.kind === 'time' ? Number(unitOf(column)) : 1;
  const [low, high] = frame.metadata.domain![name]!.map(
    (end) => Number(comparable(column, end)) / unit,
  ) as [number, number];
  const pixels = name === 'x' ? (query.width ?? 1000) : (query.height ?? 600);
  const { value } = frameAxis(checked, axis, 1);
  for (let at = 0; at < rows.length; at++) {
    const wanted = value(rows[at]!);
    const found = origin + offsets[at]!;
    const slack =
      scale === 'log'
        ? Math.abs(wanted) * 2 ** -23
        : (high - low) / pixels / 8 +
          Math.abs(wanted) * 2 ** -52 +
          // Only the neighbours of a line's domain lie beyond it.
          Math.max(0, low - wanted, wanted - high) * 2 ** -23;
    must(
      Math.abs(found - wanted) <= slack,
      () => `Expected ${name} of row ${rows[at]} to be ${wanted}, found ${found}.`,
    );
  }
}
