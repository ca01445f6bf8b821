import { openAggregator } from '../aggregate/aggregate.js';
import { openGroupSums } from '../aggregate/group-sums.js';
import { isSumOfDoubles } from '../aggregate/plan.js';
import { openValues } from '../aggregate/values.js';
import { BLOCK_ROWS } from '../columns.js';
import { largeUint32 } from '../large-arrays.js';
import { DROPPED, OUTSIDE, type Cells } from '../kernels/kernels.js';
import { openAxis, axisWidth } from '../scan/axis.js';
import type { Block } from '../scan/block.js';
import type { Accumulator, Scope } from '../scan/mark.js';
import { keptSlots, openSlots } from '../scan/slots.js';
import type { TallyKeys } from '../tally/tally.js';
import { Ids64 } from './intern.js';
import { openKeyIds } from './key-ids.js';
import type { CellAxis, GroupLayer, GroupsPartial, GroupsPlan, LayerPartial } from './plan.js';
import { openRowCounts } from './row-counts.js';

/** Up to so many groups are an array by id and slot; above it only those that occur are numbered. */
const MAX_DENSE = 2 ** 22;

/** Puts the rows of a task into groups. */
export function openGroups(plan: GroupsPlan, scope: Scope): Accumulator<GroupsPartial> {
  const { idsOf, isTotal, keys, size: idCount } = openIds(plan.by, scope);
  const slotsOf = plan.slots === null ? null : openSlots(plan.slots, scope);
  const slotCount = plan.slots === null ? 1 : keptSlots(plan.slots) + 2;
  const numbering = openNumbering(slotCount, idCount(), scope);
  const fixedSize = idCount() > 1 ? idCount() * slotCount : Infinity;
  const layers = plan.layers.map((layer) => openLayer(layer, fixedSize, scope));
  const isOnY = plan.layers.every(({ needs }) => needs !== null);
  const placed = isOnY ? scope.arena.u8(BLOCK_ROWS) : null;
  let drawn = 0;
  let outside = 0;
  let dropped = 0;
  return {
    packs: true,
    add(block) {
      const ids = idsOf(block);
      const { mask, rows } = block;
      let droppedHere = 0;
      let outsideHere = 0;
      // Ids of rows that do not match may be left over from another block.
      if (mask !== null) scope.kernels.maskCells(ids, mask, ids, rows);
      if (!isTotal)
        for (let i = 0; i < rows; i++) {
          const id = ids[i]!;
          if (id >= 0) continue;
          if (id === DROPPED) droppedHere++;
          else if (id === OUTSIDE) outsideHere++;
        }
      // A row without a y has no place, also where its x lies beyond the domain.
      if (isOnY && outsideHere > 0) {
        const ys = plan.layers.map(({ needs }) => block.f64(needs!));
        for (let i = 0; i < rows; i++) {
          if (ids[i] !== OUTSIDE || ys.some((values) => Number.isFinite(values[i]))) continue;
          outsideHere--;
          droppedHere++;
        }
      }
      const groups = numbering.of(ids, slotsOf?.(block) ?? null, rows);
      const size = numbering.size(idCount());
      let drawnHere = block.matched - droppedHere - outsideHere;
      placed?.fill(0, 0, rows);
      let placedHere = 0;
      for (const layer of layers) placedHere += layer.add(block, groups, size, placed);
      if (placed !== null) {
        droppedHere += drawnHere - placedHere;
        drawnHere = placedHere;
      }
      drawn += drawnHere;
      outside += outsideHere;
      dropped += droppedHere;
    },
    partial() {
      const size = numbering.size(idCount());
      return {
        drawn,
        outside,
        dropped,
        ...numbering.groups(size),
        keys: keys(),
        layers: layers.map((layer) => layer.partial(size)),
      };
    },
  };
}

/** Takes in the rows of a layer; there are never more than `mostGroups` groups. */
function openLayer({ aggregate, needs, band }: GroupLayer, mostGroups: number, scope: Scope) {
  const aggregator = isSumOfDoubles(aggregate)
    ? openGroupSums(aggregate, scope)
    : openAggregator(aggregate, scope);
  const values = band && openValues(band.column);
  const own = scope.arena.i32(BLOCK_ROWS);
  const rows = openRowCounts(mostGroups, scope);
  return {
    /** Marks rows that have a value in `placed`, and returns how many had none of an earlier layer. */
    add(block: Block, groups: Cells, size: number, placed: Uint8Array | null): number {
      let ofLayer = groups;
      let placedHere = 0;
      if (needs !== null) {
        const needed = block.f64(needs);
        for (let i = 0; i < block.rows; i++) {
          own[i] = groups[i]! >= 0 && Number.isFinite(needed[i]) ? groups[i]! : DROPPED;
          if (placed === null || own[i]! < 0 || placed[i] === 1) continue;
          placed[i] = 1;
          placedHere++;
        }
        ofLayer = own;
      }
      rows.add(ofLayer, block.rows, size);
      aggregator.add(block, ofLayer, size);
      values?.add(block, ofLayer);
      return placedHere;
    },
    partial(size: number): LayerPartial {
      const counts = rows.counts(size);
      const aggregate = aggregator.partial(size, counts);
      return { counts, aggregate, ...(values && { values: values.partial() }) };
    },
  };
}

