import { MAX_CATEGORIES } from '../../../workers/order/category-codes.js';
import { testsOnly } from '../../../workers/order/select-runs.js';
import type { Predicate } from '../../../workers/scan/predicate.js';
import type { Axis } from '../axis.js';
import type { ColumnRef, ColumnScope } from '../columns.js';
import { isAscending, isWhole, quoted, type LineFacts } from './sorted-line.js';

/** A line of the rows of some categories, with a series for each or in one, or over an x that does not ascend. */
export interface OrderedLine {
  category: ColumnRef | null;
  x: Axis;
  ys: readonly ColumnRef[];
  /** Pixel columns, or the buckets that take their place. */
  cells: number;
  /** Categories that may occur, with null, and about how many of them match. */
  categories: number;
  selected: number;
}

/** Finds out whether a line is one of runs of rows by category and x; else why not. */
export function asOrderedLine(
  { query, scope, x, ys, color, cells }: LineFacts,
  predicate: Predicate | null,
): OrderedLine | string {
  if (scope.rows === 0) return 'there is no row';
  if (predicate === null && color === undefined && isAscending(x) && x.scale !== 'log')
    return 'every row counts, and x ascends';
  if (query.method === 'lttb') return 'lttb looks at every row';
  const negative = ys.find(({ low }) => query.scale?.y === 'log' && low !== undefined && low <= 0);
  if (negative !== undefined)
    return `${quoted(negative.name)} is not positive everywhere on its log scale`;
  if (ys.length > 1 && !ys.some(isWhole))
    return 'every column has gaps: rows with a place are not known';
  if (ys.includes(x.ref)) return `${quoted(x.ref.name)} is both x and y`;
  const category = color ?? (predicate === null ? null : columnOf(predicate, scope));
  if (category === null) return { category, x, ys, cells, categories: 1, selected: 1 };
  if (category === undefined) return 'the filters look at no column';
  if (category === x.ref || ys.includes(category))
    return 'rows are filtered by a column of the line';
  if (predicate !== null && !testsOnly(predicate, category.position))
    return `rows are filtered by more than the values of ${quoted(category.name)}`;
  const count = countCategories(category, scope);
  if (typeof count === 'string') return count;
  const categories = count + (category.nulls > 0 ? 1 : 0);
  const selected =
    predicate === null ? categories : Math.min(categories, matching(predicate, count));
  return { category, x, ys, cells, categories, selected };
}

/** The first column that a predicate looks at. */
function columnOf(predicate: Predicate, { used }: ColumnScope): ColumnRef | undefined {
  switch (predicate.test) {
    case 'constant':
      return undefined;
    case 'not':
      return columnOf(predicate.of, { used } as ColumnScope);
    case 'all':
    case 'any':
      return predicate.of
        .map((part) => columnOf(part, { used } as ColumnScope))
        .find((column) => column !== undefined);
    case 'polygon':
      return used[predicate.x.column];
    default:
      return used[predicate.column];
  }
}

/** How many values a column can have that is a category; else why it is none. */
function countCategories(ref: ColumnRef, scope: ColumnScope): number | string {
  const { logical, integers, low, high } = ref;
  const name = quoted(ref.name);
  const { columns, segments } = scope.snapshot.manifest;
  const index = columns.findIndex(({ info }) => info.name === ref.name);
  const storages = segments.map((segment) => segment.columns[index]!.storage);
  if (logical.kind === 'boolean') return 2;
  let count: number;
  if (logical.kind === 'text' || logical.kind === 'binary') {
    if (storages.some((storage) => storage === 'utf8' || storage === 'binary'))
      return `${name} has too many values for a dictionary`;
    count = segments.at(-1)!.columns[index]!.dictionary?.size ?? 0;
    if (count === 0) return `${name} has no value`;
  } else {
    if (integers !== 'raw' || storages.includes('decimal128')) return `${name} is no category`;
    count = low === undefined || high === undefined ? 0 : Number(high) - Number(low) + 1;
  }
  return count > MAX_CATEGORIES
    ? `${name} has ${count} categories, above ${MAX_CATEGORIES}`
    : count;
}

/** About how many of so many categories match. */
function matching(predicate: Predicate, count: number): number {
  switch (predicate.test) {
    case 'constant':
      return predicate.value ? count : 0;
    case 'null':
      return 1;
    case 'codes':
      return predicate.lut.reduce((sum, one) => sum + one, predicate.nulls ? 1 : 0);
    case 'bytes':
    case 'in':
      return predicate.values.length + (predicate.nulls ? 1 : 0);
    case 'range':
      return Math.max(0, Math.min(count, predicate.high - predicate.low + 1));
    case 'not':
      return Math.max(1, count - matching(predicate.of, count));
    case 'all':
      return Math.min(...predicate.of.map((part) => matching(part, count)));
    case 'any':
      return predicate.of.reduce((sum, part) => sum + matching(part, count), 0);
    default:
      return count;
  }
}
