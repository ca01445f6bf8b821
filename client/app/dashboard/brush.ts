import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { canonicalJson } from '../../../protocol/canonical.js';
import type { ActiveView, CubeAxes } from '../../../protocol/cube.js';
import type { Filter, Mark, Query } from '../../../protocol/query.js';
import { answerBox, answerBrush } from '../../cube/answer-brush.js';
import { brushedFrame } from '../../cube/brushed-frame.js';
import { brushEdges } from '../../cube/brush-edges.js';
import type { Cube } from '../../cube/read-cube.js';
import type { Ask } from '../../data/ask.js';
import type { DecodedFrame } from '../../data/frame.js';
import { keepCubes, type BrushCubes, type ReadyCube } from './kept-cubes.js';
import { createPace } from './pace.js';

/** A selection that a person is making. */
export interface ActiveBrush {
  /** The chart that it is made in, by id. */
  chart: string;
  filters: readonly Filter[];
}

/** The brush cubes of linked charts, as they come. */
export type LoadCubes = (
  body: {
    dataset: string;
    snapshot: string;
    active: ActiveView;
    views: ({ id: string } & Partial<Query>)[];
  },
  take: (id: string, frame: DecodedFrame, cube: Cube) => void,
  signal: AbortSignal,
) => Promise<void>;

/**
 * A selection while it is being made. It filters the charts that are linked to it at every step: those whose marks add up are
 * answered from brush cubes, in the page; the others are asked for at a pace that the server keeps up with.
 */
export interface Brush {
  /** The selection; null where none is being made. */
  readonly active: ReadonlySignal<ActiveBrush | null>;
  move(active: ActiveBrush): void;
  end(): void;
  /** What the selection filters in the chart `id`, which is linked to it. */
  filtersFor(id: string): ActiveBrush | null;
  /** Goes up where the chart `id` has to ask again for what it shows: a brush moves by whole cells, and has ended within one. */
  attemptOf(id: string): number;
  /** Wraps the questions of the chart `id`. `mark` says what the chart shows now, undefined where a cube cannot. */
  askFor(id: string, ask: Ask, mark: () => Mark | undefined): Ask;
}

/** Charts without a cube are asked for this often at most while a brush moves, and at least. */
const PACE = { leastMs: 150, mostMs: 1000 };
/** The cells that the axes of an active view are cut into: about a pixel along one axis, a few along two. */
const CELLS = 512;
const BOX_CELLS = { x: 128, y: 96 };
/** So many bytes of cubes are kept for brushes to come: the cube of a scatter alone may take 57 MB, and each sort of brush brings a dozen. */
const KEPT_BYTES = 8 * 1024 * 1024;
/** And for so long after the last brush: whoever corrects it does so at once, and a page at rest holds nothing for others. */
const KEPT_MS = 30_000;

/** What a chart asked last, and what it shows. */
interface Asked {
  query: Query;
  frame: DecodedFrame;
}

