import { at, isList, titleAt, type PlotlyTrace } from './figure.js';

/** An axis of a figure in our words. */
export interface ReadAxis {
  /** The column that it names. */
  column: string | undefined;
  isLog: boolean;
  /** Its ends as the address has them. */
  domain: readonly [string, string] | undefined;
}

/** Reads the axis of a trace: the column, the scale and the range. */
export function readAxis(
  trace: PlotlyTrace,
  layout: Readonly<Record<string, unknown>>,
  name: 'x' | 'y',
  say: (sentence: string) => void,
): ReadAxis {
  const anchor = trace[`${name}axis`];
  const number = typeof anchor === 'string' ? anchor.slice(1) : '';
  const axis = at(layout, `${name}axis${number}`);
  const type = at(axis, 'type');
  const isLog = type === 'log';
  const values = trace[name];
  const column = typeof values === 'string' && !isList(values) ? values : titleAt(axis, 'title');
  // Plotly looks at the values itself where no type is given, and the ends of such an axis are places.
  const isText = type === undefined && Array.isArray(values) && values.some(isWord);
  const kind = isText ? 'category' : type;
  return { column, isLog, domain: domainOf(axis, name, isLog, kind, say) };
}

const isWord = (value: unknown): boolean =>
  typeof value === 'string' && /^\s*[^\s\d.+-]/u.test(value);

function domainOf(
  axis: unknown,
  name: string,
  isLog: boolean,
  type: unknown,
  say: (sentence: string) => void,
): readonly [string, string] | undefined {
  const range = at(axis, 'range');
  if (range === undefined || at(axis, 'autorange') === true) return undefined;
  const [from, to] = (Array.isArray(range) ? range : []) as unknown[];
  if (type === 'category' || type === 'multicategory') {
    say(`${name}axis.range: an axis of categories shows all of them.`);
    return undefined;
  }
  const ends = [endOf(from, isLog), endOf(to, isLog)];
  if (ends[0] === undefined || ends[1] === undefined) {
    say(`${name}axis.range: it has no two ends.`);
    return undefined;
  }
  const [low, high] = ends as [string, string];
  const isTurned = typeof from === 'number' && typeof to === 'number' ? from > to : low > high;
  if (!isTurned) return [low, high];
  say(`${name}axis.range: axes ascend.`);
  return [high, low];
}

/** The ends of a log axis are exponents; times without an offset are UTC. */
function endOf(end: unknown, isLog: boolean): string | undefined {
  if (typeof end === 'number' && Number.isFinite(end)) return String(isLog ? 10 ** end : end);
  if (typeof end !== 'string' || end === '') return undefined;
  return end.replace(' ', 'T');
}
