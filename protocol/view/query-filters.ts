import type { AddressFilter, View } from '../address.js';
import type { ColumnInfo, JsonValue } from '../column.js';
import type { Bound, Filter } from '../query.js';
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
  return { filters, fitting, faults };
}
