import type { Scale } from '../../../protocol/query.js';
import { NANOSECONDS } from '../../../protocol/time.js';
import { axisSql, placeSql, type AxisSql } from './axis-sql.js';
import { oneRow, type Claim } from './claim.js';
import { isTime, type SqlColumn } from './sql-column.js';

/** A column of numbers or times on an axis. */
export interface Side {
  field: 'x' | 'y';
  column: SqlColumn;
  scale: Scale;
}

export interface Places {
  axes: AxisSql[];
  /** True for rows with a place on every axis. */
  placeable: string;
  /** True for those in the domain. */
  inside: string;
}

/**
 * Checks where the rows of a frame went: how many there are, match, have a place and stand in the domain, and that a
 * domain that the query leaves out is the extent of what has a place. `more` narrows the rows with a place, `within` those
 * in the domain. Gives nothing where no row has one.
 */
export async function checkPlaces(
  claim: Claim,
  sides: readonly Side[],
  more = 'true',
  within = 'true',
): Promise<Places | undefined> {
  const { query, frame, where, found } = claim;
  const { domain } = frame.metadata;
  const parts = sides.map(({ column, scale }) => placeSql(column, scale));
  const placeable = `(${[...parts.map((part) => part.placeable), more].join(' AND ')})`;
  if (domain === null) {
    await checkRowCounts(claim, { placeable, inside: 'false' });
    found.same(frame.rows, 0, () => 'marks of a frame without a domain');
    return undefined;
  }
  const axes = sides.map(({ field, column, scale }) => axisSql(column, scale, domain[field]!));
  const inside = [...axes.map((axis) => axis.inside(axis.place)), within].join(' AND ');
  await checkRowCounts(claim, { placeable, inside });
  const extremes = parts.flatMap(({ place }) => [`min(${place})`, `max(${place})`]);
  const extent =
    sides.length === 0
      ? []
      : await oneRow(
          claim,
          `SELECT ${extremes.join(', ')} FROM t WHERE (${where}) AND ${placeable}`,
        );
  for (const [i, { field, column, scale }] of sides.entries()) {
    const asked = query.domain?.[field];
    const given = asked === undefined ? undefined : axisSql(column, scale, asked).ends;
    const [low, high] = given ?? extentOf(column, extent[2 * i], extent[2 * i + 1]);
    const [from, to] = axes[i]!.ends;
    // A domain of one value is widened.
    if (low === high) {
      const holds = low !== null && from <= low && low <= to;
      found.same(holds, true, () => `domain.${field} holds ${String(low)}`);
      continue;
    }
    found.same(from, low, () => `domain.${field}, its low end`);
    found.same(to, high, () => `domain.${field}, its high end`);
  }
  return { axes, placeable, inside };
}

function extentOf(column: SqlColumn, low: unknown, high: unknown): [Told, Told] {
  if (low === null || high === null) return [null, null];
  if (!isTime(column)) return [low as number, high as number];
  const { logical } = column;
  if (logical.kind !== 'time' && logical.kind !== 'clock') throw new Error('A time is wanted.');
  const unit = NANOSECONDS[logical.unit];
  return [(low as bigint) * unit, (high as bigint) * unit];
}

type Told = number | bigint | null;

/** Checks the counts that every frame carries. */
export async function checkRowCounts(
  claim: Claim,
  { placeable, inside }: { placeable: string; inside: string },
): Promise<void> {
  const { frame, where, table, found } = claim;
  const { total, matched, drawn, outside, dropped } = frame.metadata.rows;
  const [all, none, drawnRows] = await oneRow(
    claim,
    `SELECT count(*)::DOUBLE, (count(*) FILTER (NOT ${placeable}))::DOUBLE, (count(*) FILTER (${placeable} AND ${inside}))::DOUBLE FROM t WHERE ${where}`,
  );
  found.same(total, table.rows, () => 'rows.total');
  found.same(matched, all as number, () => 'rows.matched');
  found.same(dropped, none as number, () => 'rows.dropped');
  found.same(drawn, drawnRows as number, () => 'rows.drawn');
  found.same(
    outside,
    (all as number) - (none as number) - (drawnRows as number),
    () => 'rows.outside',
  );
}
