/** Below this an array is a matter of the allocator's small bins. */
const LARGE_BYTES = 2 ** 20;

/**
 * Address space of a large array. What malloc of glibc takes from the system for one allocation alone is given back
 * as soon as that is freed; but each freed one, up to 32 MiB, raises the size from which it does so, and all below
 * then stays with the process: 100 mixed frames of 10 M rows left 310 MB there. Pages that nothing touches cost nothing.
 */
const MAPPED_BYTES = 33 * 2 ** 20;

type LargeArray = Uint8Array<ArrayBuffer> | IntegerArray | Float64Array<ArrayBuffer>;
type IntegerArray = Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** Bytes of 0 for a while: their memory goes back to the system with them. What is kept for long is better exact. */
export const largeBytes = (length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(bufferOf(length), 0, length);

/** Integers of 0 for a while; see `largeBytes`. */
export const largeInt32 = (length: number): Int32Array<ArrayBuffer> =>
  new Int32Array(bufferOf(length * 4), 0, length);

/** Integers of 0 for a while; see `largeBytes`. */
export const largeUint32 = (length: number): Uint32Array<ArrayBuffer> =>
  new Uint32Array(bufferOf(length * 4), 0, length);

/** Doubles of 0 for a while; see `largeBytes`. */
export const largeFloat64 = (length: number): Float64Array<ArrayBuffer> =>
  new Float64Array(bufferOf(length * 8), 0, length);

/** The values of `from`, and zeros up to `length`: in the same memory where it has room, so `from` is given up. */
export function grown<T extends LargeArray>(from: T, length: number): T {
  const { buffer, byteOffset, BYTES_PER_ELEMENT } = from;
  const Typed = from.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => T;
  if (byteOffset + length * BYTES_PER_ELEMENT <= buffer.byteLength) {
    return new Typed(buffer, byteOffset, length);
  }
  const to = new Typed(bufferOf(length * BYTES_PER_ELEMENT), 0, length);
  to.set(from);
  return to;
}

function bufferOf(bytes: number): ArrayBuffer {
  return new ArrayBuffer(bytes < LARGE_BYTES ? bytes : Math.max(bytes, MAPPED_BYTES));
}
