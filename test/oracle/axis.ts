import { edgeCell, linearCell, logEdges, timeCell } from '../../protocol/cells.js';
import type { AxisDomain, Scale } from '../../protocol/query.js';
import type { OracleColumn } from './table.js';

/** One axis of a frame, as plain JavaScript computes it: the reference, slow and simple. */
export interface Axis {
  /** False where the row has no place: null, NaN, infinite, not positive on a log axis. */
  placeable(row: number): boolean;
  /** The cell of a placeable row, or -1 outside of the domain. */
  cell(row: number): number;
  /** The value as the client sees it: a double, times in the column's unit. */
  value: (row: number) => number;
}

const UNITS: Readonly<Record<string, bigint>> = {
  DATE: 86_400_000_000_000n,
  TIMESTAMP_S: 1_000n,
  TIMESTAMP_MS: 1_000n,
  TIMESTAMP: 1_000n,
  TIMESTAMPTZ: 1_000n,
  TIMESTAMP_NS: 1n,
};

/** Nanoseconds of one tick of a time column. */
export function unitOf({ type }: OracleColumn): bigint {
  return UNITS[type]!;
}

/** The axis of a column over a domain in the words of the frame's metadata, cut into `width` cells. */
export function axisOf(
  column: OracleColumn,
  domain: AxisDomain,
  scale: Scale,
  width: number,
): Axis {
  if (column.kind === 'time') {
    const unit = unitOf(column);
    const low = nanoseconds(String(domain[0]));
    const high = nanoseconds(String(domain[1]));
    return {
      placeable: (row) => column.valid[row] === 1,
      cell: (row) => timeCell(column.ticks[row]! * unit, low, high, width),
      value: (row) => Number(column.ticks[row]!),
    };
  }
  const [low, high] = domain.map(Number) as [number, number];
  const edges = scale === 'log' ? logEdges(low, high, width) : undefined;
  return {
    placeable: (row) => isPlaceable(column, scale, row),
    cell: (row) =>
      edges
        ? edgeCell(column.doubles[row]!, edges)
        : linearCell(column.doubles[row]!, low, high, width),
    value: (row) => column.doubles[row]!,
  };
}

/** True where a row of the column has a place on an axis of this scale, whatever the domain. */
export function isPlaceable(column: OracleColumn, scale: Scale, row: number): boolean {
  if (column.kind === 'time') return column.valid[row] === 1;
  const value = column.doubles[row]!;
  return Number.isFinite(value) && (scale === 'linear' || value > 0);
}

/** ISO 8601, with or without Z, as nanoseconds since 1970. */
export function nanoseconds(iso: string): bigint {
  const match = /^(-?\d+-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.(\d+))?)?Z?$/.exec(iso);
  if (!match) throw new Error(`Expected an ISO 8601 time, read "${iso}".`);
  const [, day, clock = '00:00:00', fraction = ''] = match;
  const seconds = BigInt(Date.parse(`${day}T${clock}Z`)) / 1000n;
  return seconds * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9));
}
