/** A figure of Plotly as JSON gives it: nothing of it is known before it is looked at. */
export interface PlotlyFigure {
  data?: readonly PlotlyTrace[];
  layout?: Readonly<Record<string, unknown>>;
}

export type PlotlyTrace = Readonly<Record<string, unknown>>;

/** What stands at a path of a figure: `at(trace, 'marker', 'size')`; undefined where the way ends. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

/** The text of a title, which Plotly takes as a text or as an object. Its markup is taken away. */
export function titleAt(value: unknown, ...path: readonly string[]): string | undefined {
  const title = at(value, ...path);
  const text = typeof title === 'string' ? title : at(title, 'text');
  if (typeof text !== 'string') return undefined;
  const plain = text.replace(/<[^>]*>/gu, '').trim();
  return plain === '' ? undefined : plain;
}

/** Whether a value is a list, or the packed form that Plotly's Python writes lists of numbers in. */
export const isList = (value: unknown): boolean =>
  Array.isArray(value) || ArrayBuffer.isView(value) || at(value, 'bdata') !== undefined;

/** A value if it is a text; else `otherwise`. */
export const textOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' ? value : otherwise;
