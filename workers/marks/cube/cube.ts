import { axisWidth } from '../../scan/axis.js';
import { largeFloat64, largeUint32 } from '../../large-arrays.js';
import { plainColumn, writeFrame, type FrameColumn } from '../../scan/frame.js';
import type { Mark, MarkedFrame, MergeScope } from '../../scan/mark.js';
import { joinCube, type Counts, type CubeCells } from './join.js';
import type { CubePartial, CubePlan, CubeView, CubeViewPartial } from './plan.js';
import { edgeCount, prefixCounts, prefixSums, type CubeShape, type Picked } from './prefix.js';
import type { Pairs } from './pair-sum.js';
import { activeCells, openCube, sizeOf } from './scan.js';

/** Numbers of each edge beside those of the bins: rows drawn, outside and dropped. */
const TAIL = 3;

/**
 * Sums over the pixels of an active view, for each bin of another one: a brush is then answered by a difference. One
 * scan counts for all views; a merge is that of one view.
 */
export const cube: Mark<CubePlan, CubePartial, MarkedFrame> = {
  open: openCube,

  merge(plan, partials, scope) {
    const [view] = plan.views;
    if (view === undefined || plan.views.length !== 1) {
      throw new Error(`Expected one view to merge, got ${plan.views.length}.`);
    }
    const own = partials.map(({ views }) => views[0]!);
    return mergeView(plan, view, own, scope);
  },
};

function mergeView(
  plan: CubePlan,
  view: CubeView,
  partials: readonly CubeViewPartial[],
  { total, check }: MergeScope,
): MarkedFrame {
  const cells = activeCells(plan);
  const size = sizeOf(view);
  const { counts, layers } = joinCube(partials, total, check);
  const shown = shownBins(view, layers, size);
  const { bins } = view.metadata.cube;
  if (shown.length !== bins) {
    throw new Error(`Expected the ${bins} bins of the frame in its cube, found ${shown.length}.`);
  }
  const height = plan.active === null || plan.active.y === null ? 0 : axisWidth(plan.active.y);
  const width = height === 0 ? cells : cells / height;
  const shape: CubeShape = { width, height, stride: bins + TAIL, check };
  const picked = layers.map((_, layer): Picked => {
    const places = Array.from(shown.keys()).filter((k) => shown[k]!.layer === layer);
    return {
      bins: Int32Array.from(places, (k) => shown[k]!.bin),
      to: Int32Array.from(places),
    };
  });
  const columns = columnsOf(layers, picked, size, shape);
  const { tail, rows } = rowsOf(counts, size);
  const from = { bins: Int32Array.of(0, 1, 2), to: Int32Array.of(bins, bins + 1, bins + 2) };
  prefixCounts(tail, TAIL, from, shape, columns.count);
  return writeFrame(
    { ...view.metadata, cube: { ...view.metadata.cube, stride: shape.stride, rows } },
    edgeCount(shape) * shape.stride,
    frameColumns(columns, view.metadata.cube.op),
  );
}

/** A bin of a layer. */
interface Shown {
  layer: number;
  bin: number;
}

// The rows of the frame of the view, in its order.
function shownBins(
  { isDense, layersFirst }: CubeView,
  layers: readonly CubeCells[],
  size: number,
): Shown[] {
  const holds = layers.map(({ counts }) => {
    const found = new Uint8Array(size);
    for (let start = 0; start < counts.length; start += size + 2) {
      for (let bin = 0; bin < size; bin++) if (counts[start + bin]! > 0) found[bin] = 1;
    }
    return found;
  });
  const all: Shown[] = [];
  const [outer, inner] = layersFirst ? [layers.length, size] : [size, layers.length];
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const [layer, bin] = layersFirst ? [a, b] : [b, a];
      if (isDense || holds[layer]![bin] === 1) all.push({ layer, bin });
    }
  }
  return all;
}

/** What is sent, by edge and bin; null for what there is nothing of. */
interface CubeColumns {
  count: Counts;
  /** Rows that have a value, where some have none. */
  values: Counts | null;
  sums: Pairs | null;
  /** Cells whose sum is Infinity, or -Infinity; both where it is neither. */
  plus: Counts | null;
  minus: Counts | null;
  /** The least or the greatest value of each cell. */
  best: Float64Array<ArrayBuffer> | null;
}

