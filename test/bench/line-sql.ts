import type { DuckDBConnection } from '@duckdb/node-api';
import { tableFromIPC } from '@uwdata/flechette';
import type { Frame } from '../../server/engine/engine.js';

export type Domain = readonly [number, number];

/** A line of y over t in the table `line`, of the rows that pass. */
export interface LineView {
  domain: Domain;
  /** In pixels. */
  width: number;
  /** A condition in SQL. */
  where?: string;
}

/** A window of about this share of all rows, somewhere else each time, so that nothing kept can answer. */
export function randomDomain(rows: number, share: number): Domain {
  // Whole numbers: DuckDB takes others for decimals.
  const width = Math.floor(rows * share * (1 - Math.random() * 0.002));
  const low = Math.floor(Math.random() * (rows - width));
  return [low, low + width];
}

/** The best SQL for a line that reads its rows once. */
export function singlePass({ domain: [low, high], width, where }: LineView): string {
  const filter = where === undefined ? '' : `${where} AND `;
  return `SELECT min(t), arg_min(y, t), max(t), arg_max(y, t), arg_min(t, y), min(y), arg_max(t, y), max(y)
    FROM line WHERE ${filter}t BETWEEN ${low} AND ${high} GROUP BY floor((t - ${low}) * ${width / (high - low)})::INTEGER`;
}

/** Throws unless the first and last row of every pixel column, and its extremes, are those of SQL. */
export async function mustHaveExtremes(
  duckdb: DuckDBConnection,
  { domain: [low, high], width, where }: LineView,
  frame: Frame,
): Promise<void> {
  const filter = where === undefined ? '' : `${where} AND `;
  const rows = await duckdb.runAndReadAll(
    `SELECT min(rowid), max(rowid), min(y), max(y) FROM line WHERE ${filter}t BETWEEN ${low} AND ${high}
      GROUP BY least(floor(((t - ${low}) * ${width}) / (${high} - ${low})), ${width - 1}) ORDER BY 1`,
  );
  const table = tableFromIPC(frame.bytes);
  const found = table.getChild('row').toArray() as Uint32Array;
  const ys = table.getChild('y').toArray() as Float32Array;
  let i = 0;
  for (const [first, last, least, greatest] of rows.getRows().map((row) => row.map(Number))) {
    while (found[i]! < first!) i++;
    if (found[i] !== first) throw new Error(`Row ${first} is missing.`);
    let [lowest, highest] = [Infinity, -Infinity];
    for (; i < found.length && found[i]! <= last!; i++) {
      lowest = Math.min(lowest, ys[i]!);
      highest = Math.max(highest, ys[i]!);
    }
    if (found[i - 1] !== last) throw new Error(`Row ${last} is missing.`);
    if (lowest !== least || highest !== greatest)
      throw new Error(`An extreme is missing: ${first}.`);
  }
}
