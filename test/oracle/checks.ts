import { Type as ArrowType, tableFromIPC, type Table } from '@uwdata/flechette';
import { expect } from 'vitest';
import { METADATA_KEY } from '../../protocol/media.js';
import type { FrameMetadata } from '../../protocol/frame.js';
import type { Query, Scale } from '../../protocol/query.js';
import { axisOf, isPlaceable, nanoseconds, type Axis } from './axis.js';
import type { OracleColumn, OracleTable } from './table.js';

/** A frame as the second reader sees it. */
export interface OracleFrame {
  table: Table;
  metadata: FrameMetadata;
}

/** What a check needs: the query, the rows that match by DuckDB's word, ascending, and the frame. */
export interface Checked {
  table: OracleTable;
  query: Query;
  where: string;
  matched: number[];
  frame: OracleFrame;
}

export function decodeFrame(bytes: Uint8Array): OracleFrame {
  const table = tableFromIPC(bytes, { useBigInt: true });
  const text = table.schema.metadata?.get(METADATA_KEY);
  expect(text, 'the frame carries its metadata').toBeTypeOf('string');
  return { table, metadata: JSON.parse(text!) as FrameMetadata };
}

/** Rows are conserved, whatever the mark. */
export function checkCounts({ table, matched, frame: { metadata } }: Checked): void {
  const { rows } = metadata;
  expect(rows.total).toBe(table.rows);
  expect(rows.matched).toBe(matched.length);
  expect(rows.drawn + rows.outside + rows.dropped).toBe(rows.matched);
}

/** The axes of a two-dimensional frame, by its own domain; undefined where nothing could be placed. */
export function axesOf(
  { table, query, frame }: Checked,
  width: number,
  height: number,
): { x: Axis; y: Axis } | undefined {
  const { domain } = frame.metadata;
  if (domain === null) return undefined;
  const x = columnOf(table, query.x);
  const y = columnOf(table, query.y);
  return {
    x: axisOf(x, domain.x!, query.scale?.x ?? 'linear', width),
    y: axisOf(y, domain.y!, query.scale?.y ?? 'linear', height),
  };
}

/** A default domain is the extent of the rows that match and can be placed; a named one is kept. */
export function checkDomain(
  { table, query, matched, frame: { metadata } }: Checked,
  names: readonly ('x' | 'y')[],
): void {
  const columns = names.map((name) => columnOf(table, query[name]));
  const scales = names.map((name) => query.scale?.[name] ?? 'linear');
  const placeable = matched.filter((row) =>
    columns.every((column, at) => isPlaceable(column, scales[at]!, row)),
  );
  names.forEach((name, at) => {
    const wanted = query.domain?.[name];
    const column = columns[at]!;
    if (wanted !== undefined && !isConstant(column, wanted)) {
      expect(metadata.domain?.[name]?.map((end) => comparable(column, end))).toEqual(
        wanted.map((end) => comparable(column, end)),
      );
    } else if (wanted === undefined) {
      checkExtent(column, placeable, metadata.domain?.[name] ?? null, scales[at]!);
    }
  });
}

function checkExtent(
  column: OracleColumn,
  rows: number[],
  domain: readonly unknown[] | null,
  scale: Scale,
): void {
  if (rows.length === 0) {
    expect(domain).toBeNull();
    return;
  }
  if (column.kind === 'time') {
    const ticks = rows
      .map((row) => column.ticks[row]!)
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    if (ticks[0] === ticks.at(-1)) return;
    expect(domain?.map((end) => comparable(column, end))).toEqual(
      [ticks[0]!, ticks.at(-1)!].map((tick) => tick * unitOf(column)),
    );
    return;
  }
  const values = rows.map((row) => column.doubles[row]!).sort((a, b) => a - b);
  if (values[0] === values.at(-1)) {
    if (scale === 'linear')
      expect(Number(domain![0]) <= values[0]! && values[0]! <= Number(domain![1])).toBe(true);
    return;
  }
  expect(domain?.map(Number)).toEqual([values[0], values.at(-1)].map((value) => value! + 0));
}

function isConstant(column: OracleColumn, [low, high]: readonly unknown[]): boolean {
  return comparable(column, low) === comparable(column, high);
}

function comparable(column: OracleColumn, end: unknown): number | bigint {
  return column.kind === 'time' ? nanoseconds(String(end)) : Number(end) + 0;
}

const UNITS: Readonly<Record<string, bigint>> = {
  DATE: 86_400_000_000_000n,
  TIMESTAMP_S: 1_000_000_000n,
  TIMESTAMP_MS: 1_000_000n,
  TIMESTAMP: 1_000n,
  TIMESTAMPTZ: 1_000n,
  TIMESTAMP_NS: 1n,
};

/** Nanoseconds of one tick of a time column. */
export function unitOf({ type }: OracleColumn): bigint {
  return UNITS[type]!;
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

/** The values of a column of the frame as plain JavaScript. */
export function values<T>(frame: OracleFrame, name: string): T[] {
  const column = frame.table.getChild(name);
  if (!column)
    throw new Error(
      `Expected a column "${name}" in the frame, read ${frame.table.names.join(', ')}.`,
    );
  return [...(column as Iterable<T>)];
}

export function typeOf(frame: OracleFrame, name: string): number | undefined {
  return frame.table.getChild(name)?.type.typeId;
}

export { ArrowType };
