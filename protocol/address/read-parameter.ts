import { MAX_BINS, MAX_TOP } from '../limits.js';
import { AGGREGATE_OPS, CALENDAR_UNITS, MARKS, METHODS, SCALES } from '../query-words.js';
import { OPACITIES, PALETTES, SHADES, SIZES, STROKES } from '../view/shading.js';
import { readArea, readFilter } from './filters.js';
import { decode } from './percent-encoding.js';
import { BAR_ORDERS, RENDERERS, type View } from './view.js';

/** Takes one parameter into the view, or says why it cannot. */
export function readParameter(view: View, name: string, value: string): string | undefined {
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
    case 'stroke':
      return within(value, STROKES, (stroke) => (view.stroke = stroke));
    case 'shade':
      return choose(SHADES, value, (shade) => (view.shade = shade));
    case 'palette':
      return choose(PALETTES, value, (palette) => (view.palette = palette));
    case 'middle': {
      const middle = Number(value);
      if (value.trim() === '' || !Number.isFinite(middle)) return 'it is a number';
      view.middle = middle || 0;
      return undefined;
    }
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
