import type { FramePlan } from '../../../protocol/frame.js';
import type { MarkKind, MarkPlan, PlanOf, ResultOf } from '../../../workers/marks/index.js';
import { spreadRuns, type Spread } from '../../../workers/sample/spread-runs.js';
import { axisWidth } from '../../../workers/scan/axis.js';
import { found, rowsIn, Run, type Computed, type ComputeOptions, type RunOptions } from '../run.js';

/**
 * Parts of a sample, each a sample of its own: margins come from how they differ, so more parts tell more, and cost more
 * to bring together. See workers/sample/margins.ts.
 */
const PARTS = 8;
/** Parts of a picture of more cells than `MANY_CELLS`: each part holds all of them. */
const FEW_PARTS = 4;
const MANY_CELLS = 2 ** 16;

export interface SampleRunOptions extends RunOptions {
  /** Which rows of the stretches are read. */
  spread: Spread;
  /** How the rows were chosen, for people. */
  reason: string;
}

/** The scans of one request over a sample of the rows: what they find is what all rows would give, about. */
export class SampleRun extends Run {
  readonly #spread: Spread;
  readonly #reason: string;
  readonly #mayMatch: number;
  readonly #read: number;

  constructor(options: SampleRunOptions) {
    super(options);
    const { spread, reason, stretches } = options;
    this.#spread = spread;
    this.#reason = reason;
    this.#mayMatch = rowsIn(stretches);
    this.#read = rowsIn(spreadRuns(stretches, spread));
  }

  protected override async computeAll<K extends MarkKind>(
    plan: PlanOf<K>,
    { frame }: ComputeOptions = {},
  ): Promise<Computed<ResultOf<K>>> {
    this.scans++;
    const asked = ofSample(plan as MarkPlan);
    const { table, predicate, stretches } = this;
    const parts = partsOf(asked);
    const spreads = Array.from({ length: parts }, (_, part) => ({ ...this.#spread, part, parts }));
    const task = { table, predicate, plan: asked, stretches, ...this.cancel };
    const settled = await Promise.allSettled(
      spreads.map((spread) => this.pool.run('scan', { ...task, spread })),
    );
    // All parts have ended, also where one failed: only then may the columns' memory be used for others.
    const scans = settled.map(found);
    const matched = scans.map((part) => part.matched);
    const sample = {
      weight: this.#mayMatch / this.#read,
      share: this.#read / this.#mayMatch,
      read: spreads.map((spread) => rowsIn(spreadRuns(stretches, spread))),
      matched,
    };
    const partials = scans.map(({ partial }) => partial);
    await this.book(asked, partials);
    const all = matched.reduce((sum, rows) => sum + rows, 0);
    const finish = { ...(frame && { frame }), sample };
    const result = await this.merge<K>(asked as PlanOf<K>, partials, all, finish);
    return { result, matched: this.rowsFor(all) };
  }

  override get isWhole(): boolean {
    return false;
  }

  override rowsFor(rows: number): number {
    return Math.round((rows * this.#mayMatch) / this.#read);
  }

  override plan(): FramePlan {
    const { bytesTouched } = super.plan();
    const share = this.#read / this.#mayMatch;
    return {
      tier: 'sample',
      reason: this.#reason,
      rowsTouched: this.#read,
      bytesTouched: Math.round(bytesTouched * share),
    };
  }
}

// Rows of a sample are no points to be shown one by one.
function ofSample(plan: MarkPlan): MarkPlan {
  if (plan.kind === 'scatter') return { ...plan, budget: 0 };
  if (plan.kind !== 'line') return plan;
  const { method } = plan;
  return { ...plan, method: method === 'auto' || method === 'points' ? 'm4' : method };
}

function partsOf(plan: MarkPlan): number {
  if (plan.kind !== 'scatter') return PARTS;
  return axisWidth(plan.x) * axisWidth(plan.y) > MANY_CELLS ? FEW_PARTS : PARTS;
}
