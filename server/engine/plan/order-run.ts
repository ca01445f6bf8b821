import type { FramePlan } from '../../../protocol/frame.js';
import type { Span } from '../../../workers/columns.js';
import type { LinePartial, LinePlan } from '../../../workers/marks/line/plan.js';
import type { BatchRange } from '../../../workers/marks/line/column-starts.js';
import type { Touched } from '../../../workers/marks/line/by-range.js';
import type { MarkKind, MarkPlan, PlanOf, ResultOf } from '../../../workers/marks/index.js';
import type { ExtentAxis } from '../../../workers/marks/extent.js';
import type { FrameBase, MarkedFrame } from '../../../workers/scan/mark.js';
import type { Tally, TallyForm } from '../../../workers/tally/tally.js';
import type { Lease } from '../../memory/lease.js';
import { found, Run, type Computed, type ComputeOptions, type RunOptions } from '../run.js';
import { rowsInDomain } from './batches.js';
import type { OrderedRoute } from './route-ordered.js';
import { isAscending } from './sorted-line.js';

/** So many pixel columns of runs, some two milliseconds, are done by one thread sooner than by all of them and a merge. */
const MOST_FOR_ONE = 4096;

export interface OrderRunOptions extends RunOptions {
  route: OrderedRoute;
  /** Where the parts of the order and of the pyramids lie, index after index. */
  parts: Lease['parts'];
}

/** The work of a line that is looked up in the runs of an order: what it asks for is had without a scan. */
export class OrderRun extends Run {
  readonly #route: OrderedRoute;
  readonly #orders: Span[];
  readonly #pyramids: Span[][];
  readonly #touched: Touched = { rows: 0, bytes: 0 };
  /** Rows that match, as far as they are known. */
  #matched = 0;

  constructor(options: OrderRunOptions) {
    super(options);
    const { route, parts = [], table } = options;
    this.#route = route;
    const { orders, pyramids } = byIndex(parts, table.batchRows.length);
    this.#orders = orders;
    this.#pyramids = pyramids;
  }

  protected override async computeAll<K extends MarkKind>(
    plan: PlanOf<K>,
    { frame }: ComputeOptions = {},
  ): Promise<Computed<ResultOf<K>>> {
    const asked = plan as MarkPlan;
    const result = await this.#answer(asked, plan, frame);
    return { result: result as ResultOf<K>, matched: this.#matched };
  }

  override plan(): FramePlan {
    const { rows, bytes } = this.#touched;
    return {
      tier: 'sub-index',
      reason: this.#route.why,
      rowsTouched: rows,
      bytesTouched: Math.round(bytes),
    };
  }

  #answer<K extends MarkKind>(
    asked: MarkPlan,
    plan: PlanOf<K>,
    frame: FrameBase | undefined,
  ): Promise<unknown> {
    if (asked.kind === 'extent') return this.#ends(asked.axes[0]!);
    if (asked.kind === 'tally') return this.#tally(asked.as);
    if (frame === undefined || (asked.kind !== 'line' && asked.kind !== 'nothing'))
      throw new Error(`A line that is looked up asks for "${asked.kind}".`);
    return asked.kind === 'line'
      ? this.#line(asked, frame)
      : this.merge<K>(plan, [null], this.#matched, { frame });
  }

  async #ends(x: ExtentAxis): Promise<unknown> {
    const { ys } = this.#route.line;
    const pyramids = this.#pyramids[0]!;
    const y = ys.length === 1 ? { column: ys[0]!.position, pyramids } : null;
    const [outcome] = await Promise.allSettled([
      this.pool.run('endsByOrder', { ...this.#runs(), x, y }),
    ]);
    const { extent, matched } = found(outcome);
    this.#matched = matched;
    return extent;
  }

  async #tally(as: TallyForm): Promise<Tally> {
    const [outcome] = await Promise.allSettled([
      this.pool.run('tallyRuns', { ...this.#runs(), as }),
    ]);
    return found(outcome).tally;
  }

  async #line(plan: LinePlan, frame: FrameBase): Promise<MarkedFrame> {
    const shared = { ...this.#runs(), plan, pyramids: this.#pyramids };
    const parts = this.#parts();
    const single = parts.length === 1;
    const settled = await Promise.allSettled(
      parts.map((batches) =>
        this.pool.run('lineByOrder', { ...shared, batches, ...(single && { frame }) }),
      ),
    );
    // All parts have ended, also where one failed: only then may the columns' memory be used for others.
    const partials: (LinePartial | undefined)[] = [];
    this.#matched = 0;
    for (const outcome of settled) {
      const { matched, touched, partial, result } = found(outcome);
      this.#matched += matched;
      this.#touched.rows += touched.rows;
      this.#touched.bytes += touched.bytes;
      if (result !== undefined) return result;
      partials.push(partial);
    }
    await this.book(plan, partials);
    return this.merge<'line'>(plan, partials, this.#matched, { frame });
  }

  /** One stretch of batches for each thread that takes part, with about as many rows of the domain as the others. */
  #parts(): BatchRange[] {
    const { batchRows } = this.table;
    const { line } = this.#route;
    const weights = isAscending(line.x) ? rowsInDomain(line, batchRows) : batchRows;
    const lookups = line.cells * line.selected * line.ys.length;
    const isSmall = isAscending(line.x) && lookups <= MOST_FOR_ONE;
    return divide(weights, isSmall ? 1 : this.pool.threads);
  }

  #runs() {
    const { table, predicate } = this;
    return { table, predicate, orders: this.#orders, ...this.cancel };
  }
}

/** By batch the orders, and by column and batch the pyramids in them. */
interface ByIndex {
  orders: Span[];
  pyramids: Span[][];
}

/** By their lease, which gives the same parts to one frame after another: threads are told of them once. */
const BY_INDEX = new WeakMap<readonly Span[], ByIndex>();

function byIndex(parts: readonly Span[], batches: number): ByIndex {
  let found = BY_INDEX.get(parts);
  if (found === undefined) {
    const each = (k: number): Span[] => parts.slice(k * batches, (k + 1) * batches);
    const pyramids = Array.from({ length: parts.length / batches - 1 }, (_, k) => each(k + 1));
    BY_INDEX.set(parts, (found = { orders: each(0), pyramids }));
  }
  return found;
}

/** Cuts what lies in a row into at most `count` stretches that weigh about the same; a stretch has weight where any has. */
export function divide(weights: readonly number[], count: number): BatchRange[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const parts: BatchRange[] = [];
  let first = 0;
  let weight = 0;
  let before = 0;
  for (let at = 0; at < weights.length; at++) {
    weight += weights[at]!;
    const left = whole - before - weight;
    const isFull = before + weight >= (whole * (parts.length + 1)) / count;
    if (!isFull || left <= 0) continue;
    parts.push({ first, last: at });
    first = at + 1;
    before += weight;
    weight = 0;
  }
  parts.push({ first, last: weights.length - 1 });
  return parts;
}
