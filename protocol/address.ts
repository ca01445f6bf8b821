import { MAX_BINS, MAX_TOP, MAX_VALUES, MAX_VERTICES } from './limits.js';
import {
  AGGREGATE_OPS,
  CALENDAR_UNITS,
  MARKS,
  METHODS,
  SCALES,
  type CalendarUnit,
  type Mark,
  type Method,
  type Scale,
} from './query-words.js';
import { OPACITIES, PALETTES, SHADES, SIZES, type Shading } from './view/shading.js';

/** A filter as the address spells it: every value is text until a column says what it means; null is null. */
export type AddressFilter =
  | { op: 'in'; column: string; values: readonly (string | null)[]; exclude?: true }
  | { op: 'range'; column: string; min?: string; max?: string; exclude?: true }
  | { op: 'contains'; column: string; text: string; exclude?: true };

/** An outline on the plane of two columns that keeps the rows within, or leaves them out. */
export interface AddressArea {
  x: string;
  y: string;
  points: readonly (readonly [x: string, y: string])[];
  exclude?: true;
}

/** The two ends of an axis, or the values of a category axis in order, as text. */
export type AddressDomain = readonly string[];

/** The back ends of the chart, by name. */
export const RENDERERS = ['auto', 'gpu', 'cpu', 'plotly'] as const;

/** How bars are ordered where not the largest come first. */
export const BAR_ORDERS = ['smallest', 'name'] as const;

/** What a person chose, and nothing else: whatever is absent follows from the data. */
export interface View extends Shading {
  dataset: string;
  snapshot?: string;
  mark?: Mark;
  x?: string;
  y?: readonly string[];
  color?: string;
  /** An aggregate: one of the operations, or `p10`, `p99.9` for a quantile. */
  agg?: string;
  /** The column a heatmap or a single value aggregates. */
  of?: string;
  /** A calendar unit, a width in the units of x, or `none` for every row as it is. */
  bin?: CalendarUnit | 'none' | number;
  bins?: number;
  /** True draws the p10–p90 band around a binned line, false leaves it out. */
  band?: boolean;
  top?: number;
  /** The order of bars; without it the largest come first. */
  order?: (typeof BAR_ORDERS)[number];
  method?: Method;
  timeZone?: string;
  /** What draws: for tests, and for people with a broken graphics driver. */
  renderer?: (typeof RENDERERS)[number];
  xScale?: Scale;
  yScale?: Scale;
  /** Whether a line stands at the present of a time axis; absent where the data say. */
  now?: boolean;
  /** True moves a window at the end of the data on with them. */
  follow?: boolean;
  xDomain?: AddressDomain;
  yDomain?: AddressDomain;
  filters?: readonly AddressFilter[];
  areas?: readonly AddressArea[];
  /** What is taken off: `all` rows, the `rest`, a snapshot, or a JSON list of other filters. */
  against?: string;
  /** Categories of the color that are not shown, though they match; null is the missing one. */
  hide?: readonly (string | null)[];
  /** The order of the table. */
  sort?: { column: string; order: 'asc' | 'desc' };
}

/** A part of an address that could not be used, for a notice to the person who opened it. */
export interface AddressFault {
  /** The parameter as it stands in the address. */
  parameter: string;
  value: string;
  /** What was wrong, to follow "ignored, because". */
  reason: string;
}

const EXPLORE = 'explore/';

/**
 * Reads an address relative to the base path: `explore/DATASET?mark=…`. Gives null for any other page.
 * What cannot be used is left out of the view and listed among the faults; nothing throws.
 */
export function parseAddress(address: string): { view: View; faults: AddressFault[] } | null {
  const [path = '', ...rest] = (address.split('#', 1)[0] ?? '').split('?');
  if (!path.startsWith(EXPLORE) || path.length === EXPLORE.length) return null;
  const view: View = { dataset: decode(path.slice(EXPLORE.length).replace(/\/$/, '')) };
  const faults: AddressFault[] = [];
  const seen = new Set<string>();
  for (const [parameter, value] of parametersOf(rest.join('?'))) {
    const twice = seen.has(parameter) && parameter !== 'y' && parameter !== 'area';
    seen.add(parameter);
    const reason = twice ? 'it is given twice' : readParameter(view, parameter, value);
    if (reason !== undefined) faults.push({ parameter, value, reason });
  }
  return { view, faults };
}

/**
 * Writes the address of a view, relative to the base path. Parsing it gives an equal view, and equal views
 * give equal addresses: parameters stand in one fixed order, filters in theirs.
 */
