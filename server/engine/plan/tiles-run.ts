import type { FramePlan } from '../../../protocol/frame.js';
import type { Span } from '../../../workers/columns.js';
import {
  scatterByTiles,
  type ScatterByTiles,
  type ScatterByTilesTask,
  type TiledScatterPlan,
} from '../../../workers/marks/scatter/by-tiles.js';
import type { ScatterPartial } from '../../../workers/marks/scatter/plan.js';
import type { MarkKind, MarkPlan, PlanOf, ResultOf } from '../../../workers/marks/index.js';
import { packParts, type TilesPart } from '../../../workers/tiles/parts.js';
import { openReach, rowsIn } from '../../../workers/tiles/reach.js';
import type { Stretch } from '../../../workers/scan/stretch.js';
import { openTiles } from '../../../workers/tiles/tiled-batches.js';
import type { PlacedTiles } from '../../../workers/tiles/tiles.js';
import { found, Run, type Computed, type ComputeOptions, type RunOptions } from '../run.js';
import { AS_QUICK, tilesCost, type TilesRoute } from './route-tiles.js';

export interface TilesRunOptions extends RunOptions {
  route: TilesRoute & { tier: 'tiles' };
  /** The parts of the index, one a batch. */
  parts: readonly Span[];
}

/** So few rows are not worth a second thread, and a merge. */
const FEW_ROWS = 12_000;

/** So few rows of so many batches are gone through in the time that it takes to tell a thread of them, and to hear of it. */
const QUICK = { rows: 4096, batches: 32 };

/** By where they lie, which the views of leases tell by the same object as long as they stay there. */
const PLACED = new WeakMap<Span, PlacedTiles>();

/** A batch of which a row may pass, and the number in the snapshot of its first row. */
interface ReachedBatch {
  batch: number;
  firstRow: number;
}

/** By the stretches of a scan of them. */
const BATCHES = new WeakMap<readonly Stretch[], ReachedBatch[]>();

/** Parts that one task goes through. */
interface Dealt {
  parts: TilesPart[];
  /** Rows of the tiles in reach, by part and in all. */
  rows: number[];
  total: number;
}

/** The work of a scatter that is had from tiles; what it asks for before, the extent of filtered rows, is scanned for. */
export class TilesRun extends Run {
  readonly #route: TilesRunOptions['route'];
  readonly #parts: readonly Span[];
  #touched = { rows: 0, bytes: 0 };
  #isScanned = false;

  constructor({ route, parts, ...options }: TilesRunOptions) {
    super(options);
    this.#route = route;
    this.#parts = parts;
  }

  protected override async computeAll<K extends MarkKind>(
    plan: PlanOf<K>,
    options: ComputeOptions = {},
  ): Promise<Computed<ResultOf<K>>> {
    const asked = plan as MarkPlan;
    const { frame } = options;
    if (asked.kind !== 'scatter' || frame === undefined || this.selection.predicate !== null) {
      return super.computeAll(plan, options);
    }
    const tiled = asked as TiledScatterPlan;
    const all = this.#inReach(tiled);
    const cost = tilesCost(all.total, this.table.rows).asScanned;
    if (!this.#route.isForced && cost >= this.#route.scannedBytes) {
      this.#isScanned = true;
      return super.computeAll(plan, options);
    }
    const dealt = all.total < FEW_ROWS ? [all] : dealByRows(all, this.pool.threads);
    if (dealt.length === 1) {
      const [{ result, matched }] = (await this.#run(tiled, dealt, { finish: { frame } })) as [
        Done,
      ];
      return { result: result as ResultOf<K>, matched };
    }
    let done = await this.#run(tiled, dealt, {});
    let partials = done.map(({ partial }) => partial as ScatterPartial);
    const drawn = partials.reduce((sum, partial) => sum + partial.drawn, 0);
    // Only now it is known that all of them are points.
    const isWithin = tiled.budget > 0 && drawn <= tiled.budget;
    if (isWithin && partials.some(({ points }) => points === null)) {
      done = await this.#run(tiled, dealt, { find: true });
      partials = done.map(({ partial }) => partial as ScatterPartial);
    }
    const matched = done.reduce((sum, part) => sum + part.matched, 0);
    await this.book(plan, partials);
    return { result: await this.merge<K>(plan, partials, matched, { frame }), matched };
  }

