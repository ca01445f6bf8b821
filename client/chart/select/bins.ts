import { axisFilter, brushFilters } from '../../../protocol/brush.js';
import type { JsonValue } from '../../../protocol/column.js';
import type { Filter, Query } from '../../../protocol/query.js';
import { numbersOf, type DecodedFrame } from '../../data/frame.js';
import { positionOf, shownAt, valueAt, type Axis, type Span } from '../axis.js';
import { categoryLabel } from '../category-ticks.js';
import { columnPositions } from '../column-positions.js';
import type { Picture } from '../picture.js';
import { binEnd } from './bin-end.js';
import type { Place, Shape } from './shape.js';

/** Bins of a picture that stand side by side, from the first to the last on each axis. */
export interface Block {
  x: readonly [first: number, last: number];
  /** Absent where bins lie along x alone. */
  y?: readonly [first: number, last: number];
}

/** The bins of a histogram or a heatmap, as a person chooses them. */
export interface Bins {
  /** The bin at a place; undefined where there is none. */
  at(place: Place): Block | undefined;
  /** Moved by whole bins, and kept within the picture; with `isWider` the last bin alone moves. */
  moved(block: Block, by: Place, isWider: boolean): Block;
  /** What is drawn around bins, with filters that pass their very rows. */
  shapeOf(block: Block): Shape;
  /** What bins are, and how many rows stand in them. */
  wordsOf(block: Block): string;
}

/** One axis of bins: its edges ascend, and between them may lie categories. */
interface Side {
  edges: ArrayLike<number>;
  values?: readonly JsonValue[] | undefined;
  axis: Axis;
  column: string;
}

const columnOf = (side: Query['x'] | Query['y']): string =>
  typeof side === 'string' ? side : Array.isArray(side) ? '' : (side?.column ?? '');

/** `view` is where the picture of `frame` lies. */
export function binsOf(
  frame: DecodedFrame,
  query: Query,
  picture: Pick<Picture, 'axes' | 'view' | 'categories'>,
): Bins {
  return query.mark === 'heatmap'
    ? cellsOf(frame, query, picture)
    : intervalsOf(frame, query, picture.axes.x);
}

function intervalsOf(frame: DecodedFrame, query: Query, axis: Axis): Bins {
  const { metadata } = frame;
  const low = columnPositions(frame, 'lo', 'x', axis);
  const high = columnPositions(frame, 'hi', 'x', axis);
  const counts = numbersOf(frame, 'count') as ArrayLike<number>;
  // Series stand on one another, and leave bins out that are empty.
  const bars = new Map<number, { row: number; rows: number }>();
  for (let i = 0; i < low.length; i++) {
    const bar = bars.get(low[i]!);
    bars.set(low[i]!, { row: i, rows: (bar?.rows ?? 0) + Number(counts[i]) });
  }
  const starts = [...bars.keys()].sort((a, b) => a - b);
  const ends = starts.map((start) => high[bars.get(start)!.row]!);
  const rows = starts.map((start) => bars.get(start)!.rows);
  const column = columnOf(query.x);
  const isCalendar = metadata.bin !== undefined;
  const [from, to] = [starts[0] ?? 0, ends.at(-1) ?? 0];
  const ownEnds = metadata.domain?.x?.map((end) => positionOf(end, axis));
  const size = ends[0]! - from;
  const [domainLow, domainHigh] = ownEnds ?? [from, to];
  const width = Math.round((domainHigh! - domainLow!) / size);

  function filterOf([first, last]: Block['x']): Filter[] {
    if (isCalendar || !(width > 0) || metadata.domain?.x === undefined) {
      const [min, max] = [starts[first]!, ends[last]!].map((end) => valueAt(end, axis, 0));
      // The last bin of numbers has its upper end, where the greatest of them may be.
      const isClosed =
        axis.kind === 'number' && last === starts.length - 1 && ends[last] === domainHigh;
      const range = { op: 'range', column, min: min!, max: max! } as const;
      return [isClosed ? range : { ...range, maxExclusive: true }];
    }
    const cell = (start: number): number => Math.round((start - domainLow!) / size);
    const cells = {
      x: column,
      domain: { x: metadata.domain.x },
      scale: metadata.scale,
      unit: { x: metadata.unit.x ?? 'number' },
      width,
    };
    return brushFilters(cells, [cell(starts[first]!), cell(starts[last]!) + 1]);
  }

  return {
    at([x]) {
      const found = starts.findIndex((start, i) => x >= start && x < ends[i]!);
      return found < 0 ? undefined : { x: [found, found] };
    },
    moved: ({ x }, [by], isWider) => ({ x: movedEnds(x, by, starts.length, isWider) }),
    shapeOf: ({ x }) => ({
      kind: 'band',
      x: [starts[x[0]]!, ends[x[1]]!],
      filters: filterOf(x),
    }),
    wordsOf({ x: [first, last] }) {
      const sum = rows.slice(first, last + 1).reduce((all, each) => all + each, 0);
      return `${spanWords(column, [starts[first]!, ends[last]!], axis)}: ${rowWords(sum)}`;
    },
  };
}

