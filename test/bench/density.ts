import { tableFromIPC } from '@uwdata/flechette';
import type { FrameMetadata } from '../../protocol/frame.js';
import type { Sql } from './duckdb.js';

/** A scatter of two number columns of a table that DuckDB can read. */
export interface Density {
  /** What stands after FROM. */
  from: string;
  where?: string;
  x: string;
  y: string;
  /** Without it, the full extent. */
  domain?: { x: [number, number]; y: [number, number] };
  width: number;
  height: number;
}

/** The rows of every cell by DuckDB, cell by cell as in a dense frame: what the frame has to hold. */
export async function expectedCounts(sql: Sql, density: Density): Promise<Uint32Array> {
  const { width, height } = density;
  const counts = new Uint32Array(width * height);
  const cell = await cellOf(sql, density);
  for (const [at, count] of await sql(
    `SELECT ${cell.sql} AS cell, count(*) FROM ${density.from} WHERE ${cell.where} GROUP BY cell`,
  )) {
    counts[Number(at)] = Number(count);
  }
  return counts;
}

/** The SQL of the cell of a row, and of whether it stands in one. */
export async function cellOf(sql: Sql, density: Density): Promise<{ sql: string; where: string }> {
  const { from, where = 'true', x, y, width, height } = density;
  const domain = density.domain ?? (await extent());
  const at = (column: string, [low, high]: [number, number], cells: number): string =>
    `least(floor((${column}::DOUBLE - ${low}::DOUBLE) * ${cells} / (${high}::DOUBLE - ${low}::DOUBLE)), ${cells - 1})::INTEGER`;
  return {
    sql: `(${at(y, domain.y, height)} * ${width} + ${at(x, domain.x, width)})`,
    where: `(${where}) AND ${x} BETWEEN ${domain.x[0]} AND ${domain.x[1]} AND ${y} BETWEEN ${domain.y[0]} AND ${domain.y[1]}`,
  };

  async function extent() {
    const [ends] = await sql(
      `SELECT min(${x}), max(${x}), min(${y}), max(${y}) FROM ${from} WHERE ${where}`,
    );
    const [x0, x1, y0, y1] = ends!.map(Number) as [number, number, number, number];
    return { x: [x0, x1], y: [y0, y1] } satisfies Density['domain'];
  }
}

/** The rows of every cell of a density frame, whatever its layout and colors. */
export function countsOf(bytes: Uint8Array): Uint32Array {
  const table = tableFromIPC(bytes);
  const { width, height } = metadataOf(bytes);
  const counts = new Uint32Array(width * height);
  const found = table.getChild('count').toArray() as ArrayLike<number>;
  const cells = table.getChild('cell')?.toArray() as ArrayLike<number> | undefined;
  for (let i = 0; i < found.length; i++) counts[cells?.[i] ?? i]! += found[i]!;
  return counts;
}

export function metadataOf(bytes: Uint8Array): FrameMetadata {
  return JSON.parse(tableFromIPC(bytes).schema.metadata!.get('halftone')!) as FrameMetadata;
}

/** Throws unless a frame holds just the counts that DuckDB gives. */
export function mustEqual(bytes: Uint8Array, expected: Uint32Array): void {
  const counts = countsOf(bytes);
  if (counts.length !== expected.length)
    throw new Error(`The frame has ${counts.length} cells, expected ${expected.length}.`);
  const off = counts.findIndex((count, cell) => count !== expected[cell]);
  if (off >= 0)
    throw new Error(`Cell ${off} has ${counts[off]} rows, DuckDB counts ${expected[off]}.`);
}
