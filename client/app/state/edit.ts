import type { View } from '../../../protocol/address/view.js';
import type { Mark } from '../../../protocol/query.js';
import { isChoice } from '../../../protocol/view/columns.js';
import {
  fitsX,
  fitsY,
  takesColor,
  takesSeveral,
  takesY,
} from '../../../protocol/view/mark-columns.js';
import type { Plot } from '../../../protocol/view/plot.js';

/** Members of a view to set, or with undefined to take away. */
export type Changes = { [Key in keyof View]?: View[Key] | undefined };

/** The view with `changes`; what is undefined in them is left to the data again. */
export function edit(view: View, changes: Changes): View {
  const entries = Object.entries({ ...view, ...changes });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as unknown as View;
}

/** Writes down the columns that a suggested chart shows, so that a change of one keeps the others. */
function settled(view: View, plot: Plot): View {
  return edit(view, {
    mark: plot.mark,
    x: plot.x?.name,
    y: plot.y.length > 0 ? plot.y.map((column) => column.name) : undefined,
  });
}

/** Another mark on the same columns, as far as they suit it; the rest is suggested anew. */
export function chooseMark(view: View, plot: Plot, mark: Mark): View {
  const x =
    plot.x && fitsX(mark, plot.x) && (mark !== 'bar' || isChoice(plot.x)) ? plot.x : undefined;
  const fitting = takesY(mark) ? plot.y.filter((column) => fitsY(mark, column)) : [];
  // Bars count until a person asks for more: a mean that nobody chose is no place to start from.
  const y = mark === 'bar' && plot.mark !== 'line' ? [] : fitting;
  const several = takesSeveral(mark) ? y : y.slice(0, 1);
  return edit(view, {
    mark,
    x: x?.name,
    y: several.length > 0 ? several.map((column) => column.name) : undefined,
    color: takesColor(mark) ? view.color : undefined,
    hide: takesColor(mark) ? view.hide : undefined,
    agg: takesSeveral(mark) ? view.agg : undefined,
    of: undefined,
    bin: undefined,
    bins: undefined,
    band: undefined,
    method: undefined,
    xDomain: x && x === plot.x && mark !== 'bar' ? view.xDomain : undefined,
    yDomain: undefined,
    yScale: takesY(mark) ? view.yScale : undefined,
  });
}

/** Another column on the x axis; its old domain goes. */
export function chooseX(view: View, plot: Plot, x: string): View {
  return edit(settled(view, plot), { x, xDomain: undefined, bin: undefined });
}

/** Other columns on the y axis; their old domain goes. */
export function chooseY(view: View, plot: Plot, y: readonly string[]): View {
  return edit(settled(view, plot), {
    y: y.length > 0 ? y : undefined,
    yDomain: undefined,
    ...(y.length === 0 ? { agg: undefined } : {}),
  });
}

/** x becomes y and y becomes x. */
export function swapAxes(view: View, plot: Plot): View {
  const [y] = plot.y;
  if (!plot.x || !y) return view;
  return edit(view, {
    mark: plot.mark,
    x: y.name,
    y: [plot.x.name],
    xDomain: view.yDomain,
    yDomain: view.xDomain,
    xScale: view.yScale,
    yScale: view.xScale,
  });
}
