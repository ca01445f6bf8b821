import type { Block } from '../../scan/block.js';
import type { Scope } from '../../scan/mark.js';
import { openLevel, type LevelKeys, type LevelPlan } from './level.js';

/** A level's key is looked at in four digits of 16 bits; after the last digit stands null. */
export const DIGITS = 4;
export const NULL_DIGIT = 2 ** 16;

/**
 * A stretch of the order of rows: those whose keys are these on the first levels, whose key on `level` begins with
 * `digits`, and whose next digit lies between `from` and `to`, both inclusive.
 */
export interface Slice {
  fixed: { level: LevelPlan; digits: readonly number[] }[];
  level: LevelPlan;
  digits: readonly number[];
  from: number;
  to: number;
}

/** The next digit of every row of a block that is in a slice, whatever `from` and `to`; -1 for the others. */
export type DigitsOf = (block: Block, out: Int32Array) => void;

/** Makes a slice ready. */
export function openDigits(
  { fixed, level, digits }: Omit<Slice, 'from' | 'to'>,
  scope: Pick<Scope, 'table' | 'check'>,
): DigitsOf {
  const before = fixed.map((step) => ({
    keysOf: openLevel(step.level, scope),
    digits: step.digits,
  }));
  const keysOf = openLevel(level, scope);
  return (block, out) => {
    const { mask, rows } = block;
    if (mask === null) out.fill(0, 0, rows);
    else for (let i = 0; i < rows; i++) out[i] = mask[i]! - 1;
    for (const step of before) keep(step.keysOf(block), step.digits, out, rows);
    const keys = keysOf(block);
    keep(keys, digits, out, rows);
    const { nulls } = keys;
    const words = digits.length < 2 ? keys.high : keys.low;
    const shift = digits.length % 2 === 0 ? 16 : 0;
    for (let i = 0; i < rows; i++) {
      if (out[i]! >= 0) out[i] = nulls[i] === 1 ? NULL_DIGIT : (words[i]! >>> shift) & 0xffff;
    }
  };
}

// Sets the rows to -1 whose keys do not begin with these digits.
function keep(keys: LevelKeys, digits: readonly number[], out: Int32Array, rows: number): void {
  if (digits.length === 0) return;
  const { high, low, nulls } = keys;
  if (digits[0] === NULL_DIGIT) {
    for (let i = 0; i < rows; i++) if (nulls[i] === 0) out[i] = -1;
    return;
  }
  for (let i = 0; i < rows; i++) if (nulls[i] === 1) out[i] = -1;
  for (const [d, digit] of digits.entries()) {
    const words = d < 2 ? high : low;
    const shift = d % 2 === 0 ? 16 : 0;
    for (let i = 0; i < rows; i++) if (((words[i]! >>> shift) & 0xffff) !== digit) out[i] = -1;
  }
}
