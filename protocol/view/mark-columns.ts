import type { ColumnInfo } from '../column.js';
import type { Mark } from '../query.js';
import { isContinuous } from './columns.js';

/** True where `mark` can stand on `column` as its x axis. */
export function fitsX(mark: Mark, column: ColumnInfo): boolean {
  if (mark === 'bar' || mark === 'heatmap') return column.kind !== 'binary';
  if (mark === 'rows' || mark === 'value') return true;
  return isContinuous(column);
}

/** True where `mark` can measure `column`. */
export function fitsY(mark: Mark, column: ColumnInfo): boolean {
  if (mark === 'heatmap') return column.kind !== 'binary';
  if (mark === 'scatter') return isContinuous(column);
  if (mark === 'line' || mark === 'bar') return column.kind === 'number';
  return true;
}

export const takesY = (mark: Mark): boolean =>
  mark === 'scatter' || mark === 'heatmap' || mark === 'line' || mark === 'bar';
export const takesSeveral = (mark: Mark): boolean => mark === 'line' || mark === 'bar';
export const takesColor = (mark: Mark): boolean =>
  mark === 'scatter' || mark === 'line' || mark === 'bar' || mark === 'histogram';
