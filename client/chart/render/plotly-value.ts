import { valueAt, type Axis } from '../axis.js';

const TIME: Axis = { kind: 'time', scale: 'linear', zoned: false, unit: 'ms' };
/** Plotly counts time in tenths of a microsecond. */
const TIME_STEP_MS = 1e-4;

/** The value that Plotly puts at a position of an axis; null where there is none. A number on its time axes may be a year. */
export function plotlyValue(position: number, { kind, scale }: Axis): number | string | null {
  if (!Number.isFinite(position)) return null;
  if (kind === 'time' || kind === 'clock') return valueAt(position, TIME, TIME_STEP_MS);
  return scale === 'log' ? 10 ** position : position;
}
