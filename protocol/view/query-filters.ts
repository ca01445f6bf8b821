import type { AddressArea, AddressFilter, View } from '../address/view.js';
import type { ColumnInfo, JsonValue } from '../column.js';
import type { Bound, Filter } from '../query.js';
import { isContinuous } from './columns.js';
import { millisOf } from './time.js';

/** The JSON value that `text` means in `column`, or undefined where it means none. */
export function valueOf(text: string | null, column: ColumnInfo): JsonValue | undefined {
  if (text === null) return null;
  if (column.kind === 'boolean')
    return text === 'true' ? true : text === 'false' ? false : undefined;
  if (column.kind === 'number') return numberOf(text);
  if (column.kind === 'time') return Number.isNaN(millisOf(text)) ? undefined : text;
  return text;
}

/** A number where a double holds it exactly as written, else its text, which the server reads in full. */
function numberOf(text: string): Bound | undefined {
  const trimmed = text.trim();
  if (/^(NaN|-?Infinity)$/.test(trimmed)) return trimmed;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return undefined;
  const number = Number(trimmed);
  const exact = !/[.e]/i.test(trimmed) && !Number.isSafeInteger(number);
  const precise = trimmed.replace(/[^\d]/g, '').length > 15;
  return exact || precise ? trimmed : number;
}

/** Turns a filter of the address into one of a query; gives a sentence where it does not fit its column. */
export function queryFilter(
  filter: AddressFilter,
  column: ColumnInfo | undefined,
): Filter | string {
  if (!column) return `there is no column “${filter.column}”`;
  const name = column.name;
  if (filter.op === 'contains') {
    if (column.kind !== 'text') return `${name} is not text`;
    return negate({ op: 'contains', column: name, text: filter.text }, filter.exclude);
  }
  if (filter.op === 'range') {
    if (column.kind === 'boolean' || column.kind === 'binary') return `${name} has no ranges`;
    const min = filter.min === undefined ? undefined : valueOf(filter.min, column);
    const max = filter.max === undefined ? undefined : valueOf(filter.max, column);
    if ((filter.min !== undefined && min === undefined) || min === 'NaN') {
      return `“${filter.min}” is no ${column.kind} of ${name}`;
    }
    if ((filter.max !== undefined && max === undefined) || max === 'NaN') {
      return `“${filter.max}” is no ${column.kind} of ${name}`;
    }
    return negate(
      {
        op: 'range',
        column: name,
        ...(min === undefined ? {} : { min: min as Bound }),
        ...(max === undefined ? {} : { max: max as Bound }),
      },
      filter.exclude,
    );
  }
  const values: JsonValue[] = [];
  for (const text of filter.values) {
    const value = valueOf(text, column);
    if (value === undefined) return `“${text}” is no ${column.kind} of ${name}`;
    values.push(value);
  }
  return { op: 'in', column: name, values, ...(filter.exclude ? { exclude: true } : {}) };
}

/** Turns an area of the address into a filter of a query; gives a sentence where it does not fit its columns. */
export function areaFilter(area: AddressArea, columns: readonly ColumnInfo[]): Filter | string {
  const sides = [area.x, area.y].map((name) => columns.find((each) => each.name === name));
  const [x, y] = sides;
  if (!x || !y) return `there is no column “${x ? area.y : area.x}”`;
  if (!isContinuous(x) || !isContinuous(y)) return `${area.x} and ${area.y} make no plane`;
  const points: [Bound, Bound][] = [];
  for (const [a, b] of area.points) {
    const [px, py] = [valueOf(a, x), valueOf(b, y)];
    if (px === undefined || py === undefined) return `“${a}, ${b}” is no point of an area`;
    points.push([px as Bound, py as Bound]);
  }
  return negate({ op: 'polygon', x: x.name, y: y.name, points }, area.exclude);
}

const negate = (filter: Filter, exclude?: boolean): Filter =>
  exclude ? { op: 'not', filter } : filter;

/** All filters that fit their columns, for a query and as the address has them, and what to tell about the others. */
export function queryFilters(
  view: View,
  columns: readonly ColumnInfo[],
  without?: string,
): { filters: Filter[]; fitting: AddressFilter[]; faults: string[] } {
  const filters: Filter[] = [];
  const fitting: AddressFilter[] = [];
  const faults: string[] = [];
  for (const filter of view.filters ?? []) {
    if (filter.column === without) continue;
    const column = columns.find((each) => each.name === filter.column);
    const made = queryFilter(filter, column);
    if (typeof made === 'string') {
      faults.push(made);
      continue;
    }
    filters.push(made);
    fitting.push(filter);
  }
  for (const area of view.areas ?? []) {
    const made = areaFilter(area, columns);
    if (typeof made === 'string') faults.push(made);
    else filters.push(made);
  }
  return { filters, fitting, faults };
}
