import { plainColumn, type FrameColumn } from '../scan/frame.js';

const INT32_MAX = 2 ** 31 - 1;

/** Differences of counts: int32, or int64 where one of them does not fit. */
export function countColumn(differences: Float64Array): FrameColumn {
  const fits = differences.every((value) => Math.abs(value) <= INT32_MAX);
  const type = { type: 'int', bits: fits ? 32 : 64, signed: true } as const;
  const values = fits
    ? Int32Array.from(differences)
    : BigInt64Array.from(differences, (value) => BigInt(value));
  return plainColumn({ name: 'count', type }, values);
}
