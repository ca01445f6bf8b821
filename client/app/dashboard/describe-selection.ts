import type { Bound, Filter } from '../../../protocol/query.js';
import { textOf, valueLabel } from '../filters.js';
import { formatCount, formatNumber } from '../format.js';

/** What a chip says about a selection. */
export const describeSelection = (filters: readonly Filter[]): string =>
  filters.map(describe).join(' and ');

function describe(filter: Filter): string {
  switch (filter.op) {
    case 'in': {
      const shown = filter.values.slice(0, 3).map((value) => valueLabel(textOf(value)));
      const more = filter.values.length - shown.length;
      const not = filter.exclude === true ? 'not ' : '';
      return `${not}${shown.join(', ')}${more > 0 ? ` +${formatCount(more)}` : ''}`;
    }
    case 'range':
      return `${filter.column} ${end(filter.min)} – ${end(filter.max)}`;
    case 'polygon':
      return `an area of ${filter.x} and ${filter.y}`;
    case 'not':
      return `not ${describe(filter.filter)}`;
    default:
      return filter.op;
  }
}

const end = (bound: Bound | undefined): string =>
  bound === undefined
    ? ''
    : typeof bound === 'number'
      ? formatNumber(bound)
      : bound.replace(/T00:00(:00(\.0+)?)?Z?$/u, '').replace(/(:\d\d)\.\d+Z?$/u, '$1');
