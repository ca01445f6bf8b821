import { MAX_VALUES, MAX_VERTICES } from '../limits.js';
import { decode, endOfAddress, itemOfAddress } from './percent-encoding.js';
import type { AddressArea, AddressFilter, View } from './view.js';

/** Takes the filter of a parameter `f.COLUMN` or `c.COLUMN` into the view, or says why it cannot. */
export function readFilter(view: View, name: string, value: string): string | undefined {
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

/** Takes an outline into the view, or says why it cannot. */
export function readArea(view: View, value: string): string | undefined {
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

/** An outline as the value of its parameter. */
export const formatArea = ({ x, y, points, exclude }: AddressArea): string =>
  (exclude ? '!' : '') + [x, y, ...points.flat()].map(itemOfAddress).join(',');

/** A filter as the value of its parameter. */
export function formatFilter(filter: AddressFilter): string {
  const not = filter.exclude ? '!' : '';
  if (filter.op === 'contains') return not + itemOfAddress(filter.text);
  if (filter.op === 'range')
    return `${not}${endOfAddress(filter.min)}..${endOfAddress(filter.max)}`;
  const items = filter.values.map((value) => (value === null ? '~' : itemOfAddress(value)));
  return not + items.join(',');
}
