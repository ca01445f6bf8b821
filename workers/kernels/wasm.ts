import type { NumberArray } from '../scan/values.js';
import type { Arena } from './arena.js';
import type { Address, AndRange, Convert, Exports } from './exports.js';
import type { Kernels } from './kernels.js';
import { plainKernels } from './plain.js';
import { MAX_DOUBT } from './steps.js';
import { storedBounds } from './stored-bounds.js';
import { wasm, type WasmModule } from './webassembly.js';

/** Bytes of a block of the widest columns that are converted. */
const STAGE_BYTES = 65_536;
const HALF_STAGE = STAGE_BYTES / 2;
/** Where the places of so many bytes stand behind them. */
const PLACES_AT = STAGE_BYTES / 8;

/** The kernels in WebAssembly SIMD, working in the memory of an arena. */
export function wasmKernels(module: WasmModule, arena: Arena): Kernels {
  const instance = new wasm.Instance(module, {
    env: {
      memory: arena.memory,
      abort: () => {
        throw new Error('A kernel failed.');
      },
    },
  });
  const kernels = instance.exports as Exports;
  const bytes = new Uint8Array(arena.memory.buffer);
  const stage = arena.reserve(STAGE_BYTES);
  const toF64 = new Map<unknown, Convert>([
    [Int8Array, kernels.i8ToF64],
    [Uint8Array, kernels.u8ToF64],
    [Int16Array, kernels.i16ToF64],
    [Uint16Array, kernels.u16ToF64],
    [Int32Array, kernels.i32ToF64],
    [Uint32Array, kernels.u32ToF64],
    [Float32Array, kernels.f32ToF64],
  ]);
  const toI64 = new Map<unknown, Convert>([
    [Int8Array, kernels.i8ToI64],
    [Uint8Array, kernels.u8ToI64],
    [Int16Array, kernels.i16ToI64],
    [Uint16Array, kernels.u16ToI64],
    [Int32Array, kernels.i32ToI64],
    [Uint32Array, kernels.u32ToI64],
  ]);
  const andStored = new Map<unknown, AndRange>([
    [Int8Array, kernels.andRangeI8],
    [Uint8Array, kernels.andRangeU8],
    [Int16Array, kernels.andRangeI16],
    [Uint16Array, kernels.andRangeU16],
    [Int32Array, kernels.andRangeI32],
    [Uint32Array, kernels.andRangeU32],
    [Float32Array, kernels.andRangeF32],
    [Float64Array, kernels.andRange],
  ]);
  const gathers = new Map([
    [1, kernels.gather8],
    [4, kernels.gather32],
    [8, kernels.gather64],
  ]);
  const toU32 = new Map<unknown, Convert>([
    [Uint8Array, kernels.u8ToU32],
    [Uint16Array, kernels.u16ToU32],
  ]);

  // A kernel sees only its own memory, so the block is copied there first: some 18 % of the time of a count.
  const copy = (
    values: NumberArray | BigInt64Array | BigUint64Array,
    from: number,
    rows: number,
    to: Address,
  ): void => {
    const width = values.BYTES_PER_ELEMENT;
    bytes.set(new Uint8Array(values.buffer, values.byteOffset + from * width, rows * width), to);
  };
  const converted = (
    converters: ReadonlyMap<unknown, Convert>,
    values: NumberArray,
    from: number,
    rows: number,
    out: Address,
  ): void => {
    const convert = converters.get(values.constructor);
    if (convert === undefined) copy(values, from, rows, out);
    else {
      copy(values, from, rows, stage);
      convert(stage, out, rows);
    }
  };
  const unpacked = (
    convert: Convert,
    bits: Uint8Array,
    from: number,
    rows: number,
    out: Address,
  ): void => {
    bytes.set(bits.subarray(from >> 3, (from + rows + 7) >> 3), stage);
    convert(stage, out, rows);
  };

  return {
    doubles: (values, from, rows, out) => converted(toF64, values, from, rows, out.byteOffset),
    doublesOfBigints: (values, from, rows, out) => {
      copy(values, from, rows, out.byteOffset);
      if (values instanceof BigInt64Array) kernels.i64ToF64(out.byteOffset, rows);
      else kernels.u64ToF64(out.byteOffset, rows);
    },
    offsetsOfBigints: (values, from, rows, origin, out) => {
      copy(values, from, rows, out.byteOffset);
      kernels.i64ToOffsets(out.byteOffset, rows, origin);
    },
    widen: (values, from, rows, out) => converted(toI64, values, from, rows, out.byteOffset),
    codes: (values, from, rows, out) => converted(toU32, values, from, rows, out.byteOffset),
    unpackBits: (bits, from, rows, out) =>
      unpacked(kernels.bitsToU8, bits, from, rows, out.byteOffset),
    unpackDoubles: (bits, from, rows, out) =>
      unpacked(kernels.bitsToF64, bits, from, rows, out.byteOffset),
    unpackCodes: (bits, from, rows, out) =>
      unpacked(kernels.bitsToU32, bits, from, rows, out.byteOffset),
    nullDoubles: (bits, from, rows, out) =>
      unpacked(kernels.nullF64, bits, from, rows, out.byteOffset),
    nullCodes: (bits, from, rows, out) =>
      unpacked(kernels.nullU32, bits, from, rows, out.byteOffset),
    andRange: (values, low, high, mask, rows) =>
      kernels.andRange(values.byteOffset, low, high, mask.byteOffset, rows),
    andRangeI64: (values, low, high, mask, rows) =>
      kernels.andRangeI64(values.byteOffset, low, high, mask.byteOffset, rows),
    andStoredRange: (values, from, low, high, mask, rows) => {
      const bounds = storedBounds(values, low, high);
      if (bounds === undefined) {
        mask.fill(0, 0, rows);
        return;
      }
      copy(values, from, rows, stage);
      andStored.get(values.constructor)!(stage, bounds[0], bounds[1], mask.byteOffset, rows);
    },
    andCodes: (codes, lut, ofNull, mask, rows) =>
      kernels.andCodes(codes.byteOffset, lut.byteOffset, ofNull, mask.byteOffset, rows),
    count: (mask, rows) => kernels.count(mask.byteOffset, rows),
    packBits: (mask, rows, out) => {
      mask.fill(0, rows, Math.ceil(rows / 64) * 64);
      kernels.packBits(mask.byteOffset, out.byteOffset, rows);
    },
    andBits: (bits, from, rows, into) => {
      const words = Math.ceil(rows / 64);
      bytes.set(bits.subarray(from >> 3, (from >> 3) + words * 8), stage);
      return kernels.andBits(stage, into.byteOffset, words);
    },
    pack: (mask, places, rows) => kernels.pack(mask.byteOffset, places.byteOffset, rows),
    gather: (values, places, out, rows) =>
      gathers.get(values.BYTES_PER_ELEMENT)!(
        values.byteOffset,
        places.byteOffset,
        out.byteOffset,
        rows,
      ),
    linearCells: (values, low, high, width, cells, rows) =>
      kernels.linearCells(values.byteOffset, low, high, width, cells.byteOffset, rows),
    stepCells: (values, steps, low, high, least, cells, rows) => {
      const { edges, doubt } = steps;
      if (doubt > MAX_DOUBT)
        return plainKernels.stepCells(values, steps, low, high, least, cells, rows);
      const width = edges.length - 1;
      kernels.stepCells(
        values.byteOffset,
        edges.byteOffset,
        width,
        low,
        high,
        least,
        doubt,
        cells.byteOffset,
        rows,
      );
    },
    logCells: (values, edges, table, cells, rows) => {
      const { base, shift } = table;
      const width = edges.length - 1;
      const at = table.cells.byteOffset;
      kernels.logCells(
        values.byteOffset,
        edges.byteOffset,
        width,
        at,
        base,
        shift,
        cells.byteOffset,
        rows,
      );
    },
    timeCells: (values, edges, low, high, cells, rows) => {
      const width = edges.length - 1;
      kernels.timeCells(
        values.byteOffset,
        edges.byteOffset,
        width,
        low,
        high,
        cells.byteOffset,
        rows,
      );
    },
    pictureCells: (xs, ys, width, rows) =>
      kernels.pictureCells(xs.byteOffset, ys.byteOffset, width, rows),
    cubeCells: (actives, cells, stride, out, rows) =>
      kernels.cubeCells(actives.byteOffset, cells.byteOffset, stride, out.byteOffset, rows),
    sumCells: (cells, values, sums, rows) =>
      kernels.sumCells(cells.byteOffset, values.byteOffset, sums.byteOffset, rows),
    sumValues: (values, mask, into, rows) =>
      kernels.sumValues(values.byteOffset, mask?.byteOffset ?? 0, into.byteOffset, rows),
    cellsOfValues: (cells, values, out, rows) =>
      kernels.cellsOfValues(cells.byteOffset, values.byteOffset, out.byteOffset, rows),
    maskCells: (cells, mask, out, rows) =>
      kernels.maskCells(cells.byteOffset, mask.byteOffset, out.byteOffset, rows),
    countCells: (cells, counts, rows) =>
      kernels.countCells(cells.byteOffset, counts.byteOffset, rows),
    slotCodes: (codes, lut, ofNull, slots, rows) =>
      kernels.slotCodes(codes.byteOffset, lut.byteOffset, ofNull, slots.byteOffset, rows),
    placeCodes: (codes, lut, ofNull, cells, rows) =>
      kernels.placeCodes(codes.byteOffset, lut.byteOffset, ofNull, cells.byteOffset, rows),
    pairCells: (cells, slots, slotCount, rows) =>
      kernels.pairCells(cells.byteOffset, slots.byteOffset, slotCount, rows),
    countBytes: (cells, counts, spilled, rows) =>
      kernels.countBytes(cells.byteOffset, counts.byteOffset, spilled.byteOffset, rows),
    occupied: (counts, from, to, out) =>
      kernels.occupied(counts.byteOffset, from, to, out.byteOffset),
    addBytes: (into, other) => {
      for (let from = 0; from < into.length; from += HALF_STAGE) {
        const rows = Math.min(HALF_STAGE, into.length - from);
        copy(into, from, rows, stage);
        copy(other, from, rows, stage + HALF_STAGE);
        if (kernels.addBytes(stage, stage + HALF_STAGE, rows) !== 0) return from;
        into.set(bytes.subarray(stage, stage + rows), from);
      }
      return into.length;
    },
    occupiedBytes: (counts, out) => {
      let found = 0;
      for (let from = 0; from < counts.length; from += PLACES_AT) {
        const rows = Math.min(PLACES_AT, counts.length - from);
        copy(counts, from, rows, stage);
        const here = kernels.occupied(stage, 0, rows, stage + PLACES_AT);
        const places = new Int32Array(bytes.buffer, stage + PLACES_AT, here);
        for (let i = 0; i < here; i++) out[found++] = from + places[i]!;
      }
      return found;
    },
    tallyBytes: (counts) => {
      let occupied = 0;
      let largest = 0;
      for (let from = 0; from < counts.length; from += STAGE_BYTES) {
        const rows = Math.min(STAGE_BYTES, counts.length - from);
        copy(counts, from, rows, stage);
        const tally = kernels.tallyBytes(stage, rows);
        occupied += tally >> 8;
        largest = Math.max(largest, tally & 255);
      }
      return { occupied, largest };
    },
    extremes: (values, from, to, out) =>
      kernels.extremes(values.byteOffset, from, to, out.byteOffset),
    leaves: (values, rows, size, { least, greatest, leastAt, greatestAt, gaps }) =>
      kernels.leaves(
        values.byteOffset,
        rows,
        size,
        least.byteOffset,
        greatest.byteOffset,
        leastAt.byteOffset,
        greatestAt.byteOffset,
        gaps.byteOffset,
      ),
    triangles: (xs, ys, starts, buckets, last, means, out) =>
      kernels.triangles(
        xs.byteOffset,
        ys.byteOffset,
        starts.byteOffset,
        buckets,
        last.byteOffset,
        means.byteOffset,
        out.byteOffset,
      ),
    zone: (values, rows, out) => kernels.zone(values.byteOffset, rows, out.byteOffset),
    ordered: (values, rows, out) => kernels.ordered(values.byteOffset, out.byteOffset, rows),
    andFinite: (values, mask, rows) => kernels.andFinite(values.byteOffset, mask.byteOffset, rows),
    findStrips: (keys, edges, strips, rows) =>
      kernels.findStrips(
        keys.byteOffset,
        edges.byteOffset,
        edges.length - 1,
        strips.byteOffset,
        rows,
      ),
    countTiles: (xs, ys, mask, rows, stripBits, tileBits, counts) =>
      kernels.countTiles(
        xs.byteOffset,
        ys.byteOffset,
        mask.byteOffset,
        rows,
        stripBits,
        tileBits,
        counts.byteOffset,
      ),
    placeRows: (from, to, { rows, xs, ys, mask, stripBits, tileBits }, next, entries) =>
      kernels.placeRows(
        from,
        to,
        rows,
        xs.byteOffset,
        ys.byteOffset,
        mask.byteOffset,
        stripBits,
        tileBits,
        next.byteOffset,
        entries.byteOffset,
      ),
    listRows: ({ entries, from, to, starts, stripBits, bits }, { x, y }, rows, count) =>
      kernels.listRows(
        entries.byteOffset,
        from,
        to,
        starts.byteOffset,
        stripBits,
        x.low,
        x.high,
        y.low,
        y.high,
        bits?.byteOffset ?? 0,
        rows.byteOffset,
        count,
      ),
    sortRows: (run, counts, full, { sizes, capacity }) =>
      kernels.sortRows(
        run.entries.byteOffset,
        run.from,
        run.to,
        run.starts.byteOffset,
        run.tile,
        run.xTiles.byteOffset,
        run.xs.byteOffset,
        run.stripBits,
        run.yTile,
        run.ys.byteOffset,
        run.bits?.byteOffset ?? 0,
        run.ways.byteOffset,
        counts.byteOffset,
        full.byteOffset,
        sizes.byteOffset,
        capacity,
      ),
  };
}
