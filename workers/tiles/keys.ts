const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);

/** The key of a double: an int64, in the same order, and -0 before 0. See the kernel `ordered`. */
export function keyOf(value: number): bigint {
  double[0] = value;
  return turned(bits[0]!);
}

/** The double of a key. */
export function doubleOf(key: bigint): number {
  bits[0] = turned(key);
  return double[0]!;
}

function turned(key: bigint): bigint {
  return key < 0n ? key ^ (2n ** 63n - 1n) : key;
}
