import { expect } from 'vitest';
import { axisOf, isPlaceable } from './axis.js';
import { checkDomain, columnOf, values, type Checked } from './checks.js';

/** Each pixel column keeps its first, last, least and greatest row; every emitted vertex is a row that matches. */
export function checkLine(checked: Checked): void {
  const { matched, frame, query, table } = checked;
  const { metadata } = frame;
  const x = columnOf(table, query.x);
  const y = columnOf(table, query.y);
  const scale = { x: query.scale?.x ?? 'linear', y: query.scale?.y ?? 'linear' } as const;
  const width = query.width ?? 1000;
  checkDomain(
    { ...checked, query: { ...query, domain: query.domain?.x ? { x: query.domain.x } : {} } },
    ['x'],
  );
  const placeable = matched.filter(
    (row) => isPlaceable(x, scale.x, row) && isPlaceable(y, scale.y, row),
  );
  expect(metadata.rows.dropped).toBe(matched.length - placeable.length);
  if (metadata.domain === null) {
    expect(placeable.length).toBe(0);
    return;
  }
  const axis = axisOf(x, metadata.domain.x!, scale.x, width);
  const inside = placeable.filter((row) => axis.cell(row) >= 0);
  expect(metadata.rows.drawn).toBe(inside.length);

  const rows = values<number>(frame, 'row');
  const ys = values<number | null>(frame, 'y');
  const allowed = new Set(matched);
  const emitted = rows.filter((row, at) => ys[at] !== null);
  for (const row of rows) expect(allowed.has(row)).toBe(true);
  expect(new Set(rows).size).toBe(rows.length);
  rows.forEach((row, at) => {
    if (ys[at] === null) expect(isPlaceable(y, scale.y, row)).toBe(false);
    else expect(Number(ys[at])).toBeCloseTo(y.doubles[row]!, precision(y.doubles[row]!));
  });
  for (let at = 1; at < rows.length; at++)
    expect(order(x, rows[at - 1]!, rows[at]!)).toBeLessThan(0);

  if (query.method === 'points') {
    const within = new Set(inside);
    expect(emitted.filter((row) => within.has(row)).length).toBe(inside.length);
    return;
  }
  if (query.method !== 'm4' && query.method !== 'minmax') return;
  const columns = new Map<number, number[]>();
  for (const row of inside)
    columns.set(axis.cell(row), [...(columns.get(axis.cell(row)) ?? []), row]);
  const kept = new Set(emitted);
  for (const members of columns.values()) {
    const present = members.filter((row) => kept.has(row));
    const heights = (some: number[]): [number, number] => [
      Math.min(...some.map((row) => y.doubles[row]!)),
      Math.max(...some.map((row) => y.doubles[row]!)),
    ];
    expect(heights(present)).toEqual(heights(members));
    if (query.method !== 'm4') continue;
    const inOrder = [...members].sort((a, b) => order(x, a, b));
    expect(kept.has(inOrder[0]!)).toBe(true);
    expect(kept.has(inOrder.at(-1)!)).toBe(true);
  }
}

function order(x: Parameters<typeof isPlaceable>[0], a: number, b: number): number {
  if (x.kind === 'time') return Number(x.ticks[a]! - x.ticks[b]!) || a - b;
  return x.doubles[a]! - x.doubles[b]! || a - b;
}

// float32 or float64: seven significant digits either way.
function precision(value: number): number {
  return 6 - Math.max(0, Math.ceil(Math.log10(Math.abs(value) || 1)));
}
