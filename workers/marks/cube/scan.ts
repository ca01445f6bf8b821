import { BLOCK_ROWS } from '../../columns.js';
import { DROPPED, OUTSIDE, type Cells } from '../../kernels/kernels.js';
import { axisWidth, openAxis } from '../../scan/axis.js';
import type { Block } from '../../scan/block.js';
import { openCounts } from '../../scan/counts.js';
import type { Accumulator, Scope } from '../../scan/mark.js';
import { keptSlots, openSlots } from '../../scan/slots.js';
import { isLeftOut, passesWhole, STRETCH_ROWS } from '../../scan/stretch.js';
import { openSelection } from '../../select/selection.js';
import { binCount, openBins } from './bins.js';
import { openLayer } from './layer.js';
import type { CubePartial, CubePlan, CubeSelection, CubeView, CubeViewPartial } from './plan.js';

/** Places of the active view beside its cells: that of OUTSIDE, and that of DROPPED. */
const LOST = 2;

/** How many cells the active view has. */
export function activeCells({ active }: Pick<CubePlan, 'active'>): number {
  if (active === null) return 0;
  return axisWidth(active.x) * (active.y === null ? 1 : axisWidth(active.y));
}

/** How many bins a view has, and slots of each. */
export function sizeOf({ bins, slots }: Pick<CubeView, 'bins' | 'slots'>): number {
  return binCount(bins) * slotCount(slots);
}

/** Counts rows by their place in the active view and their bin in every other one. */
export function openCube(plan: CubePlan, scope: Scope): Accumulator<CubePartial> {
  const activeOf = openActive(plan, scope);
  const mask = scope.arena.u8(BLOCK_ROWS);
  const places = activeCells(plan) + LOST;
  const views = plan.views.map((view) => openView(view, places, scope));
  const selections = plan.selections.map((selection, at) => ({
    choose: openChoice(selection, scope, mask),
    views: views.filter((_, k) => plan.views[k]!.selection === at),
  }));
  const { runs } = plan;
  let run = -1;
  return {
    add(block) {
      const before = run;
      while (run + 1 < runs.length && runs[run + 1]! <= block.firstRow) run++;
      // A task begins with a run of its own.
      if (before >= 0 && run > before) for (const view of views) view.next();
      let actives: Cells | undefined;
      for (const { choose, views } of selections) {
        if (!choose(block)) continue;
        actives ??= activeOf(block);
        for (const view of views) view.add(block, actives);
      }
    },
    partial: () => ({ views: views.map((view) => view.partial()) }),
  };
}

// Leaves the mask of the block where some rows pass; false where none does.
function openChoice(
  selection: CubeSelection,
  scope: Scope,
  mask: Uint8Array<ArrayBuffer>,
): (block: Block) => boolean {
  const choose = openSelection(selection, scope, scope.check ?? (() => {}));
  return (block) => {
    block.mask = null;
    block.matched = block.rows;
    if (choose === undefined) return true;
    const { batch, from } = block;
    const stretch = Math.floor(from / STRETCH_ROWS);
    const blocks = selection.known[batch]?.[stretch];
    const known = {
      batch,
      from: stretch * STRETCH_ROWS,
      to: 0,
      firstRow: 0,
      ...(blocks && { blocks }),
    };
    if (isLeftOut(known, from)) return false;
    if (passesWhole(known, from)) return true;
    block.matched = choose(block, mask);
    if (block.matched < block.rows) block.mask = mask;
    return block.matched > 0;
  };
}

function openActive(plan: CubePlan, scope: Scope): (block: Block) => Cells {
  const { active } = plan;
  const size = activeCells(plan);
  if (active === null) {
    const dropped = scope.arena.i32(BLOCK_ROWS).fill(size + 1);
    return () => dropped;
  }
  const xsOf = openAxis(active.x, scope);
  const ysOf = active.y === null ? null : openAxis(active.y, scope);
  const width = axisWidth(active.x);
  return (block) => {
    const cells = xsOf(block);
    if (ysOf !== null) scope.kernels.pictureCells(cells, ysOf(block), width, block.rows);
    for (let i = 0; i < block.rows; i++) {
      const cell = cells[i]!;
      if (cell < 0) cells[i] = cell === OUTSIDE ? size : size + 1;
    }
    return cells;
  };
}

function slotCount(slots: CubeView['slots']): number {
  return slots === null ? 1 : keptSlots(slots) + 2;
}

function openView(view: CubeView, places: number, scope: Scope) {
  const { layers, slots, slotsFirst } = view;
  const { kernels } = scope;
  const binsOf = openBins(view.bins, scope);
  const slotsOf = slots === null ? null : openSlots(slots, scope);
  const bins = binCount(view.bins);
  const stride = bins * slotCount(slots) + LOST;
  const size = places * stride;
  const counts = openCounts(size, scope);
  const out = scope.arena.i32(BLOCK_ROWS);
  const opened = layers.map((layer) => openLayer(layer, layers.length, size, scope));
  const needed = layers.flatMap(({ needs }) => (needs === null ? [] : [needs]));
  return {
    add(block: Block, actives: Cells): void {
      const { rows, mask } = block;
      const own = binsOf(block);
      if (needed.length > 0) dropWithout(block, needed, own);
      if (slotsOf !== null) {
        const slotOf = slotsOf(block);
        const count = slotCount(slots);
        for (let i = 0; i < rows; i++) {
          const bin = own[i]!;
          if (bin >= 0) own[i] = slotsFirst ? slotOf[i]! * bins + bin : bin * count + slotOf[i]!;
        }
      }
      kernels.cubeCells(actives, own, stride, out, rows);
      if (mask !== null) kernels.maskCells(out, mask, out, rows);
      counts.add(out, rows);
      for (const layer of opened) layer.add(block, out);
    },
    next(): void {
      for (const layer of opened) layer.next?.();
    },
    partial(): CubeViewPartial {
      return { counts: counts.result().counts, layers: opened.map((layer) => layer.partial()) };
    },
  };
}

// A row without a finite value of any layer has no place, also where it lies beyond the bins.
function dropWithout(block: Block, needed: readonly number[], bins: Cells): void {
  const columns = needed.map((column) => block.f64(column));
  for (let i = 0; i < block.rows; i++) {
    if (!columns.some((values) => Number.isFinite(values[i]))) bins[i] = DROPPED;
  }
}
