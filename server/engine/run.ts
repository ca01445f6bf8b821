import type { FramePlan } from '../../protocol/frame.js';
import { buffersOf } from '../../workers/buffers-of.js';
import type { FrameBase } from '../../workers/scan/mark.js';
import type { MarkKind, MarkPlan, PartialOf, PlanOf, ResultOf } from '../../workers/marks/index.js';
import type { CancelWord } from '../../workers/scan/cancel.js';
import type { Predicate } from '../../workers/scan/predicate.js';
import type { ScanResult, ScanTask } from '../../workers/scan/scan.js';
import type { PickTask, Picked } from '../../workers/tally/pick.js';
import { dealOut, dealOutBlocks, type Stretch } from '../../workers/scan/stretch.js';
import type { Selection } from '../../workers/select/selection.js';
import type { TableView } from '../../workers/columns.js';
import type { Sample } from '../../workers/sample/sample.js';
import { HalftoneError } from '../errors.js';
import type { Scratch } from '../memory/lease.js';
import type { Pool } from '../pool.js';
import { cutInOrder } from './cut-in-order.js';
import { addingOf } from './partials/adding.js';
import type { FindPartials } from './partials/kept-partials.js';
import { plannedScratch } from './planned-scratch.js';
import { scanPlan } from './scan-plan.js';

/** A scan that keeps nothing. */
export const COUNTING: MarkPlan = { kind: 'nothing', method: 'aggregate', fields: [] };

/** A result, and the rows that passed the filters on the way to it. */
export interface Computed<R> {
  result: R;
  matched: number;
}

export interface ComputeOptions {
  /** What is known of the frame that the scan makes. */
  frame?: FrameBase;
  /** The most parts, where there is a reason for a number. */
  parts?: number;
  /** Scans these only, in place of all that may match. */
  stretches?: readonly Stretch[];
}

export interface RunOptions {
  pool: Pool;
  table: TableView;
  predicate: Predicate | null;
  /** How the rows that pass the predicate are found. */
  selection?: Selection;
  /** Filters of which a row has to pass all. */
  filters?: number;
  stretches: readonly Stretch[];
  /** The first batches of the segments; absent where nothing is made that depends on them. */
  segmentStarts?: readonly number[];
  cancel?: CancelWord | undefined;
  /** Where memory beside the columns is booked; absent where nobody counts. */
  scratch?: Scratch | undefined;
  /** Finds what is kept of scans of the snapshots before; absent where nothing is. */
  partials?: FindPartials | undefined;
}

/** What the parts of a scan take by themselves, joined, and as a frame. */
const STAGES = 3;

/** The scans of one request, over columns that stay leased until it ends. */
export class Run {
  readonly table: TableView;
  readonly predicate: Predicate | null;
  readonly stretches: readonly Stretch[];
  readonly selection: Selection;
  readonly filters: number;
  /** Scans made so far, for the plan. */
  scans = 0;
  encodeMs = 0;
  /** Of so many batches, the first ones, no scan looked at a row: what they come to was kept. */
  keptBatches = Infinity;
  protected readonly pool: Pool;
  readonly #partials: FindPartials | undefined;
  readonly #segmentStarts: readonly number[];
  protected readonly scratch: Scratch | undefined;
  /** For the tasks of this request. */
  protected readonly cancel: { cancel?: CancelWord };

  constructor({
    pool,
    table,
    predicate,
    selection = { predicate },
    filters = 0,
    stretches,
    segmentStarts = [0],
    cancel,
    scratch,
    partials,
  }: RunOptions) {
    this.table = table;
    this.predicate = predicate;
    this.stretches = stretches;
    this.selection = selection;
    this.filters = filters;
    this.pool = pool;
    this.scratch = scratch;
    this.#partials = partials;
    this.#segmentStarts = segmentStarts;
    this.cancel = cancel === undefined ? {} : { cancel };
  }

  /**
   * Scans the matching rows on all threads and merges what they found. With `frame` the result is a frame.
   */
  async compute<K extends MarkKind>(
    plan: PlanOf<K>,
    options: ComputeOptions = {},
  ): Promise<Computed<ResultOf<K>>> {
    try {
      await this.#reserve(plan as MarkPlan, options.stretches ?? this.stretches);
      return await this.computeAll(plan, options);
    } finally {
      this.scratch?.release();
    }
  }

