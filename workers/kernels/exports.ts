/** A place in the memory of an arena, in bytes. */
export type Address = number;
export type Convert = (from: Address, out: Address, rows: number) => void;

export type AndRange = (
  values: Address,
  low: number,
  high: number,
  mask: Address,
  rows: number,
) => void;

/** What workers/kernels/assembly/kernels.ts exports. */
export type Exports = Record<
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
  Record<`andRange${'' | 'I8' | 'U8' | 'I16' | 'U16' | 'I32' | 'U32' | 'F32'}`, AndRange> &
  Record<
    `gather${8 | 32 | 64}`,
    (values: Address, places: Address, out: Address, rows: number) => void
  > & {
    i64ToF64(at: Address, rows: number): void;
    u64ToF64(at: Address, rows: number): void;
    i64ToOffsets(at: Address, rows: number, origin: bigint): void;
    andRangeI64(values: Address, low: bigint, high: bigint, mask: Address, rows: number): void;
    andCodes(codes: Address, lut: Address, ofNull: number, mask: Address, rows: number): void;
    count(mask: Address, rows: number): number;
    packBits(mask: Address, out: Address, rows: number): void;
    andBits(bits: Address, into: Address, words: number): number;
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
    cubeCells(actives: Address, cells: Address, stride: number, out: Address, rows: number): void;
    sumCells(cells: Address, values: Address, sums: Address, rows: number): void;
    sumValues(values: Address, mask: Address, into: Address, rows: number): void;
    cellsOfValues(cells: Address, values: Address, out: Address, rows: number): void;
    placeCodes(codes: Address, lut: Address, ofNull: number, cells: Address, rows: number): void;
    maskCells(cells: Address, mask: Address, out: Address, rows: number): void;
    countCells(cells: Address, counts: Address, rows: number): void;
    slotCodes(codes: Address, lut: Address, ofNull: number, slots: Address, rows: number): void;
    pairCells(cells: Address, slots: Address, slotCount: number, rows: number): void;
    countBytes(cells: Address, counts: Address, spilled: Address, rows: number): number;
    occupied(counts: Address, from: number, to: number, out: Address): number;
    addBytes(into: Address, other: Address, length: number): number;
    tallyBytes(counts: Address, length: number): number;
    extremes(values: Address, from: number, to: number, out: Address): void;
    leaves(
      values: Address,
      rows: number,
      size: number,
      least: Address,
      greatest: Address,
      leastAt: Address,
      greatestAt: Address,
      gaps: Address,
    ): void;
    triangles(
      xs: Address,
      ys: Address,
      starts: Address,
      buckets: number,
      last: Address,
      means: Address,
      out: Address,
    ): void;
    zone(values: Address, rows: number, out: Address): void;
    ordered(values: Address, out: Address, rows: number): void;
    andFinite(values: Address, mask: Address, rows: number): void;
    findStrips(keys: Address, edges: Address, count: number, strips: Address, rows: number): void;
    countTiles(
      xs: Address,
      ys: Address,
      mask: Address,
      rows: number,
      stripBits: number,
      tileBits: number,
      counts: Address,
    ): void;
    placeRows(
      from: number,
      to: number,
      rows: number,
      xs: Address,
      ys: Address,
      mask: Address,
      stripBits: number,
      tileBits: number,
      next: Address,
      entries: Address,
    ): void;
    listRows(
      entries: Address,
      from: number,
      to: number,
      starts: Address,
      stripBits: number,
      xLow: number,
      xHigh: number,
      yLow: number,
      yHigh: number,
      bits: Address,
      rows: Address,
      count: number,
    ): number;
    sortRows(
      entries: Address,
      from: number,
      to: number,
      starts: Address,
      tile: number,
      xTiles: Address,
      xs: Address,
      stripBits: number,
      yTile: number,
      ys: Address,
      bits: Address,
      ways: Address,
      counts: Address,
      full: Address,
      lists: Address,
      capacity: number,
    ): number;
  };
