import { axisWidth, openAxis } from '../../scan/axis.js';
import { BLOCK_ROWS } from '../../columns.js';
import { markValues } from '../../aggregate/has-value.js';
import { openKeyIds } from '../../groups/key-ids.js';
import type { CellAxis } from '../../groups/plan.js';
import { DROPPED, OUTSIDE, type Cells as CellArray } from '../../kernels/kernels.js';
import type { Block } from '../../scan/block.js';
import type { Scope } from '../../scan/mark.js';
import { keptSlots, openSlots } from '../../scan/slots.js';
import type { BinsPlan } from './plan.js';

/** The bin of every row of a block, OUTSIDE or DROPPED, in the arena; of rows that do not match it means nothing. */
export type Bins = (block: Block) => CellArray;

/** How many bins there are. */
export function binCount(plan: BinsPlan): number {
  switch (plan.by) {
    case 'nothing':
      return 0;
    case 'all':
      return 1;
    case 'axis':
      return axisWidth(plan.axis);
    case 'cells':
      return widthOf(plan.x) * widthOf(plan.y);
    default:
      return plan.size;
  }
}

/** Makes the bins of a view ready. */
export function openBins(plan: BinsPlan, scope: Scope): Bins {
  const out = scope.arena.i32(BLOCK_ROWS);
  switch (plan.by) {
    case 'nothing':
      out.fill(DROPPED);
      return () => out;
    case 'all':
      return openAll(plan.column, out);
    case 'axis':
      return openAxis(plan.axis, scope);
    case 'cells': {
      const width = widthOf(plan.x);
      const xsOf = openCells(plan.x, scope);
      const ysOf = openCells(plan.y, scope);
      return (block) => {
        const xs = xsOf(block);
        scope.kernels.pictureCells(xs, ysOf(block), width, block.rows);
        return xs;
      };
    }
    case 'keys': {
      const { column, as, nullIsKey, places } = plan;
      if (as.form === 'codes' && as.size * 4 < scope.arena.free / 4) {
        const lut = scope.arena.i32(as.size);
        lut.set(places.subarray(1));
        const ofNull = nullIsKey ? places[0]! : DROPPED;
        return (block) => {
          scope.kernels.placeCodes(block.codes(column), lut, ofNull, out, block.rows);
          return out;
        };
      }
      const ids = openKeyIds(column, as, nullIsKey, scope);
      return (block) => {
        const own = ids.of(block);
        for (let i = 0; i < block.rows; i++) {
          const id = own[i]!;
          out[i] = id < 0 ? id : places[id]!;
        }
        return out;
      };
    }
    case 'values': {
      const { places, ofNull } = plan;
      const slotsOf = openSlots(plan.slots, scope);
      // The slot after the values is that of null, the next one that of all others.
      const placeOf = Int32Array.of(...places, ofNull, OUTSIDE);
      return (block) => {
        const slots = slotsOf(block);
        for (let i = 0; i < block.rows; i++) out[i] = placeOf[slots[i]!]!;
        return out;
      };
    }
  }
}

function openAll(column: number | null, out: CellArray): Bins {
  if (column === null) {
    out.fill(0);
    return () => out;
  }
  const hasValue = new Uint8Array(BLOCK_ROWS);
  return (block) => {
    markValues(block, column, hasValue);
    for (let i = 0; i < block.rows; i++) out[i] = hasValue[i] === 1 ? 0 : DROPPED;
    return out;
  };
}

function widthOf(cells: CellAxis): number {
  return cells.kind === 'axis' ? axisWidth(cells.axis) : keptSlots(cells.slots);
}

function openCells(cells: CellAxis, scope: Scope): Bins {
  if (cells.kind === 'axis') return openAxis(cells.axis, scope);
  const size = keptSlots(cells.slots);
  const places = Int32Array.from({ length: size }, (_, place) => place);
  // A row without a value has no cell.
  return openBins({ by: 'values', slots: cells.slots, places, ofNull: DROPPED, size }, scope);
}
