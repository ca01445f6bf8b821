import { BLOCK_ROWS } from '../../columns.js';
import { NULL_CODE, type Block } from '../../scan/block.js';
import type { Scope } from '../../scan/mark.js';
import { batchOf, columnOf } from '../../scan/values.js';
import { batchStrings } from '../../select/strings.js';
import { dictionaryRanks } from '../../text/cache.js';

/**
 * A key by which rows are put in order: 64 bits, compared as an unsigned number. Text and integers of 128 bits
 * take several levels, one after the other.
 */
export type LevelPlan =
  /** The number of the row: always the last level, so that no two rows are equal. */
  | { by: 'row'; bits: number }
  /** Where a double lies between the column's ends, in one digit: spreads rows evenly, and does not tell all apart. */
  | { by: 'span'; column: number; descending: boolean; low: number; high: number }
  /** Doubles; NaN is above all numbers. */
  | { by: 'double'; column: number; descending: boolean }
  /** Stored integers within 2^53, of which `low` is the least; `bits` hold their span. */
  | { by: 'integer'; column: number; descending: boolean; low: number; bits: number }
  | { by: 'i64'; column: number; descending: boolean }
  /** The upper or the lower half of 128 bits. */
  | { by: 'wide'; column: number; descending: boolean; half: 0 | 1 }
  /** Dictionaries in the order of their bytes, and booleans. */
  | { by: 'code'; column: number; descending: boolean; bits: number }
  /** The first texts of a dictionary, at least `count` of them; the others have no key. For `top` alone. */
  | { by: 'first'; column: number; descending: boolean; count: number }
  /** Seven bytes of a text without a dictionary from `depth` on, and how many of them there are: 8 if there are more. */
  | { by: 'bytes'; column: number; descending: boolean; depth: number };

/** The keys of a block: high and low word, and 1 where there is no value. */
export interface LevelKeys {
  high: Uint32Array;
  low: Uint32Array;
  nulls: Uint8Array;
}

/** Makes a level ready; the keys are valid until the next block. */
export function openLevel(
  plan: LevelPlan,
  scope: Pick<Scope, 'table' | 'check'>,
): (block: Block) => LevelKeys {
  const keys: LevelKeys = {
    high: new Uint32Array(BLOCK_ROWS),
    low: new Uint32Array(BLOCK_ROWS),
    nulls: new Uint8Array(BLOCK_ROWS),
  };
  const fill = fillOf(plan, keys, scope);
  const descending = plan.by !== 'row' && plan.descending;
  return (block) => {
    fill(block);
    if (descending) {
      const { high, low } = keys;
      for (let i = 0; i < block.rows; i++) {
        high[i] = ~high[i]!;
        low[i] = ~low[i]!;
      }
    }
    return keys;
  };
}

type Fill = (block: Block) => void;

function fillOf(plan: LevelPlan, keys: LevelKeys, scope: Pick<Scope, 'table' | 'check'>): Fill {
  switch (plan.by) {
    case 'row': {
      const shift = 32 - plan.bits;
      return (block) => {
        for (let i = 0; i < block.rows; i++) keys.high[i] = (block.firstRow + i) << shift;
      };
    }
    case 'span':
      return fillSpan(plan, keys);
    case 'double':
      return fillDoubles(plan.column, keys);
    case 'integer':
      return fillIntegers(plan, keys);
    case 'i64':
      return fillWords(plan.column, keys);
    case 'wide':
      return fillHalves(plan.column, plan.half, keys);
    case 'code':
      return fillCodes(plan, keys, scope);
    case 'first':
      throw new Error('Texts beyond the first have no key.');
    case 'bytes':
      return fillBytes(plan, keys, scope);
  }
}

function fillNulls(block: Block, column: number, nulls: Uint8Array): void {
  const valid = block.valid(column);
  if (valid === null) nulls.fill(0, 0, block.rows);
  else for (let i = 0; i < block.rows; i++) nulls[i] = valid[i]! ^ 1;
}

// Rounding keeps the order of doubles, if not their differences; infinities and NaN join the outermost.
function fillSpan(
  { column, low: least, high: greatest }: LevelPlan & { by: 'span' },
  { high, nulls }: LevelKeys,
): Fill {
  const scale = 65_535 / (greatest - least);
  return (block) => {
    const values = block.f64(column);
    for (let i = 0; i < block.rows; i++) {
      const place = (values[i]! - least) * scale;
      high[i] = (place < 65_535 ? Math.max(0, place) : 65_535) << 16;
    }
    fillNulls(block, column, nulls);
  };
}

