import {
  formatAddress,
  parametersOf,
  parseAddress,
  type AddressFault,
} from '../address/address.js';
import { formatFilter } from '../address/filters.js';
import { itemOfAddress } from '../address/percent-encoding.js';
import type { AddressFilter, View } from '../address/view.js';
import type { JsonValue } from '../column.js';
import type { DashboardChart } from '../dashboard.js';

/** One value or a list of them, as a configuration has the values of a filter. */
export type FilterWords = JsonValue | readonly JsonValue[];

/** The view that the words of a chart mean, and what of them cannot be used. */
export function viewOfChart(chart: DashboardChart): { view: View; faults: AddressFault[] } {
  const { dataset, filters, contains, band, now, ...words } = chart;
  const parts: string[] = [];
  const put = (name: string, value: string): void => {
    parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  };
  for (const [name, value] of Object.entries(words)) {
    if (value === undefined) continue;
    if (name === 'y' || name === 'area') {
      for (const each of [value].flat()) put(name, String(each));
    } else put(name, Array.isArray(value) ? itemsOf(value) : String(value));
  }
  if (band !== undefined) put('band', band ? 'yes' : 'no');
  if (now !== undefined) put('now', now ? 'yes' : 'no');
  for (const [column, value] of Object.entries(filters ?? {}))
    put(`f.${column}`, filterText(value));
  for (const [column, text] of Object.entries(contains ?? {})) put(`c.${column}`, text);
  const { view, faults } = parseAddress(`explore/_?${parts.join('&')}`)!;
  return { view: { ...view, dataset }, faults };
}

/** The words of a view, for a configuration: what the person chose, and nothing else. */
export function chartOfView(view: View): DashboardChart {
  const { filters, areas, yDomain, xDomain, y, band, snapshot: _, renderer: __, ...rest } = view;
  const words = wordsOf(formatAddress({ ...rest, dataset: '_' }));
  const chart: Record<string, unknown> = { dataset: view.dataset, ...words };
  if (y !== undefined) chart['y'] = y.length === 1 ? y[0] : [...y];
  if (areas !== undefined) {
    const written = parametersOf(formatAddress({ dataset: '_', areas }).split('?')[1]!);
    chart['area'] = written.length === 1 ? written[0]![1] : written.map(([, area]) => area);
  }
  if (view.bins !== undefined) chart['bins'] = view.bins;
  if (view.top !== undefined) chart['top'] = view.top;
  if (view.size !== undefined) chart['size'] = view.size;
  if (view.opacity !== undefined) chart['opacity'] = view.opacity;
  if (view.stroke !== undefined) chart['stroke'] = view.stroke;
  if (view.middle !== undefined) chart['middle'] = view.middle;
  if (view.bin !== undefined) chart['bin'] = view.bin;
  if (band !== undefined) chart['band'] = band;
  if (view.now !== undefined) chart['now'] = view.now;
  if (xDomain !== undefined) chart['xr'] = xDomain.map(numberWhereExact);
  if (yDomain !== undefined) chart['yr'] = yDomain.map(numberWhereExact);
  for (const filter of filters ?? []) {
    const group = filter.op === 'contains' ? 'contains' : 'filters';
    const old = (chart[group] ?? {}) as Record<string, unknown>;
    chart[group] = { ...old, [filter.column]: wordsOfFilter(filter) };
  }
  return chart as DashboardChart;
}

/** The text that an address has for the values of a filter: a list is one of values, text stands as it is. */
export function filterText(words: FilterWords): string {
  if (Array.isArray(words)) return itemsOf(words as readonly JsonValue[]);
  return words === null ? '~' : String(words);
}

/** The filter on `column` that the words of a configuration mean, or a sentence that says why they mean none. */
export function filterOfWords(column: string, words: FilterWords): AddressFilter | string {
  const { view, faults } = viewOfChart({ dataset: '_', filters: { [column]: words as never } });
  return view.filters?.[0] ?? faults[0]?.reason ?? 'it says nothing';
}

/** A filter as a configuration has it: a list of values where that is all it is, else text as in the address. */
export function wordsOfFilter(filter: AddressFilter): FilterWords {
  return filter.op === 'in' && !filter.exclude ? [...filter.values] : formatFilter(filter);
}

/** Values as the items of a list in the address. */
const itemsOf = (values: readonly JsonValue[]): string =>
  values.map((value) => (value === null ? '~' : itemOfAddress(String(value)))).join(',');

const wordsOf = (address: string): Record<string, string> =>
  Object.fromEntries(parametersOf(address.split('?')[1] ?? ''));

/** A number reads better than its text, where it says the same. */
const numberWhereExact = (text: string): string | number =>
  String(Number(text)) === text ? Number(text) : text;
