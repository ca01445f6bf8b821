import type {
  Filter,
  InFilter,
  PolygonFilter,
  RangeFilter,
  Scale,
} from '../../../protocol/query.js';
import { foldTable } from '../../../workers/text/fold.js';
import { floatOf, fromBase64, integerBound } from '../../engine/bound.js';
import { ceilOf, floorOf, toNumber, type Exact } from '../../engine/exact-number.js';
import { doubleLiteral, integerLiteral, textLiteral } from './literal.js';
import { isTime, numberSql, ticksSql, type SqlColumn } from './sql-column.js';

/** The columns that filters may name, and the scales that polygons are drawn on. */
export interface FilterScope {
  column(name: string): SqlColumn;
  scale: { x?: Scale | undefined; y?: Scale | undefined };
}

/** Filters of which a row passes all, as SQL that is true or false and never null. */
export function filtersSql(filters: readonly Filter[], scope: FilterScope): string {
  if (filters.length === 0) return 'true';
  return filters.map((filter) => `(${filterSql(filter, scope)})`).join(' AND ');
}

function filterSql(filter: Filter, scope: FilterScope): string {
  switch (filter.op) {
    case 'in': {
      const within = inSql(filter, scope.column(filter.column));
      return filter.exclude === true ? `NOT (${within})` : within;
    }
    case 'range':
      return rangeSql(filter, scope.column(filter.column));
    case 'contains':
      return containsSql(filter.text, filter.caseSensitive ?? false, scope.column(filter.column));
    case 'null':
      return `${scope.column(filter.column).id} IS NULL`;
    case 'polygon':
      return polygonSql(filter, scope);
    case 'not':
      return `NOT (${filterSql(filter.filter, scope)})`;
    case 'any':
      return filter.filters.length === 0
        ? 'false'
        : filter.filters.map((inner) => `(${filterSql(inner, scope)})`).join(' OR ');
  }
}

function inSql({ values }: InFilter, column: SqlColumn): string {
  const given = values.filter((value) => value !== null);
  const { id, logical } = column;
  const parts = values.includes(null) ? [`${id} IS NULL`] : [];
  let tested = id;
  let literals: string[];
  switch (logical.kind) {
    case 'boolean':
      literals = given.map(String);
      break;
    case 'text':
      literals = given.map((value) => textLiteral(String(value)));
      break;
    case 'binary':
      literals = given.map((value) => {
        const bytes = fromBase64(String(value), refOf(column), 'values');
        return `from_hex('${Buffer.from(bytes).toString('hex')}')`;
      });
      break;
    case 'float':
      literals = given.map((value) => doubleLiteral(floatOf(value, refOf(column), 'values')));
      break;
    default:
      tested = scaledSql(column);
      // What is between two integers of the column equals none of them.
      literals = given.flatMap((value) => {
        const exact = integerBound(value, refOf(column), 'values');
        const floor = floorOf(exact);
        return floor === ceilOf(exact) && fits(floor) ? [integerLiteral(floor)] : [];
      });
  }
  if (literals.length > 0) parts.push(`coalesce(${tested} IN (${literals.join(', ')}), false)`);
  return parts.length === 0 ? 'false' : parts.join(' OR ');
}

function rangeSql(
  { min, max, minExclusive = false, maxExclusive = false }: RangeFilter,
  column: SqlColumn,
): string {
  const { id, logical } = column;
  const parts = [`${id} IS NOT NULL`];
  if (logical.kind === 'float') {
    parts.push(`NOT isnan(${id})`);
    const bound = (value: string | number): string =>
      doubleLiteral(floatOf(value, refOf(column), 'min'));
    if (min !== undefined) parts.push(`${id} ${minExclusive ? '>' : '>='} ${bound(min)}`);
    if (max !== undefined) parts.push(`${id} ${maxExclusive ? '<' : '<='} ${bound(max)}`);
    return `coalesce(${parts.join(' AND ')}, false)`;
  }
  const scaled = scaledSql(column);
  const bound = (value: string | number): Exact => integerBound(value, refOf(column), 'min');
  if (min !== undefined) {
    const least = minExclusive ? floorOf(bound(min)) + 1n : ceilOf(bound(min));
    parts.push(`${scaled} >= ${integerLiteral(clamped(least))}`);
  }
  if (max !== undefined) {
    const most = maxExclusive ? ceilOf(bound(max)) - 1n : floorOf(bound(max));
    parts.push(`${scaled} <= ${integerLiteral(clamped(most))}`);
  }
  return `coalesce(${parts.join(' AND ')}, false)`;
}

