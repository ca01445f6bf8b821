import { parametersOf, parseAddress, type AddressFault } from '../address/address.js';
import { formatFilter } from '../address/filters.js';
import { decode, encode, encodeQuery, itemOfAddress } from '../address/percent-encoding.js';
import type { AddressDomain, AddressFilter } from '../address/view.js';
import { isAreaFilter } from './selection.js';
import type { Filter } from '../query.js';

/** The axes of one chart as a person moved them. */
export interface ChartAxes {
  xDomain?: AddressDomain;
  yDomain?: AddressDomain;
}

/** What a person chose on a dashboard, and nothing else: whatever is absent follows from the dashboard and the data. */
export interface DashboardView {
  dashboard: string;
  /** By name; without it the first. */
  page?: string;
  /** Instead of what the dashboard chooses at first; a column whose filter was taken away is in `cleared`. */
  filters?: readonly AddressFilter[];
  cleared?: readonly string[];
  /** What was brushed, by the id of the chart; it filters the charts that are linked to it. */
  selections?: Readonly<Record<string, readonly Filter[]>>;
  axes?: Readonly<Record<string, ChartAxes>>;
  /** What is taken off in a chart, by its id: as `vs` of the page's address. */
  against?: Readonly<Record<string, string>>;
  /** Categories that a chart does not show, by its id: as `hide` of the page's address. */
  hidden?: Readonly<Record<string, readonly (string | null)[]>>;
  /** Values of the parameters of datasets, by dataset: as they stand behind its name, empty where all are those of the dataset. */
  parameters?: Readonly<Record<string, string>>;
  /** Snapshots that the charts are pinned to, by dataset. */
  snapshots?: Readonly<Record<string, string>>;
  /** Nothing but the charts: for screens on a wall. */
  kiosk?: true;
  /** Seconds that a kiosk stays on a page before it turns to the next. */
  cycle?: number;
}

const DASHBOARD = 'd/';

/** What a filter is written as that was taken away, where the dashboard has one at first: a range without ends. */
const CLEARED = '..';

/** A wall may turn its pages daily, and no quicker than a person can look. */
const MIN_CYCLE = 5;
const MAX_CYCLE = 86_400;

/**
 * Reads an address relative to the base path: `d/NAME/PAGE?f.origin=ATL&s.delays=…`. Gives null for any other page. What cannot
 * be used is left out and listed among the faults; nothing throws.
 */
export function parseDashboardAddress(
  address: string,
): { view: DashboardView; faults: AddressFault[] } | null {
  const [path = '', ...rest] = (address.split('#', 1)[0] ?? '').split('?');
  if (!path.startsWith(DASHBOARD)) return null;
  const [dashboard = '', page = ''] = path.slice(DASHBOARD.length).split('/').map(decode);
  if (dashboard === '') return null;
  const view: DashboardView = { dashboard, ...(page === '' ? {} : { page }) };
  const faults: AddressFault[] = [];
  for (const [parameter, value] of parametersOf(rest.join('?'))) {
    const reason = readParameter(view, parameter, value);
    if (reason !== undefined) faults.push({ parameter, value, reason });
  }
  return { view, faults };
}

