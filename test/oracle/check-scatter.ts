import { expect } from 'vitest';
import { axesOf, checkDomain, values, type Checked } from './checks.js';

/** Every cell has the count that a walk over the matching rows gives, and no other cell exists. */
export function checkDensity(checked: Checked): void {
  const { matched, frame, query } = checked;
  const { metadata } = frame;
  checkDomain(checked, ['x', 'y']);
  const { width = 1000, height = 600 } = query;
  const axes = axesOf(checked, width, height);
  const expected = new Map<number, number>();
  let outside = 0;
  let dropped = 0;
  for (const row of matched) {
    if (!axes || !axes.x.placeable(row) || !axes.y.placeable(row)) {
      dropped++;
      continue;
    }
    const ix = axes.x.cell(row);
    const iy = axes.y.cell(row);
    if (ix < 0 || iy < 0) outside++;
    else expected.set(iy * width + ix, (expected.get(iy * width + ix) ?? 0) + 1);
  }
  expect(metadata.rows.outside).toBe(outside);
  expect(metadata.rows.dropped).toBe(dropped);
  expect(metadata.exact).toBe(true);
  const counts = values<number>(frame, 'count').map(Number);
  const found = new Map<number, number>();
  if (metadata.layout === 'sparse') {
    const cells = values<number>(frame, 'cell');
    for (let at = 0; at < cells.length; at++) {
      if (at > 0) expect(cells[at]).toBeGreaterThan(cells[at - 1]!);
      found.set(cells[at]!, counts[at]!);
    }
  } else {
    if (axes) expect(counts.length).toBe(width * height);
    counts.forEach((count, cell) => {
      if (count > 0) found.set(cell, count);
    });
  }
  expect(sorted(found)).toEqual(sorted(expected));
}

/** Every matching row in the domain is there, once, at its place. */
export function checkPoints(checked: Checked): void {
  const { matched, frame, query } = checked;
  const { metadata } = frame;
  checkDomain(checked, ['x', 'y']);
  const { width = 1000, height = 600 } = query;
  const axes = axesOf(checked, width, height);
  const expected = axes
    ? matched.filter(
        (row) =>
          axes.x.placeable(row) &&
          axes.y.placeable(row) &&
          axes.x.cell(row) >= 0 &&
          axes.y.cell(row) >= 0,
      )
    : [];
  const rows = values<number>(frame, 'row');
  expect([...rows].sort((a, b) => a - b)).toEqual(expected);
  expect(metadata.rows.drawn).toBe(expected.length);
  expect(metadata.marks).toBe(expected.length);
  for (const name of ['x', 'y'] as const) {
    const origin = Number(metadata.origin?.[name] ?? 0);
    const offsets = values<number | bigint>(frame, name);
    rows.forEach((row, at) => {
      const truth = axes![name].value(row);
      const drawn = origin + Number(offsets[at]);
      expect(Math.abs(drawn - truth)).toBeLessThanOrEqual(tolerance(checked, name, truth));
    });
  }
}

// A point may be off by a small part of a device pixel: that is what float32 offsets promise.
function tolerance(
  { frame: { metadata }, query }: Checked,
  name: 'x' | 'y',
  truth: number,
): number {
  const domain = metadata.domain![name]!;
  const pixels = name === 'x' ? (query.width ?? 1000) : (query.height ?? 600);
  const relative = Math.abs(truth) * 2 ** -23;
  if (typeof domain[0] !== 'number' || query.scale?.[name] === 'log') return relative + 1;
  return (Number(domain[1]) - Number(domain[0])) / pixels / 8 + Math.abs(truth) * 2 ** -52;
}

function sorted(map: Map<number, number>): [number, number][] {
  return [...map].sort(([a], [b]) => a - b);
}
