import { expect } from 'vitest';
import { aggregateOf, aggregateSql, expectSame, magnitude } from './aggregate.js';
import { isPlaceable } from './axis.js';
import { axesOf, checkDomain, columnOf, unitOf, values, type Checked } from './checks.js';

/** Bins touch one another, and each holds the rows that a walk puts there; the last one is closed. */
export function checkHistogram(checked: Checked): void {
  const { matched, frame, query, table } = checked;
  const { metadata } = frame;
  const x = columnOf(table, query.x);
  const scale = query.scale?.x ?? 'linear';
  const placeable = matched.filter((row) => isPlaceable(x, scale, row));
  expect(metadata.rows.dropped).toBe(matched.length - placeable.length);
  const counts = values<number>(frame, 'count').map(Number);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(metadata.rows.drawn);
  if (counts.length === 0) return;
  if (query.bins !== undefined && x.kind === 'number') expect(counts.length).toBe(query.bins);
  const lo = values<number | bigint>(frame, 'lo').map((end) => ticks(end, x));
  const hi = values<number | bigint>(frame, 'hi').map((end) => ticks(end, x));
  for (let bin = 1; bin < lo.length; bin++) expect(lo[bin]).toBe(hi[bin - 1]);
  const expected = counts.map(() => 0);
  let drawn = 0;
  for (const row of placeable) {
    const value = x.kind === 'time' ? x.ticks[row]! : x.doubles[row]!;
    const last = hi.length - 1;
    const bin = lo.findIndex(
      (low, at) => value >= low && (value < hi[at]! || (at === last && value === hi[at])),
    );
    if (bin < 0) continue;
    expected[bin]!++;
    drawn++;
  }
  expect(metadata.rows.drawn).toBe(drawn);
  // A value that lies within rounding of an edge may fall to either side of its printed form.
  const moved = counts.reduce((sum, count, bin) => sum + Math.abs(count - expected[bin]!), 0);
  expect(moved).toBe(0);
}

function ticks(end: number | bigint, x: ReturnType<typeof columnOf>): number | bigint {
  return x.kind === 'time' ? BigInt(end) : Number(end);
}

/** Keys, values and counts are DuckDB's; the order is by value; what is cut off is counted. */
export async function checkBar({ table, query, where, frame }: Checked): Promise<void> {
  const key = columnOf(table, query.x);
  const measure = measureOf({ table, query });
  const aggregate = query.aggregate ?? { op: 'count' as const };
  const groups = await table.all(
    `SELECT "${key.name}"::VARCHAR AS key, ${aggregateSql(aggregate, measure)} AS value, count(*)::DOUBLE AS count FROM t WHERE ${where} GROUP BY "${key.name}"`,
  );
  const truth = new Map(groups.map((group) => [group['key'] as string | null, group]));
  const keys = values<unknown>(frame, 'key').map(shownKey(key.kind));
  const found = values<number | null>(frame, 'value');
  const counts = values<number>(frame, 'count').map(Number);
  expect(keys.length).toBe(Math.min(groups.length, query.limit ?? 50));
  expect(new Set(keys).size).toBe(keys.length);
  keys.forEach((name, at) => {
    const group = lookUp(truth, name, key.kind);
    expect(group, `a group "${name}"`).toBeDefined();
    expect(counts[at]).toBe(group!['count']);
    expectSame(found[at]!, group!['value'] as number | null, aggregate.op, magnitude(measure));
  });
  const scale = aggregate.op === 'sum' || aggregate.op === 'mean' ? 1e-9 * magnitude(measure) : 0;
  for (let at = 1; at < found.length; at++) {
    if (found[at] === null || Number.isNaN(found[at])) continue;
    expect(found[at - 1]).not.toBeNull();
    expect(found[at - 1]! + scale).toBeGreaterThanOrEqual(found[at]!);
  }
  const shown = counts.reduce((sum, count) => sum + count, 0);
  expect(frame.metadata.rows.drawn).toBe(shown);
  expect(frame.metadata.cut?.keys ?? 0).toBe(groups.length - keys.length);
  expect(frame.metadata.cut?.rows ?? 0).toBe(frame.metadata.rows.matched - shown);
}

function shownKey(kind: string): (key: unknown) => string | null {
  return (key) =>
    key === null || key === undefined
      ? null
      : kind === 'number'
        ? String(Number(key))
        : String(key);
}

function lookUp(
  truth: Map<string | null, Record<string, unknown>>,
  name: string | null,
  kind: string,
): Record<string, unknown> | undefined {
  if (kind !== 'number' || name === null) return truth.get(name);
  for (const [key, group] of truth) if (key !== null && String(Number(key)) === name) return group;
  return undefined;
}

