import { BIGINT, DuckDBDataChunk, INTEGER } from '@duckdb/node-api';
import type { Scale } from '../../../../protocol/query.js';
import { placeSql, type AxisSql } from '../axis-sql.js';
import { columnOf, encoded, type Claim } from '../claim.js';
import { checkLegend, legendOfColumns, ONE_SERIES, type Legend } from '../legend.js';
import { checkPlaces } from '../places.js';
import { numberSql, type SqlColumn } from '../sql-column.js';
import { checkOffset } from './scatter.js';

/** A series with its column of y, and the rows that may be in it. */
interface Series {
  slot: number;
  y: SqlColumn;
  name: string;
}

/** What the frame has of all series. */
interface Vertices {
  rows: Float64Array;
  slots: Int32Array;
  ys: Float64Array;
  xs: Float64Array;
}

/**
 * Every vertex is a row of its series with its own x and y, and the rows that the method promises are there: all of
 * `points`, the first, last, least and greatest of each pixel column of `m4` and `outline`, the latter two of `minmax`. Which rows LTTB
 * chooses is not computed again.
 */
export async function proveLine(claim: Claim): Promise<void> {
  const { query, frame, found } = claim;
  const { metadata } = frame;
  const x = encoded(claim, query.x);
  const names = Array.isArray(query.y) ? [...new Set(query.y)] : [encoded(claim, query.y).name];
  const ys = names.map((name) => columnOf(claim, name));
  const scaleY = metadata.scale.y;
  const some = ys.map((y) => placeSql(y, scaleY).placeable).join(' OR ');
  const side = { field: 'x', column: x, scale: metadata.scale.x } as const;
  const places = await checkPlaces(claim, [side], `(${some})`);
  if (places === undefined) return;
  const legend = Array.isArray(query.y)
    ? legendOfColumns(query.y)
    : query.color === undefined
      ? ONE_SERIES
      : await checkLegend(claim, columnOf(claim, query.color));
  const hasSeries = Array.isArray(query.y) || query.color !== undefined;
  const labels = hasSeries ? frame.plain('series') : undefined;
  const rows = frame.numbers('row');
  const vertices: Vertices = {
    rows,
    slots: Int32Array.from(rows, (_, i) => (labels === undefined ? 0 : legend.slotOf(labels[i]!))),
    ys: frame.numbers('y'),
    xs: frame.numbers('x'),
  };
  await storeVertices(claim, vertices);
  const [axis] = places.axes;
  for (const [layer, y] of ys.entries()) {
    const isOwn = ys.length > 1;
    await proveVertices(
      claim,
      { axis: axis!, y, scaleY, legend, layer: isOwn ? layer : null },
      vertices,
    );
    if (metadata.method === 'lttb' || metadata.method === 'minmaxlttb') continue;
    const all = legend.labels.map((name, slot): Series => ({ slot, y, name }));
    const series = isOwn ? [all[layer]!] : all;
    await proveColumns(claim, { axis: axis!, scaleY, legend, y, series, isOwn }, vertices);
  }
  if (metadata.method === 'lttb' || metadata.method === 'minmaxlttb')
    found.share(`which of the rows ${metadata.method} chooses`);
  if (metadata.method === 'outline') found.share('which rows outline keeps beside those of m4');
  found.tolerate('an x: the float32 of its offset');
}

