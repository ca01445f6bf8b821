import { DROPPED } from '../kernels/kernels.js';
import { axisWidth, openAxis, type AxisPlan } from '../scan/axis.js';
import { narrowest, plainColumn, writeFrame } from '../scan/frame.js';
import type { FrameBase, Mark, MarkedFrame, MergeScope } from '../scan/mark.js';

export interface DensityPlan {
  kind: 'density';
  x: AxisPlan;
  y: AxisPlan;
}

export interface DensityPartial {
  /** Rows a cell, iy * width + ix. */
  counts: Uint32Array<ArrayBuffer>;
  outside: number;
  dropped: number;
}

/** Below this share of occupied cells the empty ones are left out. */
const SPARSE_BELOW = 1 / 64;

/** How many matching rows stand in each cell. */
export const density: Mark<DensityPlan, DensityPartial, MarkedFrame> = {
  open({ x, y }, scope) {
    const width = axisWidth(x);
    const cellsOfX = openAxis(x, scope);
    const cellsOfY = openAxis(y, scope);
    const counts = new Uint32Array(width * axisWidth(y));
    let outside = 0;
    let dropped = 0;
    return {
      add(block) {
        const xs = cellsOfX(block);
        const ys = cellsOfY(block);
        const { mask, rows } = block;
        for (let i = 0; i < rows; i++) {
          if (mask !== null && mask[i] === 0) continue;
          const ix = xs[i]!;
          const iy = ys[i]!;
          if (ix >= 0 && iy >= 0) counts[iy * width + ix]!++;
          else if (ix === DROPPED || iy === DROPPED) dropped++;
          else outside++;
        }
      },
      partial: () => ({ counts, outside, dropped }),
    };
  },

  merge(_plan, partials, scope) {
    const [first, ...others] = partials;
    const { counts } = first!;
    let { outside, dropped } = first!;
    for (const other of others) {
      scope.check();
      for (let i = 0; i < counts.length; i++) counts[i]! += other.counts[i]!;
      outside += other.outside;
      dropped += other.dropped;
    }
    return densityFrame(counts, outside, dropped, scope);
  },
};

function densityFrame(
  counts: Uint32Array<ArrayBuffer>,
  outside: number,
  dropped: number,
  { total, matched, frame }: MergeScope,
): MarkedFrame {
  let occupied = 0;
  let largest = 0;
  for (const count of counts) {
    if (count > 0) occupied++;
    if (count > largest) largest = count;
  }
  const layout = occupied < counts.length * SPARSE_BELOW ? 'sparse' : 'dense';
  const rows = { total, matched, drawn: matched - outside - dropped, outside, dropped };
  const marks = layout === 'dense' ? counts.length : occupied;
  const metadata = {
    ...baseOf(frame),
    method: 'density',
    exact: true,
    rows,
    marks,
    layout,
  } as const;
  const { bits, Numbers } = narrowest(largest);
  const field = { name: 'count', type: { type: 'int', bits, signed: false } } as const;
  if (layout === 'dense')
    return writeFrame(metadata, marks, [plainColumn(field, Numbers.from(counts))]);

  const cell = new Uint32Array(occupied);
  const count = new Numbers(occupied);
  for (let i = 0, k = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    cell[k] = i;
    count[k++] = counts[i]!;
  }
  const cellField = { name: 'cell', type: { type: 'int', bits: 32, signed: false } } as const;
  return writeFrame(metadata, marks, [plainColumn(cellField, cell), plainColumn(field, count)]);
}

function baseOf(frame: FrameBase | undefined): FrameBase {
  if (frame === undefined) throw new Error('A frame was asked for without saying of what.');
  return frame;
}
