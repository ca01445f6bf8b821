import type { Block } from '../scan/block.js';
import type { Predicate } from '../scan/predicate.js';
import { andValid, type Mask, type Select } from './select.js';

/** Rows whose integer, of any width, is one of a list. */
export function openExactIn({ column, values, nulls }: Predicate & { test: 'exact in' }): Select {
  const wanted = new Set(values);
  return (block, mask) => {
    const valid = block.valid(column);
    for (let i = 0; i < block.rows; i++) {
      if (mask[i] === 0) continue;
      const passes = valid?.[i] === 0 ? nulls : wanted.has(block.wideAt(column, i));
      if (!passes) mask[i] = 0;
    }
  };
}

/** Rows whose number is one of a list. */
export function openIn(predicate: Predicate & { test: 'in' }): Select {
  const { column, form, nan, nulls, values } = predicate;
  // -0 and 0 are one value, as they are in SQL; a Set has them as one too.
  const wanted = new Set(values);
  if (nan) wanted.add(NaN);
  return (block, mask) => {
    if (values.length === 1 && !nan && !nulls) {
      block.andRange(column, form, values[0]!, values[0]!, mask);
      return;
    }
    const numbers = form === 'raw' ? block.raw(column) : block.f64(column);
    keepWanted(block, column, numbers, wanted, nulls, mask);
  };
}

// A null is NaN among the numbers, so it has to be told apart from a NaN by its validity.
function keepWanted(
  block: Block,
  column: number,
  numbers: Float64Array,
  wanted: ReadonlySet<number>,
  nulls: boolean,
  mask: Mask,
): void {
  const valid = block.valid(column);
  if (valid === null || !nulls) {
    andValid(block, column, mask);
    for (let i = 0; i < block.rows; i++) if (mask[i] !== 0 && !wanted.has(numbers[i]!)) mask[i] = 0;
  } else {
    for (let i = 0; i < block.rows; i++) {
      if (mask[i] !== 0 && valid[i] !== 0 && !wanted.has(numbers[i]!)) mask[i] = 0;
    }
  }
}