function columnsOf(
  layers: readonly CubeCells[],
  picked: readonly Picked[],
  size: number,
  shape: CubeShape,
): CubeColumns {
  const from = size + 2;
  const length = edgeCount(shape) * shape.stride;
  const summed = (pick: (layer: CubeCells) => Counts | null): Counts => {
    const parts = layers.map(pick);
    const isWide = parts.some((part) => part instanceof Float64Array);
    const out: Counts = isWide ? largeFloat64(length) : largeUint32(length);
    for (const [l, part] of parts.entries()) {
      if (part !== null) prefixCounts(part, from, picked[l]!, shape, out);
    }
    return out;
  };
  const count = summed((layer) => layer.counts);
  const hasGaps = layers.some(
    ({ counts, values }) => values?.some((value, i) => value !== counts[i]) === true,
  );
  const values = hasGaps ? summed(({ counts, values }) => values ?? counts) : null;
  const infinite = layers.map(({ sums }) => (sums === null ? null : takeInfinite(sums, from)));
  const flags = (side: 'plus' | 'minus'): Counts | null =>
    infinite.some((one) => one?.[side] != null) ? summedFlags(side) : null;
  const summedFlags = (side: 'plus' | 'minus'): Counts => {
    const out = largeUint32(length);
    for (const [l, one] of infinite.entries()) {
      if (one?.[side] != null) prefixCounts(one[side], from, picked[l]!, shape, out);
    }
    return out;
  };
  let sums: Pairs | null = null;
  let best: Float64Array<ArrayBuffer> | null = null;
  for (const [l, layer] of layers.entries()) {
    if (layer.sums !== null) {
      sums ??= { high: largeFloat64(length), low: largeFloat64(length) };
      prefixSums(layer.sums, from, picked[l]!, shape, sums);
    }
    if (layer.best !== null) {
      best ??= largeFloat64(length).fill(NaN);
      takeBest(layer.best, from, picked[l]!, shape, best);
    }
  }
  return { count, values, sums, plus: flags('plus'), minus: flags('minus'), best };
}

// Takes what is infinite out of the sums of the cells, and says where it was: it would be in every sum that follows.
function takeInfinite(
  { high }: Pairs,
  from: number,
): { plus: Counts | null; minus: Counts | null } {
  let plus: Counts | null = null;
  let minus: Counts | null = null;
  for (let i = 0; i < high.length; i++) {
    const sum = high[i]!;
    if (Number.isFinite(sum) || i % from >= from - 2) continue;
    if (sum !== -Infinity) (plus ??= largeUint32(high.length))[i] = 1;
    if (sum !== Infinity) (minus ??= largeUint32(high.length))[i] = 1;
    high[i] = 0;
  }
  return { plus, minus };
}

// What stands in a cell goes to the edge before it: the last edge has nothing.
function takeBest(
  values: Float64Array,
  from: number,
  { bins, to }: Picked,
  { width, stride, check }: CubeShape,
  out: Float64Array,
): void {
  for (let cell = 0; cell < width; cell++) {
    if (cell % 16 === 0) check();
    for (let k = 0; k < bins.length; k++) {
      out[cell * stride + to[k]!] = values[cell * from + bins[k]!]!;
    }
  }
}

// By cell the rows drawn, outside and dropped; and those of the places that no brush takes.
function rowsOf(
  counts: Counts,
  size: number,
): {
  tail: Float64Array<ArrayBuffer>;
  rows: { matched: number; outside: number; dropped: number };
} {
  const from = size + 2;
  const places = counts.length / from;
  const tail = new Float64Array(places * TAIL);
  let matched = 0;
  const all = (place: number): number =>
    tail[place * TAIL]! + tail[place * TAIL + 1]! + tail[place * TAIL + 2]!;
  for (let place = 0; place < places; place++) {
    const start = place * from;
    let drawn = 0;
    for (let bin = 0; bin < size; bin++) drawn += counts[start + bin]!;
    tail[place * TAIL] = drawn;
    tail[place * TAIL + 1] = counts[start + size]!;
    tail[place * TAIL + 2] = counts[start + size + 1]!;
    matched += all(place);
  }
  return { tail, rows: { matched, outside: all(places - 2), dropped: all(places - 1) } };
}

function frameColumns(
  { count, values, sums, plus, minus, best }: CubeColumns,
  op: string,
): FrameColumn[] {
  const hasRest = sums?.low.some((value) => value !== 0) === true;
  const columns: [string, Counts | null][] = [
    ['count', count],
    ['values', values],
    ['sum', sums?.high ?? null],
    ['rest', hasRest ? sums!.low : null],
    ['plus', plus],
    ['minus', minus],
    [op, best],
  ];
  return columns.flatMap(([name, values]) => (values === null ? [] : [columnOf(name, values)]));
}

function columnOf(name: string, values: Counts): FrameColumn {
  return values instanceof Float64Array
    ? plainColumn({ name, type: { type: 'float', bits: 64 } }, values)
    : plainColumn({ name, type: { type: 'int', bits: 32, signed: false } }, values);
}