/** The integer that a column stores: a decimal's without its point, a time's ticks. */
export function scaledSql(column: SqlColumn): string {
  const { id, logical } = column;
  if (logical.kind === 'decimal') return `replace(${id}::VARCHAR, '.', '')::HUGEINT`;
  return isTime(column) ? ticksSql(column) : id;
}

// The least HUGEINT has no literal.
const GREATEST = 2n ** 127n - 1n;

function fits(value: bigint): boolean {
  return value >= -GREATEST && value <= GREATEST;
}

function clamped(value: bigint): bigint {
  if (value > GREATEST) return GREATEST;
  return value < -GREATEST ? -GREATEST : value;
}

/**
 * A search by Unicode simple case folding as a pattern of classes: each letter of the text with all that fold to the
 * same. Folding is from one letter to one, so that the pattern finds what folded texts would.
 */
function containsSql(text: string, caseSensitive: boolean, { id }: SqlColumn): string {
  if (text === '') return `${id} IS NOT NULL`;
  if (caseSensitive) return `coalesce(contains(${id}, ${textLiteral(text)}), false)`;
  const pattern = Array.from(text, (letter) => {
    const point = letter.codePointAt(0)!;
    return `[${alike(point)
      .map((one) => `\\x{${one.toString(16)}}`)
      .join('')}]`;
  });
  return `coalesce(regexp_matches(${id}, '${pattern.join('')}'), false)`;
}

function alike(point: number): number[] {
  const fold = foldTable();
  const same = point < fold.length ? fold[point]! : point;
  const found: number[] = [];
  fold.forEach((folded, other) => {
    if (folded === same) found.push(other);
  });
  return found.length === 0 ? [point] : found;
}

/**
 * Even-odd with edges inside. The side of an edge is the sign of the double that the contract names, so that points
 * beside an edge fall where they fall in the frame.
 */
function polygonSql({ x, y, points }: PolygonFilter, scope: FilterScope): string {
  const px = placeSql(
    scope.column(x),
    scope.scale.x,
    points.map(([value]) => value),
  );
  const py = placeSql(
    scope.column(y),
    scope.scale.y,
    points.map(([, value]) => value),
  );
  const edges = px.corners.map((ax, i) => {
    const k = (i + 1) % px.corners.length;
    const [ay, bx, by] = [py.corners[i]!, px.corners[k]!, py.corners[k]!];
    return `{'ax': ${ax}, 'ay': ${ay}, 'bx': ${bx}, 'by': ${by}}`;
  });
  const list = `[${edges.join(', ')}]`;
  const side = `((e.bx - e.ax) * (${py.place} - e.ay) - (e.by - e.ay) * (${px.place} - e.ax))`;
  const within = (p: string, axis: 'x' | 'y'): string =>
    `${p} BETWEEN least(e.a${axis}, e.b${axis}) AND greatest(e.a${axis}, e.b${axis})`;
  const on = `${side} = 0 AND ${within(px.place, 'x')} AND ${within(py.place, 'y')}`;
  const crossed = `(e.ay <= ${py.place}) <> (e.by <= ${py.place}) AND (${side} > 0) = (e.by > e.ay)`;
  return `coalesce(isfinite(${px.place}) AND isfinite(${py.place}) AND (len(list_filter(${list}, lambda e: ${on})) > 0 OR len(list_filter(${list}, lambda e: ${crossed})) % 2 = 1), false)`;
}

/** Where a column's values stand on an axis of a polygon, and its corners there. */
function placeSql(
  column: SqlColumn,
  scale: Scale | undefined,
  values: readonly (string | number)[],
): { place: string; corners: string[] } {
  if (isTime(column)) {
    const exact = values.map((value) => integerBound(value, refOf(column), 'points'));
    // Nanoseconds since 1970 are more than doubles tell apart; those since a corner are not.
    const origin = floorOf(exact[0]!);
    return {
      place: `(${ticksSql(column)}::HUGEINT - ${integerLiteral(origin)})::DOUBLE`,
      corners: exact.map((corner) => doubleLiteral(toNumber(corner, origin))),
    };
  }
  const corners = values.map((value) => floatOf(value, refOf(column), 'points'));
  const number = numberSql(column);
  if (scale !== 'log') return { place: number, corners: corners.map(doubleLiteral) };
  return {
    place: `(CASE WHEN ${number} > 0 THEN log10(${number}) END)`,
    corners: corners.map((corner) => doubleLiteral(Math.log10(corner))),
  };
}

/** A column as the readers of bounds want it. */
function refOf({ name, type, logical }: SqlColumn) {
  return { name, info: { type }, logical };
}