function cellsOf(
  frame: DecodedFrame,
  query: Query,
  { axes, view, categories }: Pick<Picture, 'axes' | 'view' | 'categories'>,
): Bins {
  const { metadata } = frame;
  const { width, height } = metadata;
  const cell = numbersOf(frame, 'cell') as ArrayLike<number>;
  const counts = numbersOf(frame, 'count') as ArrayLike<number>;
  const sides: Record<'x' | 'y', Side> = {
    x: {
      edges: edgesOf(view.x, width),
      values: categories?.x,
      axis: axes.x,
      column: columnOf(query.x),
    },
    y: {
      edges: edgesOf(view.y, height),
      values: categories?.y,
      axis: axes.y,
      column: columnOf(query.y),
    },
  };
  const active = {
    x: sides.x.column,
    y: sides.y.column,
    domain: metadata.domain as { x: [number, number]; y: [number, number] } | null,
    scale: metadata.scale,
    unit: { x: metadata.unit.x ?? 'number', y: metadata.unit.y ?? 'number' },
    width,
    height,
  };
  const filterOf = (side: 'x' | 'y', [first, last]: readonly [number, number]): Filter => {
    const { values, column } = sides[side];
    return values === undefined
      ? axisFilter(active, side, [first, last + 1])
      : { op: 'in', column, values: values.slice(first, last + 1) };
  };
  const indexOf = (position: number, [low, high]: Span, cells: number): number =>
    position === high ? cells - 1 : Math.floor(((position - low) / (high - low)) * cells);
  const spanOf = ({ edges }: Side, [first, last]: readonly [number, number]): Span => [
    edges[first]!,
    edges[last + 1]!,
  ];
  return {
    at([x, y]) {
      const [column, line] = [indexOf(x, view.x, width), indexOf(y, view.y, height)];
      return column < 0 || line < 0 || column >= width || line >= height
        ? undefined
        : { x: [column, column], y: [line, line] };
    },
    moved: ({ x, y }, [right, up], isWider) => ({
      x: movedEnds(x, right, width, isWider),
      y: movedEnds(y!, up, height, isWider),
    }),
    shapeOf: ({ x, y }) => ({
      kind: 'box',
      x: spanOf(sides.x, x),
      y: spanOf(sides.y, y!),
      filters: [filterOf('x', x), filterOf('y', y!)],
    }),
    wordsOf({ x, y }) {
      let rows = 0;
      for (let i = 0; i < cell.length; i++) {
        const [column, line] = [cell[i]! % width, Math.floor(cell[i]! / width)];
        if (column >= x[0] && column <= x[1] && line >= y![0] && line <= y![1])
          rows += Number(counts[i]);
      }
      const words = (['x', 'y'] as const).map((side) => {
        const { column, values, axis } = sides[side];
        const [first, last] = side === 'x' ? x : y!;
        if (values)
          return `${column} ${values
            .slice(first, last + 1)
            .map(categoryLabel)
            .join(', ')}`;
        return spanWords(column, spanOf(sides[side], [first, last]), axis);
      });
      return `${words.join(', ')}: ${rowWords(rows)}`;
    },
  };
}

const edgesOf = ([low, high]: Span, cells: number): number[] =>
  Array.from({ length: cells + 1 }, (_, i) => low + ((high - low) * i) / cells);

/** Kept from 0 to `count`; the whole moves, or its last bin alone, which stays at or behind the first. */
function movedEnds(
  [first, last]: readonly [number, number],
  by: number,
  count: number,
  isWider: boolean,
): readonly [number, number] {
  if (isWider) return [first, Math.min(Math.max(last + by, first), count - 1)];
  const kept = Math.min(Math.max(by, -first), count - 1 - last);
  return [first + kept, last + kept];
}

function spanWords(column: string, [low, high]: Span, axis: Axis): string {
  const step = (high - low) / 100;
  const [from, to] = [low, high].map((end) => shownAt(end, axis, step));
  return `${column} ${from} to ${to}`;
}

const rowWords = (rows: number): string =>
  `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;

interface Binned {
  column: string;
  bin?: string;
}

/** Bars, from the top. The `keys` of those of a calendar are the beginnings of their bins. */
export function barsOf(
  frame: DecodedFrame,
  { x, timeZone }: Query,
  keys: readonly JsonValue[],
): Bins {
  const { column, bin } = typeof x === 'string' ? { column: x } : (x as Binned);
  const { type } = frame.columns.find(({ name }) => name === 'key')!;
  const zone = type.type === 'timestamp' && type.timeZone !== undefined ? timeZone : undefined;
  const filterOf = (key: JsonValue): Filter => {
    if (key === null || bin === undefined) return { op: 'in', column, values: [key] };
    const min = String(key);
    const start = Date.parse(min.includes('T') ? `${min}Z` : min);
    const end = new Date(binEnd(start, bin, zone)).toISOString();
    const max = end.replace(/(?:T00:00:00)?\.000Z$/, '');
    return { op: 'range', column, min, max, maxExclusive: true };
  };
  const within = (at: number): number => Math.min(Math.max(at, 0), keys.length - 1);
  return {
    at([, y]) {
      const at = keys.length - 1 - Math.round(y);
      return at === within(at) ? { x: [at, at] } : undefined;
    },
    moved({ x: [at] }, [, up]) {
      const next = within(at - up);
      return { x: [next, next] };
    },
    shapeOf({ x: [at] }) {
      const key = keys[at]!;
      return { kind: 'keys', keys: [key], filters: [filterOf(key)] };
    },
    wordsOf: ({ x: [at] }) => `${keys[at] ?? '(null)'}, ${at + 1} of ${keys.length}`,
  };
}
