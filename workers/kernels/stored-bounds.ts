import type { NumberArray } from '../scan/values.js';

/** A closed range of the values that an array can hold; undefined where it holds none of the range. */
export function storedBounds(
  values: NumberArray,
  low: number,
  high: number,
): readonly [number, number] | undefined {
  if (values instanceof Float64Array) return [low, high];
  if (values instanceof Float32Array) return floatBounds(low, high);
  const { BYTES_PER_ELEMENT: bytes } = values;
  const isSigned =
    values instanceof Int8Array || values instanceof Int16Array || values instanceof Int32Array;
  const least = isSigned ? -(2 ** (8 * bytes - 1)) : 0;
  const from = Math.max(least, Math.ceil(low));
  const to = Math.min(least + 2 ** (8 * bytes) - 1, Math.floor(high));
  return from <= to ? [from, to] : undefined;
}

// The least float32 that is not below `low`, and the greatest that is not above `high`.
function floatBounds(low: number, high: number): readonly [number, number] | undefined {
  let from = Math.fround(low);
  if (from < low) from = nextFloat(from, 1);
  let to = Math.fround(high);
  if (to > high) to = nextFloat(to, -1);
  return from <= to ? [from, to] : undefined;
}

function nextFloat(value: number, sign: 1 | -1): number {
  if (value === 0) return sign * 2 ** -149;
  const float = new Float32Array([value]);
  const bits = new Int32Array(float.buffer);
  // The bits of floats ascend with their distance from zero.
  bits[0]! += value > 0 === sign > 0 ? 1 : -1;
  return float[0]!;
}