  override plan(): FramePlan {
    const { rows, bytes } = this.#touched;
    if (this.selection.predicate !== null) {
      const scan = super.plan();
      return { ...scan, reason: `${scan.reason}; no tiles: which rows pass is not kept` };
    }
    if (this.#isScanned) {
      const scan = super.plan();
      return { ...scan, reason: `${scan.reason}; ${AS_QUICK}` };
    }
    const extents =
      this.scans === 0 ? '' : `; the extent by ${this.scans === 1 ? 'a scan' : 'scans'}`;
    const filters = this.filters === 0 ? '' : '; which rows pass from their bits';
    return {
      tier: 'tiles',
      reason: `${this.#route.why}${filters}${extents}`,
      rowsTouched: rows,
      bytesTouched: Math.round(bytes),
    };
  }

  /** The batches of which a row may pass, and how far the domain reaches into them. */
  #inReach({ x, y }: TiledScatterPlan): Dealt {
    const tilesOf = openTiles(this.table);
    const reachOf = openReach(x, y);
    const all: Dealt = { parts: [], rows: [], total: 0 };
    for (const { batch, firstRow } of this.#batches()) {
      const part = this.#parts[batch]!;
      const { slab, offset } = part;
      let tiles = PLACED.get(part);
      if (tiles === undefined) PLACED.set(part, (tiles = tilesOf({ batch, slab, offset })));
      const reach = reachOf(tiles);
      const rows = rowsIn(tiles, reach);
      all.parts.push({ batch, firstRow, slab, offset, reach });
      all.rows.push(rows);
      all.total += rows;
    }
    return all;
  }

  /** The batches of which a row may pass. */
  #batches(): readonly ReachedBatch[] {
    const { kept = [] } = this.selection;
    const all = batchesOf(this.stretches);
    // Bits are made of no batch in which none passes.
    return kept.length === 0
      ? all
      : all.filter(({ batch }) => kept.every((bits) => bits[batch] !== undefined));
  }

  async #run(
    plan: TiledScatterPlan,
    dealt: readonly Dealt[],
    {
      find = false,
      finish,
    }: { find?: boolean; finish?: { frame: NonNullable<ComputeOptions['frame']> } },
  ): Promise<Done[]> {
    const { table } = this;
    const kept = this.selection.kept ?? [];
    const tasks = dealt.map(({ parts, total }): ScatterByTilesTask => ({
      table,
      plan,
      parts: packParts(parts),
      most: total,
      kept,
      find,
      ...this.cancel,
      ...(finish && { finish }),
    }));
    const [first, ...others] = tasks as [ScatterByTilesTask, ...ScatterByTilesTask[]];
    // All have ended, also where one failed: only then may the columns' memory be used for others.
    const settled: PromiseSettledResult<ScatterByTiles>[] =
      others.length === 0 && isQuick(dealt[0]!, first)
        ? [{ status: 'fulfilled', value: scatterByTiles(first) }]
        : await Promise.allSettled(tasks.map((task) => this.pool.run('scatterByTiles', task)));
    const done = settled.map(found);
    for (const { touched } of done) {
      this.#touched.rows += touched.rows;
      this.#touched.bytes += touched.bytes;
    }
    return done;
  }
}

function batchesOf(stretches: readonly Stretch[]): readonly ReachedBatch[] {
  let batches = BATCHES.get(stretches);
  if (batches !== undefined) return batches;
  batches = [];
  for (const { batch, from, firstRow } of stretches) {
    if (batches.at(-1)?.batch !== batch) batches.push({ batch, firstRow: firstRow - from });
  }
  BATCHES.set(stretches, batches);
  return batches;
}

/** Whether rows are gone through right here: not where bits of filters are, of which all are read. */
function isQuick({ parts, total }: Dealt, { kept }: ScatterByTilesTask): boolean {
  return total <= QUICK.rows && parts.length <= QUICK.batches && kept.length === 0;
}

/** Cuts parts into runs of about as many rows, which stay in their order. */
function dealByRows(all: Dealt, count: number): Dealt[] {
  const dealt: Dealt[] = [];
  let before = 0;
  let last = -1;
  for (const [i, part] of all.parts.entries()) {
    const rows = all.rows[i]!;
    const at = Math.floor(((before + rows / 2) * count) / all.total);
    if (at > last) dealt.push({ parts: [], rows: [], total: 0 });
    last = at;
    const own = dealt.at(-1)!;
    own.parts.push(part);
    own.rows.push(rows);
    own.total += rows;
    before += rows;
  }
  return dealt;
}

type Done = ScatterByTiles & { withdrawn: false };
