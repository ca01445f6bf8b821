import type { Query } from '../../../protocol/query.js';
import type { Axis } from '../axis.js';
import type { ColumnRef, ColumnScope } from '../columns.js';

/** A line whose pixel columns are runs of rows: x ascends, and every row counts. */
export interface SortedLine {
  x: Axis;
  ys: readonly ColumnRef[];
  /** Pixel columns, or the buckets that take their place. */
  cells: number;
  /** Rows of the snapshot that have a place for y. */
  placed: number;
  /** What is sent is chosen among all rows: no pyramid tells enough. */
  needsEveryRow: boolean;
}

/** What is known of a line before it is planned. */
export interface LineFacts {
  query: Query;
  scope: ColumnScope;
  x: Axis;
  ys: readonly ColumnRef[];
  /** The category of the series, if there is one. */
  color: ColumnRef | undefined;
  cells: number;
}

/** Finds out whether the pixel columns of a line are runs of rows; else why not. */
export function asSortedLine({ query, scope, x, ys, cells }: LineFacts): SortedLine | string {
  if ((query.filters ?? []).length > 0) return 'rows are filtered';
  if (query.color !== undefined) return 'the series are categories';
  if (!isAscending(x)) return `${quoted(x.ref.name)} does not ascend`;
  if (x.scale === 'log') return 'x is on a log scale';
  if (scope.rows === 0) return 'there is no row';
  const negative = ys.find(({ low }) => query.scale?.y === 'log' && low !== undefined && low <= 0);
  // The extremes of all finite values are those of the positive ones only where there are no others.
  if (negative !== undefined)
    return `${quoted(negative.name)} is not positive everywhere on its log scale`;
  const [first] = ys;
  const needsEveryRow = query.method === 'lttb';
  if (ys.length === 1) {
    const placed = scope.rows - first!.nulls - first!.notFinite;
    return { x, ys, cells, placed, needsEveryRow };
  }
  if (!ys.some(isWhole)) return 'every column has gaps: rows with a place are not known';
  return { x, ys, cells, placed: scope.rows, needsEveryRow };
}

/** Whether the rows stand in ascending order of x, and every one has a finite x. */
export function isAscending({ ref }: Axis): boolean {
  return ref.info.ascending === true && isWhole(ref);
}

/** Whether every row has a finite value. */
export function isWhole({ nulls, notFinite }: ColumnRef): boolean {
  return nulls === 0 && notFinite === 0;
}

/** A column's name as a reason shows it: reasons travel in a header. */
export function quoted(name: string): string {
  return `"${name.length > 60 ? `${name.slice(0, 60)}…` : name}"`;
}
