import { move as piscinaMove, transferableSymbol, valueSymbol } from 'piscina';
import { buffersOf } from './buffers-of.js';

/** So few bytes are sooner copied: of a frame of some hundred rows it took 10 µs to move them. */
const FEW_BYTES = 2 ** 14;

/** Hands the result of a task over without copying its buffers, unless they are small: those not shared are moved, and gone here. */
export function moved<T extends object>(result: T): T {
  const buffers = buffersOf(result);
  if (buffers.reduce((sum, { byteLength }) => sum + byteLength, 0) < FEW_BYTES) return result;
  const transferable = {
    get [transferableSymbol]() {
      return buffers;
    },
    get [valueSymbol]() {
      return result;
    },
  };
  // Piscina takes any object with the two symbols; its types only name the object itself.
  return piscinaMove(transferable) as unknown as T;
}
