import type { Kernels } from '../kernels/kernels.js';
import { toDouble, wideAt } from './exact.js';
import type { Source } from './source.js';

/** Rows `from` to `from + rows - 1` as doubles, divided by 10 ** scale where it is above 0; null is NaN. */
export function fillDoubles(
  { batch, numbers, bigints, bits, validity }: Source,
  from: number,
  rows: number,
  scale: number,
  out: Float64Array<ArrayBuffer>,
  kernels: Kernels,
): void {
  if (numbers !== undefined) {
    kernels.doubles(numbers, from, rows, out);
    if (scale > 0) divide(out, rows, scale);
  } else if (batch.storage === 'decimal128' && bigints !== undefined) {
    for (let i = 0; i < rows; i++) out[i] = toDouble(wideAt(bigints, from + i), scale);
  } else if (bigints !== undefined) {
    kernels.doublesOfBigints(bigints, from, rows, out);
    if (scale > 0) divideWide(bigints, from, out, rows, scale);
  } else if (bits !== undefined) kernels.unpackDoubles(bits, from, rows, out);
  else if (batch.storage === 'null') out.fill(NaN, 0, rows);
  else throw new Error(`Values stored as ${batch.storage} are no numbers.`);
  if (validity !== undefined) kernels.nullDoubles(validity, from, rows, out);
}

function divide(values: Float64Array, rows: number, scale: number): void {
  const divisor = 10 ** scale;
  for (let i = 0; i < rows; i++) values[i] = values[i]! / divisor;
}

// Integers within 2^53 are exact doubles, and one division rounds once; the others take the long way.
function divideWide(
  integers: BigInt64Array | BigUint64Array,
  from: number,
  values: Float64Array,
  rows: number,
  scale: number,
): void {
  const divisor = 10 ** scale;
  for (let i = 0; i < rows; i++) {
    const value = values[i]!;
    values[i] =
      scale <= 22 && Math.abs(value) < 2 ** 53
        ? value / divisor
        : toDouble(integers[from + i]!, scale);
  }
}
