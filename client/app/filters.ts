import type { AddressArea, AddressFilter, View } from '../../protocol/address/view.js';
import type { ColumnInfo, JsonValue } from '../../protocol/column.js';
import { zonedText } from '../../protocol/view/zone-clock.js';
import { formatCount, withMinus } from './format.js';

/** The text that an address and a dropdown use for a value of the API; null stays null. */
export const textOf = (value: JsonValue): string | null => (value === null ? null : String(value));

/** What a chip says: the column's name is said beside it. The instants of a zoned column are told in `zone`. */
export function describeFilter(filter: AddressFilter, zone?: string): string {
  if (filter.op === 'contains') {
    return `${filter.exclude ? 'does not contain' : 'contains'} “${filter.text}”`;
  }
  if (filter.op === 'range') {
    const not = filter.exclude ? 'not ' : '';
    const [min, max] = [filter.min, filter.max].map((end) =>
      end === undefined ? end : withMinus(tidyBound(onWall(end, zone))),
    );
    // Days in UTC are what the address says; of any other time it has to be said which clock shows it.
    const isTold = zone !== undefined && (zone !== UTC || `${min}${max}`.includes(':'));
    const where = isTold ? `, ${zone.replaceAll('_', ' ')}` : '';
    if (min === undefined) return `${not}≤ ${max}${where}`;
    if (max === undefined) return `${not}≥ ${min}${where}`;
    return `${not}${min} – ${max}${where}`;
  }
  const shown = filter.values.slice(0, 3).map(valueLabel);
  const more = filter.values.length - shown.length;
  return `${filter.exclude ? 'not ' : ''}${shown.join(', ')}${more > 0 ? ` +${formatCount(more)}` : ''}`;
}

/** The zone in which the times of a column are told where a picture has `timeZone`; undefined for other columns. */
export const zoneOf = (
  columns: readonly ColumnInfo[] | undefined,
  name: string,
  timeZone: string | undefined,
): string | undefined =>
  columns?.some((column) => column.name === name && column.zoned) ? (timeZone ?? UTC) : undefined;

const UTC = 'UTC';

/** A day alone is its first instant in UTC. */
const onWall = (bound: string, zone: string | undefined): string =>
  zonedText(
    zone !== undefined && /^\d{4}-\d\d-\d\d$/.test(bound) ? `${bound}T00:00Z` : bound,
    zone,
  );

/** How a value is named where a person chooses it: null and the empty string have names of their own. */
export const valueLabel = (value: string | null): string =>
  value === null ? '(null)' : value === '' ? '(empty)' : value;

/** A time of midnight loses its zeros: what is left is what the person chose. */
const tidyBound = (bound: string): string =>
  bound
    .replace(/^(\d{4}-\d\d-\d\d)T00:00(:00(\.0+)?)?(Z|[+-]\d\d:\d\d)?$/, '$1')
    .replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:00)?(Z|[+-]\d\d:\d\d)?$/, '$1 $2');

/** The view with `filter` in the place of the column's old one; without it, the column is free. */
export function withFilter(view: View, column: string, filter?: AddressFilter): View {
  const old = view.filters ?? [];
  const at = old.findIndex((each) => each.column === column);
  const filters = old.filter((each) => each.column !== column);
  if (filter) filters.splice(at < 0 ? filters.length : at, 0, filter);
  const { filters: _, ...rest } = view;
  return filters.length > 0 ? { ...rest, filters } : rest;
}

/** What the chip of an area says: the names of its columns are said beside it. */
export const describeArea = ({ exclude }: AddressArea): string =>
  exclude ? 'outside of the area' : 'within the area';

/** The view without that area. */
export function withoutArea(view: View, area: AddressArea): View {
  const areas = (view.areas ?? []).filter((each) => each !== area);
  const { areas: _, ...rest } = view;
  return areas.length > 0 ? { ...rest, areas } : rest;
}