/** Each bin of a binned x has DuckDB's aggregate. */
export async function checkBinnedLine({ table, query, where, frame }: Checked): Promise<void> {
  const x = columnOf(table, query.x);
  const bin = (query.x as { bin: string | number }).bin;
  const measure = measureOf({ table, query });
  const aggregate = query.aggregate!;
  const start =
    typeof bin === 'number'
      ? `(floor("${x.name}"::DOUBLE / ${bin}) * ${bin})`
      : `epoch_ns(date_trunc('${bin}', "${x.name}"))::DOUBLE / ${unitOf(x)}`;
  const groups = await table.all(
    `SELECT ${start} AS x, ${aggregateSql(aggregate, measure)} AS value, count(*)::DOUBLE AS count FROM t WHERE (${where}) AND "${x.name}" IS NOT NULL GROUP BY ALL ORDER BY x`,
  );
  const origin = Number(frame.metadata.origin?.x ?? 0);
  const xs = values<number | bigint>(frame, 'x').map((value) => origin + Number(value));
  const found = values<number | null>(frame, 'value');
  const counts = values<number>(frame, 'count').map(Number);
  const filled = counts.flatMap((count, at) => (count > 0 ? [at] : []));
  expect(filled.length).toBe(groups.length);
  filled.forEach((at, group) => {
    const truth = groups[group]!;
    expect(Math.abs(xs[at]! - (truth['x'] as number))).toBeLessThanOrEqual(
      Math.abs(truth['x'] as number) * 1e-7,
    );
    expect(counts[at]).toBe(truth['count']);
    expectSame(found[at]!, truth['value'] as number | null, aggregate.op, magnitude(measure));
  });
}

/** Cells are ascending, hold what a walk puts there, and their aggregate is the true one. */
export function checkHeatmap(checked: Checked): void {
  const { table, query, matched, frame } = checked;
  checkDomain(checked, ['x', 'y']);
  const { x: width, y: height } = query.cells ?? { x: 50, y: 50 };
  const axes = axesOf(checked, width, height);
  const members = new Map<number, number[]>();
  for (const row of matched) {
    if (!axes || !axes.x.placeable(row) || !axes.y.placeable(row)) continue;
    const ix = axes.x.cell(row);
    const iy = axes.y.cell(row);
    if (ix < 0 || iy < 0) continue;
    const cell = iy * width + ix;
    const list = members.get(cell);
    if (list) list.push(row);
    else members.set(cell, [row]);
  }
  const measure = measureOf({ table, query });
  const aggregate = query.aggregate ?? { op: 'count' as const };
  const cells = values<number>(frame, 'cell');
  expect(cells).toEqual([...members.keys()].sort((a, b) => a - b));
  const found = values<number | null>(frame, 'value');
  const counts = values<number>(frame, 'count').map(Number);
  cells.forEach((cell, at) => {
    const rows = members.get(cell)!;
    expect(counts[at]).toBe(rows.length);
    expectSame(found[at]!, aggregateOf(aggregate, measure, rows), aggregate.op, magnitude(measure));
  });
}

/** One number, and it is DuckDB's. */
export async function checkValue({ table, query, where, frame, matched }: Checked): Promise<void> {
  const measure = measureOf({ table, query });
  const aggregate = query.aggregate ?? { op: 'count' as const };
  const [truth] = await table.all(
    `SELECT ${aggregateSql(aggregate, measure)} AS value FROM t WHERE ${where}`,
  );
  const found = values<number | null>(frame, 'value');
  expect(found.length).toBe(1);
  expectSame(found[0]!, truth!['value'] as number | null, aggregate.op, magnitude(measure));
  const seen =
    measure === undefined
      ? matched.length
      : matched.filter((row) => !Number.isNaN(measure.doubles[row]!)).length;
  expect(frame.metadata.rows).toMatchObject({
    drawn: seen,
    outside: 0,
    dropped: matched.length - seen,
  });
}

/** The page is the one that DuckDB sorts to, nulls last and ties by row. */
export async function checkRows({ table, query, where, frame }: Checked): Promise<void> {
  const order = (query.sort ?? []).map(({ column, order = 'asc' }) => {
    const { kind } = table.columns.get(column)!;
    return `${kind === 'text' ? `"${column}"::VARCHAR` : `"${column}"`} ${order} NULLS LAST`;
  });
  const truth = await table.all(
    `SELECT i FROM t WHERE ${where} ORDER BY ${[...order, 'i'].join(', ')} LIMIT ${query.limit} OFFSET ${query.offset}`,
  );
  expect(values<number>(frame, 'row')).toEqual(truth.map((row) => Number(row['i'])));
  expect(frame.table.names).toEqual([...query.columns!, 'row']);
  for (const name of query.columns!) {
    const column = table.columns.get(name)!;
    if (
      column.kind !== 'number' ||
      column.type === 'HUGEINT' ||
      column.type.startsWith('DECIMAL(38')
    )
      continue;
    const shown = values<unknown>(frame, name).map((value) =>
      value === null ? NaN : Number(value),
    );
    expect(shown).toEqual(truth.map((row) => column.doubles[Number(row['i'])]!));
  }
}

function measureOf({
  table,
  query,
}: Pick<Checked, 'table' | 'query'>): ReturnType<typeof columnOf> | undefined {
  const name = query.aggregate?.column;
  return name === undefined ? undefined : table.columns.get(name);
}