/** Writes the address of what a person chose on a dashboard: equal choices give equal addresses. */
export function formatDashboardAddress(view: DashboardView): string {
  const parts: string[] = [];
  const put = (name: string, value: string | number): void => {
    parts.push(`${encodeQuery(name)}=${encodeQuery(String(value))}`);
  };
  for (const filter of view.filters ?? []) {
    put(`${filter.op === 'contains' ? 'c' : 'f'}.${filter.column}`, formatFilter(filter));
  }
  for (const column of view.cleared ?? []) put(`f.${column}`, CLEARED);
  for (const [chart, filters] of entriesOf(view.selections)) {
    put(`s.${chart}`, JSON.stringify(filters));
  }
  for (const [chart, { xDomain, yDomain }] of entriesOf(view.axes)) {
    if (xDomain) put(`xr.${chart}`, xDomain.map(itemOfAddress).join(','));
    if (yDomain) put(`yr.${chart}`, yDomain.map(itemOfAddress).join(','));
  }
  for (const [chart, against] of entriesOf(view.against)) put(`vs.${chart}`, against);
  for (const [chart, labels] of entriesOf(view.hidden)) {
    put(
      `hide.${chart}`,
      labels.map((label) => (label === null ? '~' : itemOfAddress(label))).join(','),
    );
  }
  for (const [dataset, values] of entriesOf(view.parameters)) put(`p.${dataset}`, values);
  for (const [dataset, snapshot] of entriesOf(view.snapshots)) put(`snap.${dataset}`, snapshot);
  if (view.kiosk) put('kiosk', 1);
  if (view.cycle !== undefined) put('cycle', view.cycle);
  const page = view.page === undefined ? '' : `/${encode(view.page)}`;
  const query = parts.length > 0 ? `?${parts.join('&')}` : '';
  return `${DASHBOARD}${encode(view.dashboard)}${page}${query}`;
}

const entriesOf = <T>(record: Readonly<Record<string, T>> | undefined): [string, T][] =>
  Object.entries(record ?? {});

function readParameter(view: DashboardView, parameter: string, value: string): string | undefined {
  const [kind = '', ...dotted] = parameter.split('.');
  const name = dotted.join('.');
  if (name === '') return readWhole(view, parameter, value);
  switch (kind) {
    case 'f':
    case 'c': {
      if (view.filters?.some(({ column }) => column === name) || view.cleared?.includes(name)) {
        return 'it is given twice';
      }
      if (kind === 'f' && value === CLEARED) {
        view.cleared = [...(view.cleared ?? []), name];
        return undefined;
      }
      const read = parseAddress(`explore/_?${encodeQuery(parameter)}=${encodeQuery(value)}`)!;
      if (read.view.filters) view.filters = [...(view.filters ?? []), ...read.view.filters];
      return read.faults[0]?.reason;
    }
    case 's': {
      const filters = readSelection(value);
      if (typeof filters === 'string') return filters;
      view.selections = { ...view.selections, [name]: filters };
      return undefined;
    }
    case 'xr':
    case 'yr': {
      const ends = value.split(',').map(decode);
      if (ends.length === 1 && ends[0] === '') return 'a range has two ends, as in 0,3000';
      const axis = kind === 'xr' ? 'xDomain' : 'yDomain';
      view.axes = { ...view.axes, [name]: { ...view.axes?.[name], [axis]: ends } };
      return undefined;
    }
    case 'vs':
      if (value === '') return 'it names nothing to compare with';
      view.against = { ...view.against, [name]: value };
      return undefined;
    case 'hide': {
      const labels = value.split(',').map((item) => (item === '~' ? null : decode(item)));
      view.hidden = { ...view.hidden, [name]: labels };
      return undefined;
    }
    case 'p':
      view.parameters = { ...view.parameters, [name]: value };
      return undefined;
    case 'snap':
      if (value === '') return 'it names no snapshot';
      view.snapshots = { ...view.snapshots, [name]: value };
      return undefined;
    default:
      return 'no such parameter is known';
  }
}

function readWhole(view: DashboardView, parameter: string, value: string): string | undefined {
  if (parameter === 'kiosk') {
    if (value === '1') view.kiosk = true;
    return value === '0' || value === '1' ? undefined : 'it is 0 or 1';
  }
  if (parameter === 'cycle') {
    const seconds = Number(value);
    if (!Number.isInteger(seconds) || seconds < MIN_CYCLE || seconds > MAX_CYCLE) {
      return `it is a whole number of seconds from ${MIN_CYCLE} to ${MAX_CYCLE}`;
    }
    view.cycle = seconds;
    return undefined;
  }
  return 'no such parameter is known';
}

function readSelection(text: string): Filter[] | string {
  try {
    const read: unknown = JSON.parse(text);
    if (Array.isArray(read) && read.length > 0 && read.every(isAreaFilter)) return read;
  } catch {
    // Told below, as all else that is no selection.
  }
  return 'it is no list of filters';
}
