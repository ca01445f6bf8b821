import type { Aggregate } from '../../protocol/query.js';
import { aggregateSql, mustBeAggregate } from './aggregate.js';
import type { Checked } from './checks.js';
import { legendOf, slotsOf, ONE_SERIES, type Legend } from './legend.js';
import { mustBe } from './must.js';
import { valuesOf } from './read-frame.js';
import type { OracleColumn } from './table.js';

/** The series of a frame of groups, and what each of them measures. */
export interface Layers {
  legend: Legend;
  aggregate: Aggregate;
  /** One for each column of `y`, else one for all. */
  measures: (OracleColumn | undefined)[];
  /** The slot of each mark. */
  slots: number[];
}

export async function layersOf(checked: Checked): Promise<Layers> {
  const { query, table, frame } = checked;
  const aggregate = query.aggregate ?? { op: 'count' };
  const names = Array.isArray(query.y) ? query.y : [query.aggregate?.column ?? query.y];
  const measures = names.map((name) =>
    name === undefined ? undefined : table.columns.get(name as string),
  );
  const color = query.color === undefined ? undefined : table.columns.get(query.color)!;
  let legend = ONE_SERIES;
  if (Array.isArray(query.y)) legend = { ...ONE_SERIES, labels: query.y };
  else if (color !== undefined) legend = await legendOf(checked, color);
  const hasSeries = color !== undefined || Array.isArray(query.y);
  const slots = hasSeries
    ? slotsOf(valuesOf<string>(frame, 'series'), legend)
    : valuesOf(frame, 'count').map(() => 0);
  return { legend, aggregate, measures, slots };
}

/** What DuckDB says of one group. */
export interface Truth {
  key: string | null;
  slot: number;
  value: number | null;
  count: number;
}

/** Every group of `key`, an SQL text, and series. `among` narrows the rows of a measure. */
export async function truthOf(
  { table, where }: Checked,
  { legend, aggregate, measures }: Layers,
  key: string,
  among: (measure: OracleColumn | undefined) => string = () => 'true',
): Promise<Truth[]> {
  const groups: Truth[] = [];
  for (const [layer, measure] of measures.entries()) {
    const slot = measures.length > 1 ? String(layer) : legend.sql;
    const rows = await table.all(
      `SELECT ${key} AS key, ${slot} AS slot, ${aggregateSql(aggregate, measure)} AS value, count(*)::DOUBLE AS count
       FROM t WHERE (${where}) AND ${among(measure)} GROUP BY ALL`,
    );
    groups.push(...(rows as unknown as Truth[]));
  }
  return groups;
}

/** Holds the value and count of one mark against DuckDB's. */
export function mustBeTruth(
  found: { value: number | null; count: number; slot: number },
  truth: Truth | undefined,
  { aggregate, measures }: Layers,
  what: string,
): void {
  if (truth === undefined) throw new Error(`Expected no ${what}.`);
  mustBe(found.count, truth.count, `the count of ${what}`);
  const measure = measures[measures.length > 1 ? found.slot : 0];
  mustBeAggregate(found.value, truth.value, aggregate, measure, `the value of ${what}`);
}
