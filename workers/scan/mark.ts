import type { FrameMetadata } from '../../protocol/frame.js';
import type { TableView } from '../columns.js';
import type { Arena } from '../kernels/arena.js';
import type { Kernels } from '../kernels/kernels.js';
import type { Room } from '../kernels/room.js';
import type { Sample } from '../sample/sample.js';
import type { Block } from './block.js';

/** What a mark may use while it scans. Arrays from the arena must not go into a partial. */
export interface Scope {
  table: TableView;
  arena: Arena;
  kernels: Kernels;
  /** Throws where the request was withdrawn. */
  check?: () => void;
}

/** What is known of a frame before it is computed; a mark's `merge` completes it. */
export type FrameBase = Omit<FrameMetadata, 'method' | 'exact' | 'rows' | 'marks'>;

/** What a mark's `merge` may use. */
export interface MergeScope {
  table: TableView;
  /** Rows of the snapshot. */
  total: number;
  /** Rows that pass the filters; of a sample, about how many. */
  matched: number;
  /** Present where the partials are those of a sample. */
  sample?: Sample;
  /** Present where the result is a frame. */
  frame?: FrameBase;
  /** Throws where the request was withdrawn: call it at least every 20 ms. */
  check: () => void;
  /** For what is of no use when the frame is written; absent where the partials came from other tasks. */
  room?: Room;
}

/** Takes in the matching rows of the stretches of one task, block by block. */
export interface Accumulator<Partial> {
  /** Takes packed blocks: it asks a block for the numbers and positions of its rows, and does not count them up itself. */
  packs?: true;
  /** Called before the first block of each stretch: floating-point sums begin anew here. */
  stretch?(index: number): void;
  /** Called with each block in row order that has a matching row. */
  add(block: Block): void;
  /** What the task hands back. Its buffers are moved to the merge. */
  partial(): Partial;
}

/**
 * One way to make something of the matching rows, in two steps: `open` in every task of a scan, `merge` once, over
 * the partials in row order. The plan is plain data and holds everything that was resolved before.
 */
export interface Mark<Plan, Partial, Result> {
  open(plan: Plan, scope: Scope): Accumulator<Partial>;
  /** Rows whose values `merge` looks up, in any order and more than once; absent where it looks at none. */
  reads?(plan: Plan, partials: readonly Partial[]): readonly Uint32Array[];
  /**
   * One partial for several neighbours, whose buffers it may use up: `merge` gives the same for it. Of marks whose partials
   * are as large as a picture, however few rows there were.
   */
  join?(plan: Plan, partials: Partial[], check: () => void): Partial;
  merge(plan: Plan, partials: Partial[], scope: MergeScope): Result;
}

/** A frame as a mark's `merge` gives it: the stream, and the metadata that it holds. */
export interface MarkedFrame {
  bytes: Uint8Array<ArrayBuffer>;
  metadata: FrameMetadata;
}