// The bits of a double ascend with it once the sign bit of positive ones, and all bits of negative ones, are turned over.
function fillDoubles(column: number, { high, low, nulls }: LevelKeys): Fill {
  return (block) => {
    const values = block.f64(column);
    const words = new Uint32Array(values.buffer, values.byteOffset, 2 * block.rows);
    for (let i = 0; i < block.rows; i++) {
      const value = values[i]!;
      if (value === 0) {
        // -0 and 0 are one value.
        high[i] = 0x8000_0000;
        low[i] = 0;
      } else if (value !== value) {
        high[i] = 0xffff_ffff;
        low[i] = 0xffff_ffff;
      } else {
        const flip = words[2 * i + 1]! >>> 31 === 1 ? 0xffff_ffff : 0;
        high[i] = words[2 * i + 1]! ^ (flip | 0x8000_0000);
        low[i] = words[2 * i]! ^ flip;
      }
    }
    fillNulls(block, column, nulls);
  };
}

// Counted from the least and moved to the top, so that the first digits tell most.
function fillIntegers(
  { column, low: least, bits }: LevelPlan & { by: 'integer' },
  { high, low, nulls }: LevelKeys,
): Fill {
  const scale = 2 ** (32 - bits);
  return (block) => {
    const values = block.raw(column);
    for (let i = 0; i < block.rows; i++) {
      const top = (values[i]! - least) * scale;
      const whole = Math.floor(top);
      high[i] = whole;
      low[i] = (top - whole) * 2 ** 32;
    }
    fillNulls(block, column, nulls);
  };
}

function fillWords(column: number, { high, low, nulls }: LevelKeys): Fill {
  return (block) => {
    const { buffer, byteOffset } = block.i64(column);
    const words = new Uint32Array(buffer, byteOffset, 2 * block.rows);
    for (let i = 0; i < block.rows; i++) {
      high[i] = words[2 * i + 1]! ^ 0x8000_0000;
      low[i] = words[2 * i]!;
    }
    fillNulls(block, column, nulls);
  };
}

function fillHalves(column: number, half: 0 | 1, { high, low, nulls }: LevelKeys): Fill {
  const word = new BigInt64Array(1);
  const words = new Uint32Array(word.buffer);
  const sign = half === 0 ? 0x8000_0000 : 0;
  return (block) => {
    fillNulls(block, column, nulls);
    for (let i = 0; i < block.rows; i++) {
      if (nulls[i] === 1) continue;
      const value = block.wideAt(column, i);
      word[0] = half === 0 ? value >> 64n : BigInt.asIntN(64, value);
      high[i] = words[1]! ^ sign;
      low[i] = words[0]!;
    }
  };
}

function fillCodes(
  { column, bits }: LevelPlan & { by: 'code' },
  { high, low, nulls }: LevelKeys,
  { table, check }: Pick<Scope, 'table' | 'check'>,
): Fill {
  const { dictionary } = columnOf(table, column);
  const ranks = dictionary === undefined ? null : dictionaryRanks(table, dictionary, check);
  const shift = 32 - bits;
  return (block) => {
    const codes = block.codes(column);
    for (let i = 0; i < block.rows; i++) {
      const code = codes[i]!;
      nulls[i] = code === NULL_CODE ? 1 : 0;
      if (code !== NULL_CODE) high[i] = (ranks === null ? code : ranks[code]!) << shift;
    }
    low.fill(0, 0, block.rows);
  };
}

function fillBytes(
  { column, depth }: LevelPlan & { by: 'bytes' },
  { high, low, nulls }: LevelKeys,
  { table }: Pick<Scope, 'table' | 'check'>,
): Fill {
  return (block) => {
    fillNulls(block, column, nulls);
    const strings = batchStrings(table, batchOf(table, column, block.batch));
    if (strings === undefined) {
      nulls.fill(1, 0, block.rows);
      return;
    }
    const { offsets, bytes } = strings;
    for (let i = 0; i < block.rows; i++) {
      const end = offsets[block.from + i + 1]!;
      const at = Math.min(end, offsets[block.from + i]! + depth);
      const byte = (k: number): number => (at + k < end ? bytes[at + k]! : 0);
      high[i] = (byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3);
      low[i] = (byte(4) << 24) | (byte(5) << 16) | (byte(6) << 8) | Math.min(8, end - at);
    }
  };
}
