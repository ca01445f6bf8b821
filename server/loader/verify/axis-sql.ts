import { logEdges } from '../../../protocol/cells.js';
import type { AxisDomain, Scale } from '../../../protocol/query.js';
import { NANOSECONDS, parseClock, parseTime } from '../../../protocol/time.js';
import { doubleLiteral, integerLiteral } from './literal.js';
import { isTime, numberSql, ticksSql, type SqlColumn } from './sql-column.js';

/** An axis of numbers or times in SQL, over the domain that the frame tells. */
export interface AxisSql {
  /** The place of a row: a double, or a time's ticks; null where it has none. */
  place: string;
  /** True where the row has a place, whatever the domain; never null. */
  placeable: string;
  /** True where a row with a place stands in the domain. */
  inside(place: string): string;
  /** True where a place is below the domain, or above it. */
  before(place: string): string;
  after(place: string): string;
  /** The cell of a place in the domain, of so many. */
  cell(place: string, cells: number, alias: string): CellSql;
  /** The ends of the domain as places: doubles, or nanoseconds. */
  ends: readonly [number, number] | readonly [bigint, bigint];
}

/** A cell as an expression, and what has to be joined for it. */
export interface CellSql {
  sql: string;
  join: string;
}

/** A column on an axis with its scale: what is so before there is a domain. */
export function placeSql(
  column: SqlColumn,
  scale: Scale = 'linear',
): Pick<AxisSql, 'place' | 'placeable'> {
  if (isTime(column)) {
    return { place: ticksSql(column), placeable: `(${column.id} IS NOT NULL)` };
  }
  const place = numberSql(column);
  const positive = scale === 'log' ? ` AND ${place} > 0` : '';
  return { place, placeable: `coalesce(isfinite(${place})${positive}, false)` };
}

export function axisSql(column: SqlColumn, scale: Scale, domain: AxisDomain): AxisSql {
  const base = placeSql(column, scale);
  return isTime(column) ? timeAxis(column, base, domain) : numberAxis(base, scale, domain);
}

function numberAxis(
  base: Pick<AxisSql, 'place' | 'placeable'>,
  scale: Scale,
  domain: AxisDomain,
): AxisSql {
  const [low, high] = domain.map(Number) as [number, number];
  const [from, to] = [doubleLiteral(low), doubleLiteral(high)];
  return {
    ...base,
    ends: [low, high],
    inside: (place) => `(${place} >= ${from} AND ${place} <= ${to})`,
    before: (place) => `${place} < ${from}`,
    after: (place) => `${place} > ${to}`,
    cell(place, cells, alias) {
      if (scale === 'log') return edgeCell(place, logEdges(low, high, cells), alias);
      const last = doubleLiteral(cells - 1);
      const cell = `floor(((${place} - ${from}) * ${doubleLiteral(cells)}) / (${to} - ${from}))`;
      return { sql: `least(${cell}, ${last})::BIGINT`, join: '' };
    },
  };
}

/** The last edge that is not above the place; of edges that are one double, the last. */
function edgeCell(place: string, edges: Float64Array, alias: string): CellSql {
  const last = edges.length - 2;
  const rows: string[] = [];
  for (const [i, edge] of edges.entries()) {
    if (i <= last && edges[i + 1] === edge) continue;
    rows.push(`(${doubleLiteral(edge)}, ${Math.min(i, last)})`);
  }
  return {
    sql: `${alias}.cell`,
    join: `ASOF JOIN (VALUES ${rows.join(', ')}) AS ${alias}(edge, cell) ON ${place} >= ${alias}.edge`,
  };
}

function timeAxis(
  { logical }: SqlColumn,
  base: Pick<AxisSql, 'place' | 'placeable'>,
  domain: AxisDomain,
): AxisSql {
  if (logical.kind !== 'time' && logical.kind !== 'clock') throw new Error('A time is wanted.');
  const parse = logical.kind === 'time' ? parseTime : parseClock;
  const [low, high] = domain.map((end) => parse(String(end))!) as [bigint, bigint];
  const unit = NANOSECONDS[logical.unit];
  const exactly = (place: string): string =>
    unit === 1n ? `${place}::HUGEINT` : `(${place}::HUGEINT * ${unit})`;
  return {
    ...base,
    ends: [low, high],
    inside: (place) =>
      `(${exactly(place)} >= ${integerLiteral(low)} AND ${exactly(place)} <= ${integerLiteral(high)})`,
    before: (place) => `${exactly(place)} < ${integerLiteral(low)}`,
    after: (place) => `${exactly(place)} > ${integerLiteral(high)}`,
    cell(place, cells) {
      const cell = `((${exactly(place)} - ${integerLiteral(low)}) * ${cells}) // ${integerLiteral(high - low)}`;
      return { sql: `least(${cell}, ${cells - 1})::BIGINT`, join: '' };
    },
  };
}
