import { isPlaceable, type Axis } from './axis.js';
import {
  checkDomain,
  frameAxis,
  placeableRows,
  placedOf,
  type Checked,
  type Placed,
} from './checks.js';
import { checkOffsets } from './check-points.js';
import { legendOf, slotsOf, ONE_SERIES, type Legend } from './legend.js';
import { must, mustBe } from './must.js';
import { numbersOf, storedOf, valuesOf } from './read-frame.js';
import type { OracleColumn } from './table.js';

/** Some vertices of a frame of one series, in their order. */
interface Vertices {
  rows: number[];
  /** NaN where the line breaks. */
  ys: number[];
}

/** Each pixel column of each series keeps its first, last, least and greatest row; every vertex is a row that matches. */
export async function checkLine(checked: Checked): Promise<void> {
  const { matched, frame, query, table } = checked;
  const { metadata } = frame;
  const x = placedOf(checked, 'x');
  const ys = (Array.isArray(query.y) ? query.y : [query.y as string]).map((name): Placed => ({
    name: 'y',
    column: table.columns.get(name)!,
    scale: query.scale?.y ?? 'linear',
  }));
  // Of several columns each is its own series: one of them is enough.
  const placeable = placeableRows(matched, [x]).filter((row) =>
    ys.some(({ column, scale }) => isPlaceable(column, scale, row)),
  );
  const { domain } = query;
  const asked = { ...query, domain: domain?.x === undefined ? {} : { x: domain.x } };
  const hasDomain = checkDomain({ ...checked, query: asked }, [x], placeable);
  mustBe(metadata.rows.dropped, matched.length - placeable.length, 'rows.dropped');
  if (!hasDomain) return;
  const axis = frameAxis(checked, x, query.width ?? 1000);
  const inside = placeable.filter((row) => axis.cell(row) >= 0);
  mustBe(metadata.rows.drawn, inside.length, 'rows.drawn');
  if (query.method === 'points') mustBe(metadata.method, 'points', 'the method');

  const color = query.color === undefined ? undefined : table.columns.get(query.color)!;
  const legend = color === undefined ? ONE_SERIES : await legendOf(checked, color);
  const isList = Array.isArray(query.y);
  const parts = verticesOf(
    checked,
    isList ? { ...ONE_SERIES, labels: [...(query.y as string[])] } : legend,
  );
  checkOffsets(checked, x, storedOf(frame, 'row') as Uint32Array);
  for (const [slot, vertices] of parts.entries()) {
    const rows = isList ? matched : matched.filter((row) => legend.slotOf(row) === slot);
    const y = ys[isList ? slot : 0]!;
    checkVertices(vertices, rows, x, y);
    const points = placeableRows(rows, [x, y]);
    checkSeries(checked, { axis, x: x.column, y: y.column }, points, vertices);
  }
}

// The vertices of each series; their series stand one after the other as the legend has them.
function verticesOf({ frame, query }: Checked, legend: Legend): Vertices[] {
  const rows = storedOf(frame, 'row') as Uint32Array;
  const ys = numbersOf(frame, 'y');
  const hasSeries = query.color !== undefined || Array.isArray(query.y);
  const slots = hasSeries
    ? slotsOf(valuesOf<string>(frame, 'series'), legend)
    : Array<number>(rows.length).fill(0);
  const parts = legend.labels.map((): Vertices => ({ rows: [], ys: [] }));
  for (let at = 0; at < rows.length; at++) {
    const slot = slots[at]!;
    must(at === 0 || slots[at - 1]! <= slot, () => `The series of vertex ${at} is out of order.`);
    parts[slot]!.rows.push(rows[at]!);
    parts[slot]!.ys.push(ys[at]!);
  }
  return parts;
}

// Vertices are rows of their series, each once, in order of x and row, with their own y.
function checkVertices({ rows, ys }: Vertices, allowed: Int32Array, x: Placed, y: Placed): void {
  const isAllowed = new Set(allowed);
  for (const [at, row] of rows.entries()) {
    must(isAllowed.has(row), () => `Row ${row} is no row of its series.`);
    must(
      at === 0 || compareRows(x.column, rows[at - 1]!, row) < 0,
      () => `Row ${row} stands after ${rows[at - 1]}, and its x does not.`,
    );
    const wanted = isPlaceable(y.column, y.scale, row) ? y.column.doubles[row]! : NaN;
    mustBe(ys[at], wanted, `the y of row ${row}`);
  }
}

function checkSeries(
  { frame, query }: Checked,
  { axis, x, y }: { axis: Axis; x: OracleColumn; y: OracleColumn },
  points: Int32Array,
  vertices: Vertices,
): void {
  const { method } = frame.metadata;
  const kept = new Set(vertices.rows.filter((_, at) => !Number.isNaN(vertices.ys[at])));
  const inside = points.filter((row) => axis.cell(row) >= 0);
  if (method === 'points') {
    for (const row of inside) must(kept.has(row), () => `Row ${row} is missing.`);
    return;
  }
  if (method !== 'm4' && method !== 'outline' && method !== 'minmax') {
    must(kept.size <= query.budget! + 4, () => `${kept.size} points are more than the budget.`);
    return;
  }
  const columns = new Map<number, number[]>();
  for (const row of inside) {
    const members = columns.get(axis.cell(row));
    if (members) members.push(row);
    else columns.set(axis.cell(row), [row]);
  }
  for (const [cell, members] of columns) {
    const present = members.filter((row) => kept.has(row));
    const where = `pixel column ${cell}`;
    mustBe(extreme(y, present, -1), extreme(y, members, -1), `the least y of ${where}`);
    mustBe(extreme(y, present, 1), extreme(y, members, 1), `the greatest y of ${where}`);
    if (method === 'minmax') continue;
    const [first, last] = members.reduce(
      ([first, last], row) => [
        compareRows(x, row, first) < 0 ? row : first,
        compareRows(x, row, last) > 0 ? row : last,
      ],
      [members[0]!, members[0]!] as const,
    );
    must(kept.has(first), () => `The first row ${first} of ${where} is missing.`);
    must(kept.has(last), () => `The last row ${last} of ${where} is missing.`);
  }
}

function extreme({ doubles }: OracleColumn, rows: readonly number[], sign: 1 | -1): number {
  let found = NaN;
  for (const row of rows) if (!(sign * doubles[row]! <= sign * found)) found = doubles[row]!;
  return found;
}

/** By x, then by row. */
function compareRows({ kind, ticks, doubles }: OracleColumn, a: number, b: number): number {
  if (kind === 'time') return ticks[a]! < ticks[b]! ? -1 : ticks[a]! > ticks[b]! ? 1 : a - b;
  return doubles[a]! - doubles[b]! || a - b;
}