export function createBrush({
  linked,
  selectionOf,
  load,
}: {
  /** The charts that a selection of the chart filters. */
  linked: (chart: string) => readonly string[];
  /** What stands selected in the chart: a new brush takes its place. */
  selectionOf: (chart: string) => readonly Filter[];
  load: LoadCubes;
}): Brush {
  const active = signal<ActiveBrush | null>(null);
  /** The selection as charts without a cube see it. */
  const paced = signal<ActiveBrush | null>(null);
  /** Charts that have a cube of the brush that is being moved. */
  const ready: Signal<ReadonlySet<string>> = signal(new Set());
  const asked = new Map<string, Asked>();
  /** Charts that show what a cube has answered, and how often each has had to ask again for that. */
  const byCells = new Set<string>();
  const attempts: Signal<ReadonlyMap<string, number>> = signal(new Map());
  const kept = keepCubes(KEPT_BYTES);
  /** The cubes of the brush that is being made. */
  let made: BrushCubes | undefined;
  /** Ends the load of cubes that are still to come. */
  let loading: AbortController | undefined;
  let forgetting: ReturnType<typeof setTimeout> | undefined;
  const pace = createPace(() => {
    paced.value = active.peek();
  }, PACE);

  function begin({ chart, filters }: ActiveBrush): void {
    const own = asked.get(chart);
    const view = own && activeViewOf(own, filters);
    loading?.abort();
    made = undefined;
    ready.value = new Set();
    if (own === undefined || view === undefined) return;
    const { dataset, snapshot } = own.frame.metadata;
    const views = linked(chart).flatMap((id) => {
      const query = asked.get(id)?.query;
      return query === undefined || query.dataset !== dataset || query.snapshot !== snapshot
        ? []
        : [{ id, query }];
    });
    if (views.length === 0) return;
    const without = views.map(({ id, query }) => {
      const { dataset: _, snapshot: __, quality: ___, filters: all = [], ...rest } = query;
      return { ...rest, filters: withoutFilters(all, selectionOf(chart)), id };
    });
    const plane = { dataset, snapshot, active: view };
    const brush = kept.use(canonicalJson({ ...plane, views: without }));
    made = brush;
    ready.value = new Set(brush.ready.keys());
    const missing = without.filter(({ id }) => !brush.asked.has(id));
    if (missing.length > 0) loadInto(brush, { ...plane, views: missing });
  }

  function loadInto(brush: BrushCubes, body: Parameters<LoadCubes>[0]): void {
    for (const { id } of body.views) brush.asked.add(id);
    const giveUp = (): void => {
      for (const { id } of body.views) if (!brush.ready.has(id)) brush.asked.delete(id);
    };
    const abort = new AbortController();
    abort.signal.addEventListener('abort', giveUp);
    loading = abort;
    load(
      body,
      (id, frame, cube) => {
        brush.ready.set(id, { frame, cube });
        kept.trim(brush);
        if (made === brush) ready.value = new Set(brush.ready.keys());
      },
      abort.signal,
    )
      // Without cubes every chart is asked for; what the server says then is told by the chart.
      .catch(giveUp)
      .finally(() => {
        if (loading === abort) loading = undefined;
      });
  }

  /**
   * Tells the pace of a question, and of what comes first of an answer: an estimate is enough to go on, and what is exact is asked
   * for where the brush holds still.
   */
  function askAtPace(ask: Ask): Ask {
    return async (query, options = {}) => {
      const { onEstimate, ...rest } = options;
      const answered = pace.ask();
      const estimate = (frame: DecodedFrame): void => {
        answered();
        onEstimate?.(frame);
      };
      try {
        return await ask(query, {
          ...rest,
          ...(onEstimate && { onEstimate: estimate, beforeExact: held }),
        });
      } finally {
        answered();
      }
    };
  }

  return {
    active,
    move(next) {
      clearTimeout(forgetting);
      const isNew = active.peek()?.chart !== next.chart;
      if (isNew) begin(next);
      active.value = next;
      pace.go();
    },
    end() {
      // What comes later is of no use to this brush, and may be a hundred megabytes.
      loading?.abort();
      pace.stop();
      active.value = null;
      paced.value = null;
      ready.value = new Set();
      made = undefined;
      if (byCells.size > 0) {
        const next = new Map(attempts.peek());
        for (const id of byCells) next.set(id, (next.get(id) ?? 0) + 1);
        attempts.value = next;
        byCells.clear();
      }
      kept.trim();
      clearTimeout(forgetting);
      forgetting = setTimeout(() => kept.clear(), KEPT_MS);
    },
    filtersFor: (id) => (ready.value.has(id) ? active.value : paced.value),
    attemptOf: (id) => attempts.value.get(id) ?? 0,
    askFor: (id, ask, mark) => async (query, options) => {
      const brush = active.peek();
      const cube = made?.ready.get(id);
      if (brush !== null && cube !== undefined && query.mark === mark()) {
        const frame = underBrush(cube, brush.filters);
        if (frame !== undefined) {
          byCells.add(id);
          return frame;
        }
      }
      if (query.mark === mark()) byCells.delete(id);
      const frame = await (brush === null ? ask : askAtPace(ask))(query, options);
      if (brush === null && query.mark === mark() && active.peek() === null) {
        asked.set(id, { query: asCubeView(query, frame), frame });
      }
      return frame;
    },
  };
}

/** Resolves after so long without a step: the next one withdraws the question that waits for it. */
const held = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, PACE.leastMs));

/** The filters without those that a selection has put at them. */
function withoutFilters(all: readonly Filter[], selection: readonly Filter[]): Filter[] {
  const own = new Set(selection.map(canonicalJson));
  return all.filter((filter) => !own.has(canonicalJson(filter)));
}

/** A scatter that came as density is asked for as such: points have no cube. */
const asCubeView = (query: Query, { metadata }: DecodedFrame): Query =>
  metadata.method === 'density' ? { ...query, method: 'density' } : query;

/** The view that is brushed in, where the selection is a brush along its axes. */
function activeViewOf({ query, frame }: Asked, filters: readonly Filter[]): ActiveView | undefined {
  const { domain, scale } = frame.metadata;
  const x = columnOf(query.x);
  const y = query.mark === 'scatter' || query.mark === 'heatmap' ? columnOf(query.y) : undefined;
  if (x === undefined || !domain?.x || query.mark === 'bar') return undefined;
  // Cubes know no cells of categories.
  if (!filters.every(({ op }) => op === 'range')) return undefined;
  const isBox = y !== undefined && filters.length === 2 && domain.y !== undefined;
  if (isBox) {
    return { x, y, domain: { x: domain.x, y: domain.y! }, scale, cells: BOX_CELLS };
  }
  if (filters.length !== 1) return undefined;
  return { x, domain: { x: domain.x }, scale: { x: scale.x }, width: CELLS };
}

const columnOf = (side: Query['x'] | Query['y']): string | undefined =>
  typeof side === 'string' ? side : Array.isArray(side) ? undefined : side?.column;

function underBrush(
  { cube, frame }: ReadyCube,
  filters: readonly Filter[],
): DecodedFrame | undefined {
  const axes: CubeAxes = cube.info.active;
  const edges = brushEdges(axes, filters);
  if (edges === undefined) return undefined;
  const answer =
    edges.y === undefined
      ? answerBrush(cube, ...ordered(edges.x))
      : answerBox(cube, { x: ordered(edges.x), y: ordered(edges.y) });
  return brushedFrame(frame, answer);
}

const ordered = ([a, b]: readonly [number, number]): [number, number] => (a <= b ? [a, b] : [b, a]);
