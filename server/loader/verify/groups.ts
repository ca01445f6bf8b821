import type { Aggregate } from '../../../protocol/query.js';
import { aggregateSql } from './aggregate-sql.js';

import { columnOf, type Claim } from './claim.js';
import { checkLegend, legendOfColumns, ONE_SERIES, type Legend } from './legend.js';
import { placeSql, type CellSql } from './axis-sql.js';
import type { SqlColumn } from './sql-column.js';

/** What a frame of groups measures, and its series. */
export interface Layers {
  aggregate: Aggregate;
  /** One for each column of `y`, else one for all. */
  measures: (SqlColumn | undefined)[];
  legend: Legend;
  hasSeries: boolean;
}

export async function layersOf(claim: Claim): Promise<Layers> {
  const { query } = claim;
  const aggregate = query.aggregate ?? { op: 'count' as const };
  const names = Array.isArray(query.y)
    ? [...new Set(query.y)]
    : [aggregate.column ?? (typeof query.y === 'object' ? query.y.column : query.y)];
  const measures = names.map((name) => (name === undefined ? undefined : columnOf(claim, name)));
  const legend = Array.isArray(query.y)
    ? legendOfColumns(query.y)
    : query.color === undefined
      ? ONE_SERIES
      : await checkLegend(claim, columnOf(claim, query.color));
  const hasSeries = query.color !== undefined || Array.isArray(query.y);
  return { aggregate, measures, legend, hasSeries };
}

/** What SQL says of one group. */
export interface Group {
  /** As `plainSql` gives it. */
  key: string | number | null;
  slot: number;
  value: number | null;
  count: number;
  slack: number;
}

export interface GroupsSql {
  /** The rows that are grouped, as a SELECT. */
  rows: string;
  key: CellSql;
  /** Narrows the rows of a measure. */
  among?: (measure: SqlColumn | undefined) => string;
}

/** Every group of a key and a series. */
export async function groupsOf(
  { table, found }: Claim,
  { aggregate, measures, legend }: Layers,
  { rows, key, among = () => 'true' }: GroupsSql,
): Promise<Group[]> {
  const groups: Group[] = [];
  for (const [layer, measure] of measures.entries()) {
    const slot = measures.length > 1 ? String(layer) : legend.slot;
    const { value, slack, tolerance } = aggregateSql(aggregate, measure);
    found.tolerate(tolerance);
    const [keys = [], slots = [], values = [], counts = [], slacks = []] = await table.ask(
      `SELECT ${key.sql} AS key, ${slot} AS slot, ${value} AS value, count(*)::DOUBLE AS rows, ${slack} AS slack FROM (${rows}) AS placed ${key.join} WHERE ${among(measure)} GROUP BY 1, 2`,
    );
    for (let i = 0; i < keys.length; i++) {
      const given = keys[i] as string | number | bigint | null;
      groups.push({
        key: typeof given === 'bigint' ? String(given) : given,
        slot: Number(slots[i]),
        value: values[i] as number | null,
        count: counts[i] as number,
        slack: (slacks[i] as number | null) ?? 0,
      });
    }
  }
  return groups;
}

/** Names a group by key and series. */
export function nameOf(key: Group['key'], slot: number): string {
  return `${typeof key === 'number' ? key + 0 : String(key)}|${slot}|${key === null}`;
}

/** A finite value of a measure, as a line needs it. */
export function isFiniteSql(measure: SqlColumn): string {
  return placeSql(measure).placeable;
}
