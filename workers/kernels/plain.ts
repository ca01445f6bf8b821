import { DROPPED, OUTSIDE, type Kernels } from './kernels.js';

const NULL_CODE = 0xffff_ffff;

/** The kernels as plain TypeScript: the reference that the WebAssembly ones are compared with. */
export const plainKernels: Kernels = {
  doubles(values, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = values[from + i]!;
  },

  doublesOfBigints(values, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = Number(values[from + i]!);
  },

  widen(values, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = BigInt(values[from + i]!);
  },

  codes(values, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = values[from + i]!;
  },

  unpackBits(bits, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = bit(bits, from + i);
  },

  unpackDoubles(bits, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = bit(bits, from + i);
  },

  unpackCodes(bits, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = bit(bits, from + i);
  },

  nullDoubles(validity, from, rows, out) {
    for (let i = 0; i < rows; i++) if (bit(validity, from + i) === 0) out[i] = NaN;
  },

  nullCodes(validity, from, rows, out) {
    for (let i = 0; i < rows; i++) if (bit(validity, from + i) === 0) out[i] = NULL_CODE;
  },

  andRange(values, low, high, mask, rows) {
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      mask[i]! &= value >= low && value <= high ? 1 : 0;
    }
  },

  andRangeI64(values, low, high, mask, rows) {
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      mask[i]! &= value >= low && value <= high ? 1 : 0;
    }
  },

  count(mask, rows) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += mask[i]!;
    return sum;
  },

  linearCells(values, low, high, width, cells, rows) {
    const last = width - 1;
    const span = high - low;
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      if (value >= low && value <= high) {
        const cell = ((value - low) * width) / span;
        cells[i] = cell < last ? Math.floor(cell) : last;
      } else cells[i] = value - value === 0 ? OUTSIDE : DROPPED;
    }
  },
};

function bit(bits: Uint8Array, i: number): number {
  return (bits[i >> 3]! >> (i & 7)) & 1;
}
