import { plotlyEnd, type Axis } from '../axis.js';

/** The value that Plotly puts at a position of an axis; null where there is none. */
export function plotlyValue(position: number, axis: Axis): number | string | null {
  if (!Number.isFinite(position)) return null;
  return axis.scale === 'log' ? 10 ** position : plotlyEnd(position, axis);
}
