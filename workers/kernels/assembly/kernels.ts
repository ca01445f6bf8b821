// AssemblyScript, compiled to dist/workers/kernels/kernels.wasm. One module for all kernels of a scan: they work on
// the memory of a thread's Arena, and every argument that is no number is an address in it.
// Each has a twin in ../plain.ts that says the same in plain TypeScript; ../kernels.ts says what it is for.
// Buffers are padded to whole cache lines, so a loop may read and write up to 16 bytes past the last row.

export {
  f32ToF64,
  i16ToF64,
  i32ToF64,
  i64ToF64,
  i64ToOffsets,
  i8ToF64,
  u16ToF64,
  u32ToF64,
  u64ToF64,
  u8ToF64,
} from './to-f64';
export {
  i16ToI64,
  i32ToI64,
  i8ToI64,
  u16ToI64,
  u16ToU32,
  u32ToI64,
  u8ToI64,
  u8ToU32,
} from './widen';
export { andBits, bitsToF64, bitsToU32, bitsToU8, nullF64, nullU32, packBits } from './bits';
export { andRange, andRangeI64, count } from './mask';
export {
  andCodes,
  andRangeF32,
  andRangeI16,
  andRangeI32,
  andRangeI8,
  andRangeU16,
  andRangeU32,
  andRangeU8,
} from './stored-mask';
export { gather32, gather64, gather8, pack } from './pack';
export { linearCells, logCells, stepCells, timeCells } from './cells';
export { cellsOfValues, countCells, cubeCells, maskCells, pictureCells } from './count';
export { countBytes, occupied, pairCells, placeCodes, slotCodes } from './pairs';
export { addBytes, tallyBytes } from './bytes';
export { sumCells, sumValues } from './sum';
export { extremes } from './extremes';
export { leaves } from './leaves';
export { triangles } from './triangles';
export { zone } from './zone';
export {
  andFinite,
  countTiles,
  findStrips,
  listRows,
  ordered,
  placeRows,
  sortRows,
} from './tiles';