  /** Rows that pass the filters. */
  async count(stretches: readonly Stretch[] = this.stretches): Promise<number> {
    this.scans++;
    this.keptBatches = 0;
    const settled = await this.scan(COUNTING, dealOutBlocks(stretches, this.pool.threads), {});
    return settled.reduce((sum, outcome) => sum + found(outcome).matched, 0);
  }

  /** Books what is known to be kept of each row. Where that is much, the rows that pass the filters are counted first. */
  async #reserve(plan: MarkPlan, stretches: readonly Stretch[]): Promise<void> {
    const { scratch } = this;
    let bytes = plannedScratch(plan, rowsIn(stretches));
    if (scratch === undefined || bytes === 0) return;
    if (bytes > scratch.roomBytes && this.predicate !== null) {
      bytes = plannedScratch(plan, await this.count(stretches));
    }
    await scratch.take(bytes, 'Every value of the matching rows');
  }

  /** Scans and merges, once what is known to be needed is booked. */
  protected async computeAll<K extends MarkKind>(
    plan: PlanOf<K>,
    { frame, parts: most, stretches: some }: ComputeOptions,
  ): Promise<Computed<ResultOf<K>>> {
    const kept = some === undefined ? this.#partials?.(plan as MarkPlan) : undefined;
    const known = kept?.before?.batches ?? 0;
    this.keptBatches = Math.min(this.keptBatches, known);
    this.scans++;
    const finish = frame === undefined ? {} : { frame };
    const all = some ?? this.stretches;
    const stretches = known === 0 ? all : all.filter(({ batch }) => batch >= known);
    const parts =
      this.fixedParts(plan as MarkPlan, stretches, most) ??
      dealOutBlocks(stretches, this.pool.threads);
    const single = parts.length === 1 && kept === undefined;
    const settled = await this.scan(plan, parts, single ? { finish } : {});
    let matched = kept?.before?.matched ?? 0;
    // Copies: the merge uses up what it is given.
    const partials: unknown[] = [...structuredClone(kept?.before?.parts ?? [])];
    for (const outcome of settled) {
      const part = found(outcome);
      matched += part.matched;
      if (single) {
        await this.book(plan, [part.result]);
        return { result: part.result as ResultOf<K>, matched };
      }
      partials.push(part.partial);
    }
    await this.book(plan, partials);
    if (known < this.table.batchRows.length) kept?.keep(partials, matched);
    const result = await this.merge<K>(plan, partials, matched, finish);
    return { result, matched };
  }

  /** The parts that do not depend on the threads: of what is added up in an order, and where there is a reason for a number. */
  protected fixedParts(
    plan: MarkPlan,
    stretches: readonly Stretch[],
    most: number | undefined,
  ): Stretch[][] | undefined {
    if (most !== undefined) return dealOut(stretches, most);
    const isGrown = this.#segmentStarts.length > 1;
    // Of a table that never grew, groups are added up by as many parts as there are threads.
    return addingOf(plan) === 'in order' && (plan.kind === 'value' || isGrown)
      ? cutInOrder(stretches, this.#segmentStarts)
      : undefined;
  }

  /**
   * Books parts of a scan and what becomes of them, unless that was done before the scan, and tells the bytes; of those
   * `booked` already, only what they have become more.
   */
  protected async book(plan: unknown, partials: readonly unknown[], booked = 0): Promise<number> {
    const { scratch } = this;
    if (scratch === undefined || plannedScratch(plan as MarkPlan, 1) > 0) return 0;
    const bytes = STAGES * buffersOf(partials).reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (bytes > booked) await scratch.take(bytes - booked, 'What the matching rows come to');
    return Math.max(bytes, booked);
  }

  /** Whether all rows are looked at, and not a sample. */
  get isWhole(): boolean {
    return true;
  }

  /** The most that this request may compute with beside the columns. */
  get scratchRoom(): number {
    return this.scratch?.roomBytes ?? Infinity;
  }

  get threads(): number {
    return this.pool.threads;
  }

  /** The most parts of a scan of all stretches, each of which hands something over. */
  get partCount(): number {
    return dealOutBlocks(this.stretches, this.pool.threads).length;
  }

  /** Rows of all that stand behind so many that a scan has counted. */
  rowsFor(rows: number): number {
    return rows;
  }

  /** Scans these parts at once, and gives what was found in each, in their order, for merges of its own. */
  async parts<K extends MarkKind>(
    plan: PlanOf<K>,
    parts: readonly (readonly Stretch[])[],
  ): Promise<PartialOf<K>[]> {
    this.scans++;
    this.keptBatches = 0;
    const settled = await this.scan(plan, parts, {});
    return settled.map((outcome) => found(outcome).partial as PartialOf<K>);
  }

  // All parts have ended, also where one failed: only then may the columns' memory be used for others.
  protected scan(
    plan: unknown,
    parts: readonly (readonly Stretch[])[],
    finish: Pick<ScanTask, 'finish'>,
    table = this.table,
  ): Promise<PromiseSettledResult<ScanResult>[]> {
    return Promise.allSettled(
      parts.map((stretches) =>
        this.pool.run('scan', {
          table,
          ...this.selection,
          plan: plan as MarkPlan,
          stretches,
          ...finish,
          ...this.cancel,
        }),
      ),
    );
  }

  /** What was read, for `X-Halftone-Plan`. */
  plan(): FramePlan {
    return scanPlan(this);
  }

  /** Makes the result of a plan that needs no scan. */
  async finish<K extends MarkKind>(
    plan: PlanOf<K>,
    { frame }: Pick<ComputeOptions, 'frame'>,
  ): Promise<Pick<Computed<ResultOf<K>>, 'result'>> {
    return { result: await this.merge<K>(plan, [], 0, frame === undefined ? {} : { frame }) };
  }

  /** Makes the result of what the parts of a scan found, whose buffers are gone then. */
  async merge<K extends MarkKind>(
    plan: PlanOf<K>,
    partials: unknown[],
    matched: number,
    finish: { frame?: FrameBase; sample?: Sample } = {},
    table = this.table,
  ): Promise<ResultOf<K>> {
    const task = { table, plan: plan as MarkPlan, partials, matched, ...finish, ...this.cancel };
    const started = performance.now();
    // A copy of the partials would be as large as they are: of a quantile, as all of its column.
    const transfer = buffersOf(partials);
    const [outcome] = await Promise.allSettled([
      this.pool.run('merge', task, { transfer, finishes: true }),
    ]);
    const merged = found(outcome);
    this.encodeMs += performance.now() - started;
    return merged.result as ResultOf<K>;
  }

  /** Has every thread make ready what searches in a text column need. */
  async prepareSearch(column: number): Promise<void> {
    const { table } = this;
    // As many at once as there are threads: each that is idle takes one.
    const tasks = Array.from({ length: this.pool.threads }, () =>
      this.pool.run('prepareSearch', { table, column }, { isBulk: true }),
    );
    await Promise.allSettled(tasks);
  }

  /** The most frequent values of a tally of one of the columns. */
  async pick(task: Omit<PickTask, 'table'>): Promise<Picked> {
    const { table } = this;
    const outcome = await this.pool.run('pick', { ...task, table, ...this.cancel });
    if (outcome.withdrawn) throw withdrawn();
    return outcome.picked;
  }
}

/** Rows of stretches. */
export function rowsIn(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** What a task that has ended gave; throws where it failed, or was withdrawn. */
export function found<T extends object>(
  outcome: PromiseSettledResult<T>,
): Exclude<T, { withdrawn: true }> {
  if (outcome.status === 'rejected') {
    if (outcome.reason instanceof HalftoneError) throw outcome.reason;
    throw new Error('A worker failed while it computed.', { cause: outcome.reason });
  }
  if ('withdrawn' in outcome.value && outcome.value.withdrawn === true) throw withdrawn();
  return outcome.value as Exclude<T, { withdrawn: true }>;
}

function withdrawn(): HalftoneError {
  return new HalftoneError('CANCELLED', 'The request was withdrawn.');
}