export function formatAddress(view: View): string {
  const parts: string[] = [];
  const put = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) parts.push(`${encodeQuery(name)}=${encodeQuery(String(value))}`);
  };
  put('mark', view.mark);
  put('x', view.x);
  for (const column of view.y ?? []) put('y', column);
  put('color', view.color);
  put('agg', view.agg);
  put('of', view.of);
  put('bin', view.bin);
  put('bins', view.bins);
  if (view.band !== undefined) put('band', view.band ? 'yes' : 'no');
  put('top', view.top);
  put('order', view.order);
  put('method', view.method);
  put('size', view.size);
  put('opacity', view.opacity);
  put('shade', view.shade);
  put('palette', view.palette);
  put('tz', view.timeZone);
  put('renderer', view.renderer);
  put('xs', view.xScale);
  put('ys', view.yScale);
  if (view.now !== undefined) put('now', view.now ? 'yes' : 'no');
  if (view.follow === true) put('follow', 'latest');
  put('xr', view.xDomain?.map(itemOfAddress).join(','));
  put('yr', view.yDomain?.map(itemOfAddress).join(','));
  for (const filter of view.filters ?? []) {
    put(`${filter.op === 'contains' ? 'c' : 'f'}.${filter.column}`, formatFilter(filter));
  }
  for (const area of view.areas ?? []) put('area', formatArea(area));
  put('hide', view.hide?.map((label) => (label === null ? '~' : itemOfAddress(label))).join(','));
  if (view.sort)
    put('sort', (view.sort.order === 'desc' ? '!' : '') + itemOfAddress(view.sort.column));
  put('vs', view.against);
  put('snap', view.snapshot);
  const query = parts.length > 0 ? `?${parts.join('&')}` : '';
  return `${EXPLORE}${encode(view.dataset)}${query}`;
}

/** The names and values of a query string, decoded once. */
export function parametersOf(query: string): [string, string][] {
  const pairs = query.split('&').filter((pair) => pair !== '');
  return pairs.map((pair) => {
    const [name = '', ...value] = pair.replace(/\+/g, ' ').split('=');
    return [decode(name), decode(value.join('='))];
  });
}

/** Takes one parameter into the view, or says why it cannot. */
function readParameter(view: View, name: string, value: string): string | undefined {
  if (name.startsWith('f.') || name.startsWith('c.')) return readFilter(view, name, value);
  switch (name) {
    case 'mark':
      return choose(MARKS, value, (mark) => (view.mark = mark));
    case 'x':
    case 'color':
    case 'of':
      if (value === '') return 'it names no column';
      view[name] = value;
      return undefined;
    case 'y':
      if (value === '') return 'it names no column';
      if (view.y?.includes(value)) return 'it is given twice';
      view.y = [...(view.y ?? []), value];
      return undefined;
    case 'agg':
      if (!isAggregate(value)) {
        return `an aggregate is one of ${AGGREGATE_OPS.join(', ')}, or a quantile such as p90`;
      }
      view.agg = value;
      return undefined;
    case 'bin':
      if (Number(value) > 0 && String(Number(value)) === value && value !== 'Infinity') {
        view.bin = Number(value);
        return undefined;
      }
      return choose([...CALENDAR_UNITS, 'none'] as const, value, (bin) => (view.bin = bin));
    case 'bins':
      return count(value, MAX_BINS, (bins) => (view.bins = bins));
    case 'top':
      return count(value, MAX_TOP, (top) => (view.top = top));
    case 'order':
      return choose(BAR_ORDERS, value, (order) => (view.order = order));
    case 'band':
      return choose(['yes', 'no'] as const, value, (band) => (view.band = band === 'yes'));
    case 'method':
      return choose(METHODS, value, (method) => (view.method = method));
    case 'size':
      return within(value, SIZES, (size) => (view.size = size));
    case 'opacity':
      return within(value, OPACITIES, (opacity) => (view.opacity = opacity));
    case 'shade':
      return choose(SHADES, value, (shade) => (view.shade = shade));
    case 'palette':
      return choose(PALETTES, value, (palette) => (view.palette = palette));
    case 'renderer':
      return choose(RENDERERS, value, (renderer) => (view.renderer = renderer));
    case 'tz':
      if (!isTimeZone(value)) return 'no time zone has that name';
      view.timeZone = value;
      return undefined;
    case 'xs':
      return choose(SCALES, value, (scale) => (view.xScale = scale));
    case 'ys':
      return choose(SCALES, value, (scale) => (view.yScale = scale));
    case 'now':
      return choose(['yes', 'no'] as const, value, (now) => (view.now = now === 'yes'));
    case 'follow':
      return choose(['latest'] as const, value, () => (view.follow = true));
    case 'xr':
    case 'yr': {
      const ends = value.split(',').map(decode);
      if (ends.length === 1 && ends[0] === '') return 'a range has two ends, as in 0,3000';
      view[name === 'xr' ? 'xDomain' : 'yDomain'] = ends;
      return undefined;
    }
    case 'hide':
      view.hide = [
        ...new Set(value.split(',').map((item) => (item === '~' ? null : decode(item)))),
      ];
      return undefined;
    case 'area':
      return readArea(view, value);
    case 'sort': {
      const desc = value.startsWith('!');
      const column = decode(desc ? value.slice(1) : value);
      if (column === '') return 'it names no column';
      view.sort = { column, order: desc ? 'desc' : 'asc' };
      return undefined;
    }
    case 'vs':
      if (value === '') return 'it names nothing to compare with';
      view.against = value;
      return undefined;
    case 'snap':
      if (value === '') return 'it names no snapshot';
      view.snapshot = value;
      return undefined;
    default:
      return 'no such parameter is known';
  }
}

