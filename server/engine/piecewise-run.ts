import type { FramePlan } from '../../protocol/frame.js';
import { buffersOf } from '../../workers/buffers-of.js';
import type { ColumnBatch, TableView } from '../../workers/columns.js';
import type { MarkKind, MarkPlan, PartialOf, PlanOf, ResultOf } from '../../workers/marks/index.js';
import type { PickedBatch, PickedColumn } from '../../workers/pick-rows.js';
import type { FrameBase } from '../../workers/scan/mark.js';
import { dealOutBlocks, type Stretch } from '../../workers/scan/stretch.js';
import { HalftoneError } from '../errors.js';
import type { Lease } from '../memory/lease.js';
import { COUNTING, found, Run, type Computed, type ComputeOptions, type RunOptions } from './run.js'; // prettier-ignore
import { reachOfScan } from './scan-plan.js';

export interface PiecewiseOptions extends RunOptions {
  /** Brings batches of the columns into memory, all else of the table but the dictionaries is not there. */
  leaseBatches: (batches: readonly number[]) => Promise<Lease>;
  /** Memory that a batch takes. */
  bytesOf: (batch: number) => number;
  /** About how much memory is taken at a time: at least a batch. */
  pieceBytes: number;
}

/** The most rows that a merge may look up: their values lie beside the memory for columns. */
const MAX_PICKED = 2 ** 22;

/** Of these each part is as large as the picture, however few its rows: they are joined after every piece. */
const JOINED: ReadonlySet<MarkKind> = new Set(['scatter']);

/**
 * The scans of one request over columns that do not fit into memory: piece by piece, each of which goes when the next one
 * comes. Partials are merged in row order as those of any scan, so that the frame is the same.
 */
export class PiecewiseRun extends Run {
  readonly #options: PiecewiseOptions;

  constructor(options: PiecewiseOptions) {
    super(options);
    this.#options = options;
  }

  override get partCount(): number {
    return this.#pieces(byBatch(this.stretches)).length * this.pool.threads;
  }

  override async count(stretches = this.stretches): Promise<number> {
    const { matched } = await this.#scanAll(COUNTING, stretches, undefined);
    return matched;
  }

  protected override async computeAll<K extends MarkKind>(
    plan: PlanOf<K>,
    { frame, parts: most, stretches = this.stretches }: ComputeOptions,
  ): Promise<Computed<ResultOf<K>>> {
    const fixed = this.fixedParts(plan as MarkPlan, stretches, most);
    const { partials, matched } = await this.#scanAll(plan, stretches, fixed);
    const finish = frame === undefined ? {} : { frame };
    return { result: await this.merge<K>(plan, partials, matched, finish), matched };
  }

