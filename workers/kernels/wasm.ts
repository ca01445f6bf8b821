import type { NumberArray } from '../scan/values.js';
import type { Arena } from './arena.js';
import type { Kernels } from './kernels.js';
import { plainKernels } from './plain.js';
import { MAX_DOUBT } from './steps.js';
import { storedBounds } from './stored-bounds.js';
import { wasm, type WasmModule } from './webassembly.js';

type Address = number;
type Convert = (from: Address, out: Address, rows: number) => void;

/** What workers/kernels/assembly/kernels.ts exports. */
type Exports = Record<
  | `${'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'f32'}ToF64`
  | `${'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32'}ToI64`
  | 'u8ToU32'
  | 'u16ToU32'
  | 'bitsToU8'
  | 'bitsToF64'
  | 'bitsToU32'
  | 'nullF64'
  | 'nullU32',
  Convert
> &
  Record<
    `andRange${'I8' | 'U8' | 'I16' | 'U16' | 'I32' | 'U32' | 'F32'}`,
    (values: Address, low: number, high: number, mask: Address, rows: number) => void
  > &
  Record<
    `gather${8 | 32 | 64}`,
    (values: Address, places: Address, out: Address, rows: number) => void
  > & {
    i64ToF64(at: Address, rows: number): void;
    u64ToF64(at: Address, rows: number): void;
    andRange(values: Address, low: number, high: number, mask: Address, rows: number): void;
    andRangeI64(values: Address, low: bigint, high: bigint, mask: Address, rows: number): void;
    andCodes(codes: Address, lut: Address, ofNull: number, mask: Address, rows: number): void;
    count(mask: Address, rows: number): number;
    pack(mask: Address, places: Address, rows: number): void;
    linearCells(
      values: Address,
      low: number,
      high: number,
      width: number,
      cells: Address,
      rows: number,
    ): void;
    stepCells(
      values: Address,
      edges: Address,
      width: number,
      low: number,
      high: number,
      least: number,
      doubt: number,
      cells: Address,
      rows: number,
    ): void;
    logCells(
      values: Address,
      edges: Address,
      width: number,
      table: Address,
      base: number,
      shift: number,
      cells: Address,
      rows: number,
    ): void;
    timeCells(
      values: Address,
      edges: Address,
      width: number,
      low: bigint,
      high: bigint,
      cells: Address,
      rows: number,
    ): void;
    pictureCells(xs: Address, ys: Address, width: number, rows: number): void;
    maskCells(cells: Address, mask: Address, out: Address, rows: number): void;
    countCells(cells: Address, counts: Address, rows: number): void;
    slotCodes(codes: Address, lut: Address, ofNull: number, slots: Address, rows: number): void;
    pairCells(cells: Address, slots: Address, slotCount: number, rows: number): void;
    countBytes(cells: Address, counts: Address, spilled: Address, rows: number): number;
    occupied(counts: Address, from: number, to: number, out: Address): number;
    extremes(values: Address, from: number, to: number, out: Address): void;
  };

/** Bytes of a block of the widest columns that are converted. */
const STAGE_BYTES = 65_536;

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
  const andStored = new Map<unknown, Exports['andRange']>([
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
    maskCells: (cells, mask, out, rows) =>
      kernels.maskCells(cells.byteOffset, mask.byteOffset, out.byteOffset, rows),
    countCells: (cells, counts, rows) =>
      kernels.countCells(cells.byteOffset, counts.byteOffset, rows),
    slotCodes: (codes, lut, ofNull, slots, rows) =>
      kernels.slotCodes(codes.byteOffset, lut.byteOffset, ofNull, slots.byteOffset, rows),
    pairCells: (cells, slots, slotCount, rows) =>
      kernels.pairCells(cells.byteOffset, slots.byteOffset, slotCount, rows),
    countBytes: (cells, counts, spilled, rows) =>
      kernels.countBytes(cells.byteOffset, counts.byteOffset, spilled.byteOffset, rows),
    occupied: (counts, from, to, out) =>
      kernels.occupied(counts.byteOffset, from, to, out.byteOffset),
    extremes: (values, from, to, out) =>
      kernels.extremes(values.byteOffset, from, to, out.byteOffset),
  };
}
