import type { AddressFilter } from '../../../protocol/address/view.js';
import type { ColumnInfo } from '../../../protocol/column.js';
import type { ColumnValues } from '../../../protocol/options.js';
import { textOf } from '../filters.js';

/** One row of a dropdown. */
export interface Choice {
  value: string | null;
  count: number;
  chosen: boolean;
}

/**
 * The rows of a dropdown: what occurs under the other filters, and what is chosen although it does not occur
 * now. Numbers and booleans stand in the order of their values, null last; words most frequent first.
 */
export function choicesOf(
  column: ColumnInfo,
  options: ColumnValues | undefined,
  filter: AddressFilter | undefined,
  search: string,
): Choice[] {
  const chosen = new Set(filter?.op === 'in' ? filter.values : []);
  const listed = (options?.values ?? []).map(({ value, count }) => ({
    value: textOf(value),
    count,
  }));
  const present = new Set(listed.map(({ value }) => value));
  const absent = [...chosen]
    .filter((value) => !present.has(value))
    .map((value) => ({ value, count: 0 }));
  const wanted = search.trim().toLowerCase();
  const rows = [...absent, ...listed]
    .filter(({ value }) => wanted === '' || (value ?? 'null').toLowerCase().includes(wanted))
    .map((row) => ({ ...row, chosen: chosen.has(row.value) }));
  if (column.kind === 'number') rows.sort((a, b) => rank(a.value) - rank(b.value));
  return rows;
}

const rank = (value: string | null): number =>
  value === null
    ? Number.MAX_VALUE
    : Number.isNaN(Number(value))
      ? Number.MAX_VALUE / 2
      : Number(value);

/** The filter after `values` were chosen or given up; undefined when nothing is left of it. */
export function toggleValues(
  column: string,
  filter: AddressFilter | undefined,
  values: readonly (string | null)[],
  chosen: boolean,
): AddressFilter | undefined {
  const next = new Set(filter?.op === 'in' ? filter.values : []);
  for (const value of values) {
    if (chosen) next.add(value);
    else next.delete(value);
  }
  if (next.size === 0) return undefined;
  return { op: 'in', column, values: [...next], ...(filter?.exclude ? { exclude: true } : {}) };
}