  override async parts<K extends MarkKind>(
    plan: PlanOf<K>,
    parts: readonly (readonly Stretch[])[],
  ): Promise<PartialOf<K>[]> {
    const { partials } = await this.#scanPieces(
      plan,
      parts,
      (piece) => piece,
      (each) => each,
    );
    return partials as PartialOf<K>[];
  }

  override plan(): FramePlan {
    const { rows, bytes } = reachOfScan(this.stretches, this.#options.bytesOf);
    const pieces = this.#pieces(byBatch(this.stretches)).length;
    const scans = this.scans === 1 ? 'one scan' : `${this.scans} scans`;
    const reason = `${scans} of the rows, in ${pieces} pieces: the columns do not fit into memory at once`;
    return { tier: 'scan', reason, rowsTouched: rows, bytesTouched: bytes };
  }

  override async merge<K extends MarkKind>(
    plan: PlanOf<K>,
    partials: unknown[],
    matched: number,
    finish: { frame?: FrameBase } = {},
  ): Promise<ResultOf<K>> {
    const transfer = buffersOf(partials);
    const asked = { plan: plan as MarkPlan, partials };
    const read = await this.pool.run('rowsRead', asked, { transfer, finishes: true });
    if (read.rows.length > MAX_PICKED) {
      throw new HalftoneError(
        'MEMORY_EXHAUSTED',
        `This frame looks up ${read.rows.length} rows of columns that do not fit into memory; ${MAX_PICKED} is the most.`,
        { hint: 'Ask for fewer points, or start with a larger --memory-limit.' },
      );
    }
    const table = read.rows.length === 0 ? this.table : await this.#pick(read.rows);
    return super.merge<K>(plan, read.partials, matched, finish, table);
  }

  /** Scans all stretches, in the parts that are `fixed`, else as they come. */
  async #scanAll(
    plan: unknown,
    stretches: readonly Stretch[],
    fixed: readonly (readonly Stretch[])[] | undefined,
  ): Promise<{ partials: unknown[]; matched: number }> {
    return this.#scanPieces(
      plan,
      fixed ?? byBatch(stretches),
      (piece) => (fixed === undefined ? dealOutBlocks(piece.flat(), this.pool.threads) : piece),
      (partials) => this.#joined(plan as MarkPlan, partials),
    );
  }

  /** Scans units of which each fits into memory, as many at once as do, and each piece in the parts that `cut` makes of it. */
  async #scanPieces(
    plan: unknown,
    units: readonly (readonly Stretch[])[],
    cut: (piece: readonly (readonly Stretch[])[]) => readonly (readonly Stretch[])[],
    join: (partials: unknown[]) => Promise<unknown[]> | unknown[],
  ): Promise<{ partials: unknown[]; matched: number }> {
    this.scans++;
    let matched = 0;
    let booked = 0;
    let partials: unknown[] = [];
    for (const piece of this.#pieces(units)) {
      const parts = cut(piece);
      const lease = await this.#options.leaseBatches(batchesOf(piece.flat()));
      try {
        for (const outcome of await this.scan(plan, parts, {}, lease.table)) {
          const part = found(outcome);
          matched += part.matched;
          partials.push(part.partial);
          // What comes of one piece may be more than there is room for: better to end here than at the last.
          booked = await this.book(plan, partials, booked);
        }
      } finally {
        lease.release();
      }
      partials = await join(partials);
    }
    return { partials, matched };
  }

  /** One partial in place of several where they are large: a picture for each piece may be more than the picture has room for. */
  async #joined(plan: MarkPlan, partials: unknown[]): Promise<unknown[]> {
    if (partials.length === 1 || !JOINED.has(plan.kind)) return partials;
    const task = { plan, partials, ...this.cancel };
    const transfer = buffersOf(partials);
    const [outcome] = await Promise.allSettled([
      this.pool.run('joinPartials', task, { transfer, finishes: true }),
    ]);
    return [found(outcome).partial];
  }

  /** The table of these rows alone. */
  async #pick(rows: Uint32Array<ArrayBuffer>): Promise<TableView> {
    const batches: PickedBatch[] = [];
    for (const piece of this.#pieces(rowsByBatch(rows, this.table.batchRows))) {
      const lease = await this.#options.leaseBatches(piece.map(({ batch }) => batch));
      try {
        const first = piece[0]!.from;
        const task = {
          table: lease.table,
          rows: rows.slice(first, piece.at(-1)!.to),
          ...this.cancel,
        };
        const [outcome] = await Promise.allSettled([this.pool.run('pickRows', task)]);
        batches.push(...found(outcome).batches);
      } finally {
        lease.release();
      }
    }
    return pickedTable(this.table, rows, batches);
  }

  /** Brings neighbours together that fit into a piece. */
  #pieces<T extends { batch: number } | readonly Stretch[]>(items: readonly T[]): T[][] {
    const { bytesOf, pieceBytes } = this.#options;
    const pieces: T[][] = [];
    let batches = new Set<number>();
    for (const item of items) {
      const own = 'batch' in item ? [item.batch] : batchesOf(item);
      const together = new Set([...batches, ...own]);
      const bytes = [...together].reduce((sum, batch) => sum + bytesOf(batch), 0);
      if (pieces.length === 0 || bytes > pieceBytes) {
        pieces.push([item]);
        batches = new Set(own);
      } else {
        pieces.at(-1)!.push(item);
        batches = together;
      }
    }
    return pieces;
  }
}

function batchesOf(stretches: readonly Stretch[]): number[] {
  return [...new Set(stretches.map(({ batch }) => batch))];
}

/** The stretches of each batch; where there are none, one of no rows, of which a partial comes. */
function byBatch(stretches: readonly Stretch[]): Stretch[][] {
  if (stretches.length === 0) return [[]];
  return batchesOf(stretches).map((batch) => stretches.filter((one) => one.batch === batch));
}

/** Which of the rows, `from` to `to`, stand in which batch. */
function rowsByBatch(
  rows: Uint32Array,
  batchRows: readonly number[],
): { batch: number; from: number; to: number }[] {
  const found: { batch: number; from: number; to: number }[] = [];
  let end = 0;
  let from = 0;
  for (const [batch, count] of batchRows.entries()) {
    end += count;
    const to = firstFrom(rows, end);
    if (to > from) found.push({ batch, from, to });
    from = to;
  }
  return found;
}

/** Where the rows from `least` on begin among rows that ascend. */
function firstFrom(rows: Uint32Array, least: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (rows[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A table whose batches hold picked rows alone, with the dictionaries of `whole`. */
function pickedTable(
  whole: TableView,
  picked: Uint32Array<ArrayBuffer>,
  batches: readonly PickedBatch[],
): TableView {
  const slabs = [...whole.slabs];
  const spanOf = (bytes: Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer>) => {
    slabs.push(bytes.buffer);
    return { slab: slabs.length - 1, offset: bytes.byteOffset, length: bytes.byteLength };
  };
  const batchOf = ({ storage, nulls, data, validity, offsets }: PickedColumn): ColumnBatch => ({
    storage,
    nulls,
    ...(data && { data: spanOf(data) }),
    ...(validity && { validity: spanOf(validity) }),
    ...(offsets && { offsets: spanOf(offsets) }),
  });
  return {
    rows: whole.rows,
    batchRows: batches.map(({ rows }) => rows),
    columns: whole.columns.map((column, at) => ({
      ...column,
      batches: batches.map(({ columns }) => batchOf(columns[at]!)),
    })),
    slabs,
    picked,
  };
}