interface Numbering {
  /** The number of the group of each row: its id and slot together, or a number of its own for each pair that occurs. */
  of: (ids: Cells, slots: Uint16Array | null, rows: number) => Cells;
  size: (idCount: number) => number;
  groups: (size: number) => Pick<GroupsPartial, 'numbering' | 'ids' | 'slots'>;
}

function openNumbering(slotCount: number, knownIds: number, { arena }: Scope): Numbering {
  const isArray = knownIds > 1 && knownIds * slotCount <= MAX_DENSE;
  if (slotCount === 1 && knownIds <= MAX_DENSE) {
    return {
      of: (ids) => ids,
      size: (idCount) => idCount,
      groups: (size) => arrayOfGroups(size, 1),
    };
  }
  const out = arena.i32(BLOCK_ROWS);
  if (isArray) {
    return {
      of(ids, slots, rows) {
        for (let i = 0; i < rows; i++) {
          out[i] = ids[i]! < 0 ? ids[i]! : ids[i]! * slotCount + slots![i]!;
        }
        return out;
      },
      size: () => knownIds * slotCount,
      groups: (size) => arrayOfGroups(size, slotCount),
    };
  }
  const pairs = new Ids64();
  return {
    of(ids, slots, rows) {
      for (let i = 0; i < rows; i++) {
        out[i] = ids[i]! < 0 ? ids[i]! : pairs.idOf(ids[i]!, slots === null ? 0 : slots[i]!);
      }
      return out;
    },
    size: () => pairs.size,
    groups(size) {
      const words = pairs.words();
      const ids = largeUint32(size);
      const slots = new Uint16Array(size);
      for (let group = 0; group < size; group++) {
        ids[group] = words[2 * group]!;
        slots[group] = words[2 * group + 1]!;
      }
      return { numbering: 'list', ids, slots };
    },
  };
}

function arrayOfGroups(size: number, slotCount: number): ReturnType<Numbering['groups']> {
  const ids = largeUint32(size);
  const slots = new Uint16Array(size);
  for (let group = 0; group < size; group++) {
    ids[group] = Math.floor(group / slotCount);
    slots[group] = group % slotCount;
  }
  return { numbering: 'array', ids, slots };
}

interface Ids {
  idsOf: (block: Block) => Cells;
  /** Every row that passes has an id. */
  isTotal: boolean;
  keys: () => TallyKeys | null;
  /** All ids so far are below it; 1 while it grows from nothing. */
  size: () => number;
}

function openIds(by: GroupsPlan['by'], scope: Scope): Ids {
  if (by.kind === 'column') {
    const { of, ...ids } = openKeyIds(by.column, by.as, by.nullIsKey, scope);
    return { idsOf: of, ...ids };
  }
  const x = openCellAxis(by.x, scope);
  const y = openCellAxis(by.y, scope);
  const out = scope.arena.i32(BLOCK_ROWS);
  return {
    idsOf(block) {
      const xs = x.of(block);
      const ys = y.of(block);
      for (let i = 0; i < block.rows; i++) {
        const ix = xs[i]!;
        const iy = ys[i]!;
        if (ix >= 0 && iy >= 0) out[i] = iy * x.width + ix;
        else out[i] = ix === DROPPED || iy === DROPPED ? DROPPED : OUTSIDE;
      }
      return out;
    },
    isTotal: false,
    keys: () => null,
    size: () => x.width * y.width,
  };
}

function openCellAxis(
  cells: CellAxis,
  scope: Scope,
): { width: number; of: (block: Block) => Int32Array } {
  if (cells.kind === 'axis')
    return { width: axisWidth(cells.axis), of: openAxis(cells.axis, scope) };
  const slotsOf = openSlots(cells.slots, scope);
  const width = keptSlots(cells.slots);
  const out = new Int32Array(BLOCK_ROWS);
  return {
    width,
    of(block) {
      const slots = slotsOf(block);
      // The slot after the values is that of null, the next one that of values that are not on the axis.
      for (let i = 0; i < block.rows; i++) {
        const slot = slots[i]!;
        out[i] = slot < width ? slot : slot === width ? DROPPED : OUTSIDE;
      }
      return out;
    },
  };
}
