import type { AxisDomain, Query, Scale } from '../../protocol/query.js';
import { axisOf, isPlaceable, nanoseconds, unitOf, type Axis } from './axis.js';
import { isSame, must, mustBe, mustList } from './must.js';
import type { OracleFrame } from './read-frame.js';
import type { OracleColumn, OracleTable } from './table.js';

/** What a check needs: the query, the rows that match by DuckDB's word, ascending, and the frame. */
export interface Checked {
  table: OracleTable;
  query: Query;
  where: string;
  matched: Int32Array;
  frame: OracleFrame;
}

/** Rows are conserved, whatever the mark. */
export function checkCounts({ table, matched, frame }: Checked): void {
  const { total, matched: said, drawn, outside, dropped } = frame.metadata.rows;
  mustBe(total, table.rows, 'rows.total');
  mustBe(said, matched.length, 'rows.matched');
  mustBe(drawn + outside + dropped, said, 'drawn + outside + dropped');
}

/** A column on an axis of the frame. */
export interface Placed {
  name: 'x' | 'y';
  column: OracleColumn;
  scale: Scale;
}

export function placedOf({ table, query }: Checked, name: 'x' | 'y'): Placed {
  return { name, column: columnOf(table, query[name]), scale: query.scale?.[name] ?? 'linear' };
}

/** The matching rows that have a place on all axes. */
export function placeableRows(matched: Int32Array, axes: readonly Placed[]): Int32Array {
  return matched.filter((row) =>
    axes.every(({ column, scale }) => isPlaceable(column, scale, row)),
  );
}

/** The axis of a frame, by its own domain. */
export function frameAxis(
  { frame }: Checked,
  { name, column, scale }: Placed,
  cells: number,
): Axis {
  return axisOf(column, frame.metadata.domain![name]!, scale, cells);
}

/**
 * A default domain is the extent of the rows that match and can be placed; a named one is kept. False where the frame
 * has no domain.
 */
export function checkDomain(
  { query, frame: { metadata } }: Checked,
  axes: readonly Placed[],
  placeable: Int32Array,
): boolean {
  // A frame without a placeable row has no domain, unless the query names all of it.
  if (placeable.length === 0 && axes.some(({ name }) => query.domain?.[name] === undefined)) {
    mustBe(metadata.domain, null, 'the domain');
    return false;
  }
  must(metadata.domain !== null, () => 'Expected a domain, found null.');
  for (const { name, column, scale } of axes) {
    const found = metadata.domain![name]!;
    const wanted = query.domain?.[name];
    if (wanted === undefined) checkExtent(column, placeable, found, scale);
    else if (!isSame(comparable(column, wanted[0]), comparable(column, wanted[1]))) {
      const ends = (domain: AxisDomain): unknown[] => domain.map((end) => comparable(column, end));
      mustList(ends(found), ends(wanted), `the domain of ${name}`);
    }
  }
  return true;
}

function checkExtent(
  column: OracleColumn,
  rows: Int32Array,
  domain: AxisDomain,
  scale: Scale,
): void {
  const found = domain.map((end) => comparable(column, end)) as [number, number];
  const [low, high] = extentOf(column, rows);
  if (low !== high) mustList(found, [low, high], 'the default domain');
  else if (scale === 'linear') {
    must(
      found[0] <= low && low <= found[1],
      () => `The domain ${JSON.stringify(domain)} lacks the value ${low}.`,
    );
  }
}

function extentOf(column: OracleColumn, rows: Int32Array): [number, number] {
  const isTime = column.kind === 'time';
  const values = (isTime ? column.ticks : column.doubles) as Float64Array;
  let low = values[rows[0]!]!;
  let high = low;
  for (const row of rows) {
    const value = values[row]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!isTime) return [low, high];
  const unit = unitOf(column);
  return [BigInt(low) * unit, BigInt(high) * unit] as unknown as [number, number];
}

/** An end of a domain as a number, or as nanoseconds. */
export function comparable(column: OracleColumn, end: unknown): number | bigint {
  return column.kind === 'time' ? nanoseconds(String(end)) : Number(end);
}

export function columnOf(table: OracleTable, encoding: Query['x'] | Query['y']): OracleColumn {
  const name =
    typeof encoding === 'string'
      ? encoding
      : Array.isArray(encoding)
        ? encoding[0]!
        : encoding!.column;
  return table.columns.get(name)!;
}
