import type { FramePlan } from '../../../protocol/frame.js';
import type { ColumnView, Span } from '../../../workers/columns.js';
import type { ExtremesByRangeTask } from '../../../workers/marks/line/by-range.js';
import type { BatchRange, ColumnRange } from '../../../workers/marks/line/column-starts.js';
import type { LinePartial, LinePlan } from '../../../workers/marks/line/plan.js';
import type { MarkKind, MarkPlan, PlanOf, ResultOf } from '../../../workers/marks/index.js';
import { axisWidth } from '../../../workers/scan/axis.js';
import type { IndexPart } from '../../memory/buffers.js';
import type { Lease } from '../../memory/lease.js';
import { found, Run, type Computed, type ComputeOptions, type RunOptions } from '../run.js';
import type { LineRoute } from './route.js';

export interface RangeRunOptions extends RunOptions {
  route: Exclude<LineRoute, { tier: 'scan' | 'sub-index' }>;
  /** Where the parts of the pyramids lie, in the order of the lease: see `partsOf`. */
  parts: Lease['parts'];
}

/** The work of a line whose pixel columns are looked up: what it asks for is had without a scan. */
export class RangeRun extends Run {
  readonly #route: RangeRunOptions['route'];
  readonly #pyramids: (Span | undefined)[][] | null;
  #touched = { rows: 0, bytes: 0 };

  constructor(options: RangeRunOptions) {
    super(options);
    const { route, parts = [] } = options;
    this.#route = route;
    this.#pyramids =
      route.tier === 'pyramid' ? spreadOnce(route, parts, options.table.batchRows.length) : null;
  }

  protected override async computeAll<K extends MarkKind>(
    plan: PlanOf<K>,
    options: ComputeOptions = {},
  ): Promise<Computed<ResultOf<K>>> {
    const { table } = this;
    const matched = table.rows;
    const { line, reach } = this.#route;
    const asked = plan as MarkPlan;
    if (asked.kind === 'extent') {
      const x = asked.axes[0]!;
      const y = line.ys[0]!.position;
      const pyramids = this.#pyramids?.[0] ?? null;
      const [outcome] = await Promise.allSettled([
        this.pool.run('endsByRange', { table, x, y, pyramids }),
      ]);
      return { result: found(outcome) as ResultOf<K>, matched };
    }
    const { frame } = options;
    if (asked.kind === 'nothing' && frame !== undefined) {
      return { result: await this.merge<K>(plan, [null], matched, { frame }), matched };
    }
    if (asked.kind !== 'line' || frame === undefined) {
      throw new Error(`A line that is looked up asks for "${asked.kind}".`);
    }
    const work = {
      table: { ...table, columns: within(table.columns, reach.batches) },
      plan: asked,
      batches: reach.batches,
      pyramids: this.#pyramids,
      ...this.cancel,
    };
    const parts = dealColumns(asked, this.pool.threads);
    if (parts.length > 1) {
      const partials = await this.#extremes(work, parts);
      const drawn = partials.reduce((sum, part) => sum + part.drawn, 0);
      partials[0]!.outside = line.placed - drawn;
      partials[0]!.dropped = table.rows - line.placed;
      await this.book(asked, partials);
      const result = await this.merge<'line'>(asked, partials, matched, { frame }, work.table);
      this.#touch({ rows: result.metadata.marks, bytes: 0 });
      return { result: result as ResultOf<K>, matched };
    }
    const task = { placed: line.placed, frame, ...work };
    // The task has ended, also where it failed: only then may the columns' memory be used for others.
    const [outcome] = await Promise.allSettled([this.pool.run('lineByRange', task)]);
    const { result, touched } = found(outcome);
    this.#touch(touched);
    return { result: result as ResultOf<K>, matched };
  }

  /** The extremes of pixel columns, a task for each range of them. */
  async #extremes(
    work: Omit<ExtremesByRangeTask, 'columns'>,
    parts: readonly ColumnRange[],
  ): Promise<LinePartial[]> {
    const tasks = parts.map((columns) => this.pool.run('extremesByRange', { columns, ...work }));
    // All have ended, also where one failed: see `compute`.
    const done = (await Promise.allSettled(tasks)).map(found);
    return done.map(({ partial, touched }) => {
      this.#touch(touched);
      return partial;
    });
  }

  #touch({ rows, bytes }: { rows: number; bytes: number }): void {
    this.#touched.rows += rows;
    this.#touched.bytes += bytes;
  }

  override plan(): FramePlan {
    const { tier, why } = this.#route;
    const { rows, bytes } = this.#touched;
    return {
      tier: tier === 'pyramid' ? 'pyramid' : 'scan',
      reason: why,
      rowsTouched: rows,
      bytesTouched: Math.round(bytes),
    };
  }
}

/** Fewer pixel columns are not worth a second thread, and a merge. */
const LEAST_COLUMNS = 4096;

/** Deals pixel columns out to threads, of a line that takes the extremes of each, as many as a choice of points needs. */
function dealColumns({ method, x }: LinePlan, threads: number): ColumnRange[] {
  const width = axisWidth(x);
  const count = method === 'minmaxlttb' ? Math.min(threads, Math.floor(width / LEAST_COLUMNS)) : 1;
  return Array.from({ length: count }, (_, part) => ({
    from: Math.floor((part * width) / count),
    to: Math.floor(((part + 1) * width) / count),
  }));
}

/** The parts of the pyramids that a route needs: of each column those of the batches in its reach. */
export function partsOf(route: LineRoute): IndexPart[] {
  if (route.tier !== 'pyramid') return [];
  const { first, last } = route.reach.batches;
  return route.parts.flatMap((parts) => parts.slice(first, last + 1));
}

/** By their lease, which gives the same parts to one frame after another: threads are told of them once. */
const SPREAD = new WeakMap<readonly Span[], (Span | undefined)[][]>();

function spreadOnce(
  route: Extract<LineRoute, { tier: 'pyramid' }>,
  spans: readonly Span[],
  count: number,
): (Span | undefined)[][] {
  let found = SPREAD.get(spans);
  if (found === undefined) SPREAD.set(spans, (found = spread(route, spans, count)));
  return found;
}

function spread(
  { parts, reach: { batches } }: Extract<LineRoute, { tier: 'pyramid' }>,
  spans: readonly Span[],
  count: number,
): (Span | undefined)[][] {
  const { first, last } = batches;
  const each = last - first + 1;
  return parts.map((_, k) =>
    Array.from({ length: count }, (__, batch) =>
      batch < first || batch > last ? undefined : spans[k * each + batch - first],
    ),
  );
}

const WITHIN = new WeakMap<readonly ColumnView[], ColumnView[]>();

/** The columns without the batches beyond a reach, which are not in memory: of a zoomed view nearly all. */
function within(columns: readonly ColumnView[], { first, last }: BatchRange): ColumnView[] {
  let found = WITHIN.get(columns);
  if (found === undefined) {
    found = columns.map((column) => ({
      ...column,
      batches: column.batches.map((view, batch) =>
        batch < first || batch > last ? (undefined as never) : view,
      ),
    }));
    WITHIN.set(columns, found);
  }
  return found;
}
