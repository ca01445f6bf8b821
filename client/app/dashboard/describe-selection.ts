import type { Bound, Filter } from '../../../protocol/query.js';
import { zonedText } from '../../../protocol/view/zone-clock.js';
import { textOf, valueLabel } from '../filters.js';
import { formatCount, formatNumber } from '../format.js';

/** What a chip says about a selection. Instants are told in `timeZone` with their offset, else in UTC. */
export const describeSelection = (filters: readonly Filter[], timeZone?: string): string =>
  filters.map((filter) => describe(filter, timeZone)).join(' and ');

function describe(filter: Filter, timeZone: string | undefined): string {
  switch (filter.op) {
    case 'in': {
      const shown = filter.values.slice(0, 3).map((value) => valueLabel(textOf(value)));
      const more = filter.values.length - shown.length;
      const not = filter.exclude === true ? 'not ' : '';
      return `${not}${shown.join(', ')}${more > 0 ? ` +${formatCount(more)}` : ''}`;
    }
    case 'range':
      return `${filter.column} ${end(filter.min, timeZone)} – ${end(filter.max, timeZone)}`;
    case 'polygon':
      return `an area of ${filter.x} and ${filter.y}`;
    case 'not':
      return `not ${describe(filter.filter, timeZone)}`;
    default:
      return filter.op;
  }
}

const end = (bound: Bound | undefined, timeZone: string | undefined): string =>
  bound === undefined
    ? ''
    : typeof bound === 'number'
      ? formatNumber(bound)
      : zonedText(bound, timeZone)
          .replace(/T00:00(:00(\.0+)?)?Z?$/u, '')
          .replace(/(:\d\d)\.\d+(?:Z|([+-]\d\d:\d\d))?$/u, '$1$2')
          .replace(/T(?=.*[+-]\d\d:\d\d$)/u, ' ');