/** The vertices as a table beside the source's, so that SQL can look them up. */
async function storeVertices({ table }: Claim, { rows, slots }: Vertices): Promise<void> {
  const { sql } = table.database;
  const create = 'CREATE OR REPLACE TEMP TABLE frame(mark BIGINT, row BIGINT, slot INTEGER)';
  table.statements.push(`${create} -- the ${rows.length} vertices of the frame`);
  await sql.run(create);
  const appender = await sql.createAppender('frame');
  const size = 2048;
  for (let from = 0; from < rows.length; from += size) {
    const to = Math.min(rows.length, from + size);
    const chunk = DuckDBDataChunk.create([BIGINT, BIGINT, INTEGER], to - from);
    const numbers = (at: (i: number) => number): bigint[] =>
      Array.from({ length: to - from }, (_, i) => BigInt(at(from + i)));
    chunk.setColumns([
      numbers((i) => i),
      numbers((i) => rows[i]!),
      Array.from(slots.subarray(from, to)),
    ]);
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

interface Looked {
  axis: AxisSql;
  y: SqlColumn;
  scaleY: Scale;
  legend: Legend;
  /** Which of several columns; null where the series are categories, or there is one. */
  layer: number | null;
}

async function proveVertices(
  claim: Claim,
  { axis, y, scaleY, legend, layer }: Looked,
  vertices: Vertices,
): Promise<void> {
  const { frame, table, where, found } = claim;
  const isPoint = placeSql(y, scaleY).placeable;
  const of = layer === null ? 'true' : `f.slot = ${layer}`;
  const slot = layer === null ? legend.slot : String(layer);
  const [marks = [], xs = [], ys = [], slots = []] = await table.ask(
    `SELECT f.mark::DOUBLE, s.x, s.y, s.slot FROM frame AS f LEFT JOIN (SELECT row, ${axis.place} AS x, CASE WHEN ${isPoint} THEN ${numberSql(y)} END AS y, ${slot} AS slot FROM t WHERE ${where}) AS s ON s.row = f.row WHERE ${of} ORDER BY f.mark`,
  );
  const isNarrow = frame.isFloat32('y');
  for (let k = 0; k < marks.length; k++) {
    const i = marks[k] as number;
    const row = vertices.rows[i]!;
    found.same(
      vertices.slots[i],
      slots[k] === null ? null : Number(slots[k]),
      () => `the series of row ${row}`,
    );
    if (xs[k] === null) continue;
    checkOffset(claim, axis, 'x', vertices.xs[i]!, xs[k], () => `x of row ${row}`);
    const sql = ys[k] as number | null;
    const value = sql === null ? NaN : isNarrow ? Math.fround(sql) : sql;
    found.same(vertices.ys[i], value, () => `y of row ${row}`);
  }
  if (isNarrow) found.tolerate('a y: its float32');
}

interface Columns {
  axis: AxisSql;
  scaleY: Scale;
  legend: Legend;
  y: SqlColumn;
  series: readonly Series[];
  /** One column of several. */
  isOwn: boolean;
}

async function proveColumns(
  claim: Claim,
  { axis, scaleY, legend, y, series, isOwn }: Columns,
  { rows, slots, ys }: Vertices,
): Promise<void> {
  const { frame, table, where, found } = claim;
  const { method, width } = frame.metadata;
  const isPoint = placeSql(y, scaleY).placeable;
  const slot = isOwn ? String(series[0]!.slot) : legend.slot;
  const cell = axis.cell('px', width, 'ex');
  const points = `SELECT row, ${axis.place} AS px, ${numberSql(y)} AS py, ${slot} AS slot FROM t WHERE (${where}) AND ${axis.placeable} AND ${isPoint}`;
  // The rows of each series that the frame has, and their y, gaps left out.
  const kept = new Map<number, Map<number, number>>();
  for (let i = 0; i < rows.length; i++) {
    if (Number.isNaN(ys[i])) continue;
    let own = kept.get(slots[i]!);
    if (own === undefined) kept.set(slots[i]!, (own = new Map()));
    own.set(rows[i]!, ys[i]!);
  }
  const nameOf = (of: number): string =>
    legend.labels.length === 1 ? '' : ` of ${legend.labels[of]}`;
  const isThere = (of: number, row: unknown, what: string): void => {
    if (row === null || row === undefined) return;
    const has = kept.get(of)?.has(Number(row)) === true;
    found.same(has, true, () => `that row ${Number(row)} is there, ${what}${nameOf(of)}`);
  };
  await proveNeighbours(claim, axis, points, isThere);
  if (method === 'points') {
    const [of = [], counts = []] = await table.ask(
      `SELECT slot, count(*)::DOUBLE FROM (${points}) AS p WHERE ${axis.inside('px')} GROUP BY slot`,
    );
    const [ofFrame = [], ours = []] = await table.ask(
      `SELECT f.slot, count(DISTINCT f.row)::DOUBLE FROM frame AS f JOIN (${points}) AS p ON p.row = f.row AND p.slot = f.slot WHERE ${axis.inside('px')} GROUP BY f.slot`,
    );
    for (const [i, one] of of.entries()) {
      const at = ofFrame.findIndex((other) => Number(other) === Number(one));
      found.same(
        at < 0 ? 0 : (ours[at] as number),
        counts[i] as number,
        () => `points${nameOf(Number(one))}`,
      );
    }
    return;
  }
  const placed = `SELECT row, px, py, slot, ${cell.sql} AS cell FROM (${points}) AS p ${cell.join} WHERE ${axis.inside('px')}`;
  const [of = [], cells = [], least = [], greatest = [], firsts = [], lasts = []] = await table.ask(
    `WITH s AS MATERIALIZED (${placed}), e AS (SELECT slot, cell, min(px) AS x0, max(px) AS x1, min(py) AS y0, max(py) AS y1 FROM s GROUP BY slot, cell) SELECT slot, cell::DOUBLE, y0, y1, min(row) FILTER (px = x0), max(row) FILTER (px = x1) FROM s JOIN e USING (slot, cell) GROUP BY slot, cell, y0, y1 ORDER BY slot, cell`,
  );
  // What the frame has in each pixel column: its extremes have to be those of all rows, and no other row is kept.
  const [ourOf = [], ourCells = [], ourLeast = [], ourGreatest = [], ourCounts = [], ourRows = []] =
    await table.ask(
      `SELECT f.slot, s.cell::DOUBLE, min(s.py), max(s.py), count(*)::DOUBLE, list(s.row::DOUBLE) FROM frame AS f JOIN (${placed}) AS s ON s.row = f.row AND s.slot = f.slot GROUP BY f.slot, s.cell`,
    );
  const ours = new Map(
    ourOf.map((one, i) => [`${Number(one)}|${String(ourCells[i])}`, i] as const),
  );
  for (const [i, one] of of.entries()) {
    const slotHere = Number(one);
    const at = (what: string) => (): string =>
      `the ${what} of pixel column ${String(cells[i])}${nameOf(slotHere)}`;
    const k = ours.get(`${slotHere}|${String(cells[i])}`);
    found.same(k === undefined ? null : (ourLeast[k] as number), least[i] as number, at('least y'));
    found.same(
      k === undefined ? null : (ourGreatest[k] as number),
      greatest[i] as number,
      at('greatest y'),
    );
    if (method === 'minmax') continue;
    const place = (which: string): string => `${which} in pixel column ${String(cells[i])}`;
    isThere(slotHere, firsts[i], place('the first'));
    isThere(slotHere, lasts[i], place('the last'));
    if (k === undefined || method === 'outline') continue;
    // No more than its four rows.
    const isFew = (ourCounts[k] as number) <= 4;
    found.same(
      isFew,
      true,
      () => `that pixel column ${String(cells[i])} has four rows: ${String(ourRows[k])}`,
    );
  }
}

/** The nearest point on each side of the domain, of each series. */
async function proveNeighbours(
  { table }: Claim,
  axis: AxisSql,
  points: string,
  isThere: (slot: number, row: unknown, what: string) => void,
): Promise<void> {
  const [of = [], lefts = [], rights = []] = await table.ask(
    `WITH b AS MATERIALIZED (SELECT * FROM (${points}) AS p WHERE ${axis.before('px')} OR ${axis.after('px')}), e AS (SELECT slot, max(px) FILTER (${axis.before('px')}) AS x0, min(px) FILTER (${axis.after('px')}) AS x1 FROM b GROUP BY slot) SELECT slot, max(row) FILTER (px = x0), min(row) FILTER (px = x1) FROM b JOIN e USING (slot) GROUP BY slot`,
  );
  for (const [i, one] of of.entries()) {
    isThere(Number(one), lefts[i], 'the nearest on the left');
    isThere(Number(one), rights[i], 'the nearest on the right');
  }
}