function readFilter(view: View, name: string, value: string): string | undefined {
  const column = name.slice(2);
  if (column === '') return 'it names no column';
  const exclude = value.startsWith('!') ? ({ exclude: true } as const) : {};
  const body = exclude.exclude ? value.slice(1) : value;
  const add = (filter: AddressFilter): void => {
    view.filters = [...(view.filters ?? []), filter];
  };
  if (name.startsWith('c.')) {
    if (body === '') return 'it names no text';
    add({ op: 'contains', column, text: decode(body), ...exclude });
    return undefined;
  }
  // Dots inside a value are written as %2E, so two plain ones can only stand between the ends of a range.
  const dots = body.indexOf('..');
  if (dots >= 0 && !body.includes(',')) {
    const min = decode(body.slice(0, dots));
    const max = decode(body.slice(dots + 2));
    if (min === '' && max === '') return 'a range needs at least one end';
    add({
      op: 'range',
      column,
      ...(min === '' ? {} : { min }),
      ...(max === '' ? {} : { max }),
      ...exclude,
    });
    return undefined;
  }
  const values = [...new Set(body.split(',').map((item) => (item === '~' ? null : decode(item))))];
  if (values.length > MAX_VALUES) return `it lists more than ${MAX_VALUES} values`;
  add({ op: 'in', column, values, ...exclude });
  return undefined;
}

function readArea(view: View, value: string): string | undefined {
  const isOutside = value.startsWith('!');
  const [x = '', y = '', ...ends] = (isOutside ? value.slice(1) : value).split(',').map(decode);
  if (x === '' || y === '') return 'it names no two columns';
  if (ends.length < 6 || ends.length % 2 !== 0) return 'an area has at least three points';
  if (ends.length / 2 > MAX_VERTICES) return `it has more than ${MAX_VERTICES} points`;
  const points = Array.from({ length: ends.length / 2 }, (_, at): [string, string] => [
    ends[2 * at]!,
    ends[2 * at + 1]!,
  ]);
  const exclude = isOutside ? ({ exclude: true } as const) : {};
  view.areas = [...(view.areas ?? []), { x, y, points, ...exclude }];
  return undefined;
}

const formatArea = ({ x, y, points, exclude }: AddressArea): string =>
  (exclude ? '!' : '') + [x, y, ...points.flat()].map(itemOfAddress).join(',');

/** A filter as the value of its parameter. */
export function formatFilter(filter: AddressFilter): string {
  const not = filter.exclude ? '!' : '';
  if (filter.op === 'contains') return not + itemOfAddress(filter.text);
  if (filter.op === 'range') return `${not}${encodeEnd(filter.min)}..${encodeEnd(filter.max)}`;
  const items = filter.values.map((value) => (value === null ? '~' : itemOfAddress(value)));
  return not + items.join(',');
}

/** True for an aggregate that an address may name; `quantile` goes by its share, as `p90`. */
export function isAggregate(text: string): boolean {
  const quantile = /^p(\d{1,2}(\.\d+)?|100)$/.test(text);
  return quantile || (text !== 'quantile' && AGGREGATE_OPS.some((op) => op === text));
}

function choose<T extends string>(
  choices: readonly T[],
  value: string,
  take: (choice: T) => void,
): string | undefined {
  const choice = choices.find((each) => each === value);
  if (choice === undefined) return `it is one of ${choices.join(', ')}`;
  take(choice);
  return undefined;
}

function count(value: string, most: number, take: (n: number) => void): string | undefined {
  const n = /^[1-9]\d{0,6}$/.test(value) ? Number(value) : 0;
  if (n < 1 || n > most) return `it is a whole number from 1 to ${most}`;
  take(n);
  return undefined;
}

function within(
  value: string,
  [least, most]: readonly [number, number],
  take: (n: number) => void,
): string | undefined {
  const n = /^\d*\.?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(n >= least && n <= most)) return `it is a number from ${least} to ${most}`;
  take(n);
  return undefined;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Percent-encodes one item of a list, so that no sign of the list's own language is left in it. */
export function itemOfAddress(item: string): string {
  const encoded = encode(item).replace(/!/g, '%21').replace(/~/g, '%7E');
  return encoded.includes('..') ? encodeDots(encoded) : encoded;
}

/** The ends of a range may not touch its dots with their own. */
function encodeEnd(end: string | undefined): string {
  if (end === undefined) return '';
  const item = itemOfAddress(end);
  return item.startsWith('.') || item.endsWith('.') ? encodeDots(item) : item;
}

const encodeDots = (text: string): string => text.replace(/\./g, '%2E');

/** Half of a surrogate pair has no UTF-8 form and would make `encodeURIComponent` throw. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Percent-encodes a part of a path, whatever is in it. */
export const encode = (text: string): string =>
  encodeURIComponent(text.replace(LONE_SURROGATE, '\uFFFD'));

/** Signs that a query may hold as they are stay readable. */
export const encodeQuery = (text: string): string =>
  encode(text).replace(/%(2C|3A|2F)/g, (code) => decodeURIComponent(code));

/** Decodes what is percent-encoded; text that people typed with a bare `%` stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
