import { toDouble, wideAt } from './exact.js';
import type { Source } from './source.js';

/** Reads single values of a batch as the doubles of `Block.f64`; not for nulls. `scale` is that of a decimal, else 0. */
export function doubleReader(
  { batch, numbers, bigints }: Source,
  scale: number,
): (position: number) => number {
  if (numbers !== undefined) {
    if (scale === 0) return (i) => numbers[i]!;
    const divisor = 10 ** scale;
    return (i) => numbers[i]! / divisor;
  }
  if (bigints === undefined) throw new Error(`Values stored as ${batch.storage} are no numbers.`);
  if (batch.storage === 'decimal128') return (i) => toDouble(wideAt(bigints, i), scale);
  return (i) => toDouble(bigints[i]!, scale);
}
