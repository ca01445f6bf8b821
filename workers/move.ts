import { move as piscinaMove, transferableSymbol, valueSymbol } from 'piscina';

/** Hands the result of a task over without copying its buffers: those not shared are moved, and gone here. */
export function moved<T extends object>(result: T): T {
  const buffers = new Set<ArrayBuffer>();
  collect(result, buffers, 4);
  const transferable = {
    get [transferableSymbol]() {
      return [...buffers];
    },
    get [valueSymbol]() {
      return result;
    },
  };
  // Piscina takes any object with the two symbols; its types only name the object itself.
  return piscinaMove(transferable) as unknown as T;
}

function collect(value: unknown, buffers: Set<ArrayBuffer>, depth: number): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  if (value instanceof ArrayBuffer) buffers.add(value);
  else if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) buffers.add(value.buffer);
  } else if (Array.isArray(value)) {
    // Arrays of plain strings and numbers may be long, and hold nothing to move.
    if (typeof value[0] === 'object') for (const item of value) collect(item, buffers, depth - 1);
  } else for (const member of Object.values(value)) collect(member, buffers, depth - 1);
}
