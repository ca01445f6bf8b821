import { formatArea, formatFilter } from './filters.js';
import { decode, encode, encodeQuery, itemOfAddress } from './percent-encoding.js';
import { readParameter } from './read-parameter.js';
import type { View } from './view.js';

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
  put('stroke', view.stroke);
  put('shade', view.shade);
  put('palette', view.palette);
  put('middle', view.middle);
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
