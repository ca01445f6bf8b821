import { move as piscinaMove, transferableSymbol, valueSymbol } from 'piscina';
import { buffersOf } from './buffers-of.js';

/** Hands the result of a task over without copying its buffers: those not shared are moved, and gone here. */
export function moved<T extends object>(result: T): T {
  const transferable = {
    get [transferableSymbol]() {
      return buffersOf(result);
    },
    get [valueSymbol]() {
      return result;
    },
  };
  // Piscina takes any object with the two symbols; its types only name the object itself.
  return piscinaMove(transferable) as unknown as T;
}
