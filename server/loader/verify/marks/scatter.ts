import type { AxisSql } from '../axis-sql.js';
import { columnOf, encoded, type Claim } from '../claim.js';
import { checkLegend } from '../legend.js';
import { aggregateSql } from '../aggregate-sql.js';
import { checkPlaces, type Places, type Side } from '../places.js';
import { isNumber, isTime, numberSql, plainSql } from '../sql-column.js';

/** Every cell of a density, or every point. */
export async function proveScatter(claim: Claim): Promise<void> {
  const { query, frame } = claim;
  const sides = (['x', 'y'] as const).map((field): Side => ({
    field,
    column: encoded(claim, query[field]),
    scale: frame.metadata.scale[field],
  }));
  const places = await checkPlaces(claim, sides);
  if (places === undefined) return;
  await (frame.metadata.method === 'density'
    ? proveCells(claim, places)
    : provePoints(claim, places, sides));
}

async function proveCells(claim: Claim, { axes, placeable, inside }: Places): Promise<void> {
  const { query, frame, table, where, found } = claim;
  const { width, height, layout } = frame.metadata;
  const [x, y] = axes.map((axis, i) =>
    axis.cell(i === 0 ? 'px' : 'py', i === 0 ? width : height, i === 0 ? 'ex' : 'ey'),
  );
  const color = query.color === undefined ? undefined : columnOf(claim, query.color);
  const isMean = color !== undefined && isNumber(color);
  const legend = color === undefined || isMean ? undefined : await checkLegend(claim, color);
  const slots = legend?.labels.length ?? 1;
  const mean = isMean ? aggregateSql({ op: 'mean', column: color.name }, color) : undefined;
  const extra =
    mean === undefined ? '' : `, any_value(1), ${mean.value} AS mean, ${mean.slack} AS slack`;
  const slot = legend === undefined ? '' : ` * ${slots} + ${legend.slot}`;
  const cells = `SELECT t.*, ${axes[0]!.place} AS px, ${axes[1]!.place} AS py FROM t WHERE (${where}) AND ${placeable} AND ${inside}`;
  const columns = await table.ask(
    `SELECT ((${y!.sql} * ${width} + ${x!.sql})${slot})::DOUBLE AS cell, count(*)::DOUBLE AS rows${extra} FROM (${cells}) AS placed ${x!.join} ${y!.join} GROUP BY 1 ORDER BY 1`,
  );
  const [keys = [], counts = [], , means = [], slacks = []] = columns as number[][];
  const ours = frame.numbers('count');
  const labels = legend === undefined ? undefined : frame.plain('color');
  const own = layout === 'dense' ? undefined : frame.numbers('cell');
  const ourMeans = isMean ? frame.plain('color') : [];
  const keyAt = (i: number): number => {
    const cell = own === undefined ? i : own[i]!;
    return labels === undefined ? cell : cell * slots + legend!.slotOf(labels[i]!);
  };
  const nameOf = (key: number): string => {
    const cell = Math.floor(key / slots);
    const at = `cell ${cell} (column ${cell % width}, row ${Math.floor(cell / width)})`;
    return legend === undefined ? at : `${at} of ${legend.labels[key % slots]}`;
  };
  let at = 0;
  let k = 0;
  let before = -1;
  const compared = found.compared;
  // Both ascend: what one side lacks has no row there.
  while (at < ours.length || k < keys.length) {
    const key = at < ours.length ? keyAt(at) : Infinity;
    if (key <= before) {
      found.same(key, 'a later cell', () => `cells in order, at mark ${at}`);
      return;
    }
    const sqlKey = k < keys.length ? keys[k]! : Infinity;
    const here = Math.min(key, sqlKey);
    const count = key === here ? ours[at]! : 0;
    found.same(count, sqlKey === here ? counts[k]! : 0, () => `rows in ${nameOf(here)}`);
    if (isMean && key === here && sqlKey === here && count > 0) {
      // Colors travel as float32.
      const slack = slacks[k]! + Math.abs(means[k]!) * 2 ** -23;
      found.same(ourMeans[at], means[k], () => `mean color of ${nameOf(here)}`, slack);
    }
    if (key === here) {
      before = key;
      at++;
    }
    if (sqlKey === here) k++;
  }
  if (mean !== undefined) {
    found.tolerate(mean.tolerance);
    found.tolerate('a color: float32, 2^-23 of itself');
  }
  // Cells that neither side names have no row on either.
  if (legend === undefined) found.alike(Math.max(0, width * height - (found.compared - compared)));
}

async function provePoints(claim: Claim, places: Places, sides: readonly Side[]): Promise<void> {
  const { query, frame, table, where, found } = claim;
  const { axes, placeable, inside } = places;
  const color = query.color === undefined ? undefined : columnOf(claim, query.color);
  const legend =
    color === undefined || isNumber(color) ? undefined : await checkLegend(claim, color);
  const isExact = query.values === 'exact';
  const values = sides.map(({ column }, i) => (isExact ? plainSql(column) : axes[i]!.place));
  const colored =
    color === undefined ? 'NULL' : legend === undefined ? numberSql(color) : legend.slot;
  const [rows = [], xs = [], ys = [], colors = []] = await table.ask(
    `SELECT row::DOUBLE, ${values[0]}, ${values[1]}, ${colored} FROM t WHERE (${where}) AND ${placeable} AND ${inside} ORDER BY row`,
  );
  found.same(frame.rows, rows.length, () => 'points');
  const ours = frame.numbers('row');
  const sqlColumns = [xs, ys];
  const shown = (isExact ? ['x', 'y'].map((name) => frame.plain(name)) : undefined) ?? [];
  const offsets = ['x', 'y'].map((name) => frame.numbers(name));
  const ourColors = color === undefined ? [] : frame.plain('color');
  for (let i = 0; i < Math.min(rows.length, ours.length); i++) {
    const row = rows[i] as number;
    found.same(ours[i], row, () => `row of point ${i}`);
    for (const [side, field] of (['x', 'y'] as const).entries()) {
      const value = sqlColumns[side]![i];
      const at = (): string => `${field} of row ${row}`;
      if (isExact) found.same(shown[side]![i], value as string | number, at);
      else checkOffset(claim, axes[side]!, field, offsets[side]![i]!, value, at);
    }
    if (color === undefined) continue;
    const at = (): string => `color of row ${row}`;
    if (legend !== undefined) found.same(legend.slotOf(ourColors[i]!), Number(colors[i]), at);
    else found.same(ourColors[i], rounded(colors[i]), at);
  }
  if (!isExact) found.tolerate('a point: the float32 of its offset');
  if (color !== undefined && legend === undefined) found.tolerate('a color: its float32');
  if (sides.some(({ column }) => isTime(column)))
    found.tolerate('a time of a point: the float32 of its offset');
}

function rounded(value: unknown): number | null {
  return value === null ? null : Math.fround(value as number);
}

/** A value travels as an offset from the origin that the metadata names: the float32 nearest to it, or its double. */
export function checkOffset(
  { frame, found }: Claim,
  { ends }: AxisSql,
  field: 'x' | 'y',
  offset: number,
  value: unknown,
  where: () => string,
): void {
  const origin = frame.metadata.origin?.[field] ?? '0';
  const isTicks = typeof ends[0] === 'bigint';
  const sql = isTicks
    ? Number(BigInt(value as bigint) - BigInt(origin))
    : (value as number) - Number(origin);
  const step = frame.isFloat32(field) ? 2 ** -23 : 2 ** -51;
  found.same(offset, sql, where, Math.abs(sql) * step + 2 ** -149);
}
