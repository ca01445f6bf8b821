import { BLOCK_ROWS, type TableView } from '../columns.js';
import { kernelsFor } from '../kernels/load.js';
import { threadArena as arena } from '../kernels/thread-arena.js';
import { markOf, type MarkPlan } from '../marks/index.js';
import { openSelection, type Selection } from '../select/selection.js';
import { matchedOf, type Sample } from '../sample/sample.js';
import { spreadRuns, type SpreadPart } from '../sample/spread-runs.js';
import { Block } from './block.js';
import { checkCancel, unlessWithdrawn, type CancelWord } from './cancel.js';
import type { FrameBase } from './mark.js';
import { isLeftOut, passesWhole, type Stretch } from './stretch.js';

/** One part of a scan; with `finish` it is the only one, and goes on to the result. */
export interface ScanTask extends Selection {
  table: TableView;
  plan: MarkPlan;
  stretches: readonly Stretch[];
  /** Has a part of a sample of the stretches scanned. */
  spread?: SpreadPart;
  finish?: { frame?: FrameBase };
  cancel?: CancelWord;
}

/** `withdrawn` where the cancel word was set: there is nothing else then. */
export type ScanResult =
  { withdrawn: false; matched: number; partial?: unknown; result?: unknown } | { withdrawn: true };

export interface MergeTask {
  table: TableView;
  plan: MarkPlan;
  /** In row order. */
  partials: unknown[];
  matched: number;
  frame?: FrameBase;
  /** Of what the partials are, where not of all rows. */
  sample?: Sample;
  cancel?: CancelWord;
}

export type MergeResult = { withdrawn: false; result: unknown } | { withdrawn: true };

/** Where fewer rows pass, marks get these alone: to bring them together costs less than to carry the others along. */
const PACK_BELOW = 0.5;

/** Scans stretches of a table: filters choose rows, the mark adds what passes. */
export function scan(task: ScanTask): ScanResult {
  return unlessWithdrawn(() => {
    const { table, plan, spread, finish, cancel } = task;
    const stretches = spread === undefined ? task.stretches : spreadRuns(task.stretches, spread);
    arena.reset();
    const kernels = kernelsFor(arena);
    const check = (): void => checkCancel(cancel);
    const scope = { table, arena, kernels, check };
    const block = new Block(table, arena, kernels);
    const choose = openSelection(task, scope, check);
    const accumulator = markOf(plan).open(plan, scope);
    const mask = arena.u8(BLOCK_ROWS);
    let matched = 0;
    for (const [index, stretch] of stretches.entries()) {
      accumulator.stretch?.(index);
      for (let from = stretch.from; from < stretch.to; from += BLOCK_ROWS) {
        if (isLeftOut(stretch, from)) continue;
        checkCancel(cancel);
        block.seek(stretch, from);
        if (choose !== undefined && !passesWhole(stretch, from)) {
          block.matched = choose(block, mask);
          block.mask = block.matched === block.rows ? null : mask;
        }
        if (block.matched === 0) continue;
        matched += block.matched;
        if (accumulator.packs === true && block.matched <= block.rows * PACK_BELOW) block.pack();
        accumulator.add(block);
      }
    }
    const partial = accumulator.partial();
    if (finish === undefined) return { withdrawn: false, matched, partial };
    const { frame } = finish;
    const result = finishMark(
      { table, plan, partials: [partial], matched, ...(frame && { frame }) },
      cancel,
    );
    return { withdrawn: false, matched, result };
  });
}

/** Brings the partials of a scan together and makes the result: the bytes of a frame, or a small answer. */
export function merge(task: MergeTask): MergeResult {
  return unlessWithdrawn(() => ({ withdrawn: false, result: finishMark(task, task.cancel) }));
}

function finishMark(task: MergeTask, cancel: CancelWord | undefined): unknown {
  const { table, plan, partials, matched, frame, sample } = task;
  return markOf(plan).merge(plan, partials, {
    table,
    total: table.rows,
    matched: sample === undefined ? matched : matchedOf(sample, table.rows),
    ...(sample && { sample }),
    ...(frame && { frame }),
    check: () => checkCancel(cancel),
  });
}
