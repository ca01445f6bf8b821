import type { Block } from '../scan/block.js';
import { BLOCK_ROWS } from '../columns.js';
import type { Cells } from '../kernels/kernels.js';
import { openCounts } from '../scan/counts.js';
import type { Accumulator, Mark, Scope } from '../scan/mark.js';
import { batchOf } from '../scan/values.js';
import { batchStrings } from '../select/strings.js';
import { CountBytes } from './hash-bytes.js';
import { Count64 } from './hash64.js';

/** How the values of a column are told apart. */
export type TallyForm =
  /** Dictionaries and booleans. */
  | { form: 'codes'; size: number }
  /** Stored integers from `base` to `base + size - 1`. */
  | { form: 'small'; base: number; size: number }
  /** Doubles, by value: -0 is 0, every NaN is one. */
  | { form: 'f64' }
  /** Stored integers of up to 64 bits. */
  | { form: 'i64' }
  | { form: 'wide' }
  /** Text and binary without a dictionary. */
  | { form: 'bytes' };

export interface TallyPlan {
  kind: 'tally';
  column: number;
  as: TallyForm;
}

/** How often each value occurs among the matching rows. */
export interface Tally {
  /** Rows where it is null. */
  nulls: number;
  /** By position in `keys`; 0 is possible for codes and small integers only. */
  counts: Uint32Array<ArrayBuffer>;
  keys: TallyKeys;
}

export type TallyKeys =
  | { form: 'codes' }
  | { form: 'small'; base: number }
  /** Bits of doubles or int64: low and high word, side by side. */
  | { form: 'f64' | 'i64'; words: Uint32Array<ArrayBuffer> }
  | { form: 'wide'; values: bigint[] }
  | { form: 'bytes'; offsets: Int32Array<ArrayBuffer>; bytes: Uint8Array<ArrayBuffer> };

/** Counts the matching rows by the value of one column. */
export const tally: Mark<TallyPlan, Tally, Tally> = {
  open({ column, as }, scope) {
    switch (as.form) {
      case 'codes':
        return openCodes(column, as.size, scope);
      case 'small':
        return openSmall(column, as.base, as.size);
      case 'f64':
      case 'i64':
        return open64(column, as.form);
      case 'wide':
        return openWide(column);
      case 'bytes':
        return openBytes(column, scope);
    }
  },

  merge(_plan, partials, { check }) {
    const [first, ...others] = partials;
    if (others.length === 0) return first!;
    const nulls = partials.reduce((sum, part) => sum + part.nulls, 0);
    const { keys, counts } = first!;
    if (keys.form === 'codes' || keys.form === 'small') {
      for (const other of others) {
        for (let i = 0; i < counts.length; i++) counts[i]! += other.counts[i]!;
      }
      return { nulls, counts, keys };
    }
    return { nulls, ...joined(partials, keys.form, check) };
  },
};

function joined(
  partials: readonly Tally[],
  form: 'f64' | 'i64' | 'wide' | 'bytes',
  check: () => void,
): Omit<Tally, 'nulls'> {
  const by64 = new Count64();
  const byBytes = new CountBytes();
  const byWide = new Map<bigint, number>();
  for (const { keys, counts } of partials) {
    for (let i = 0; i < counts.length; i++) {
      if (i % 65_536 === 0) check();
      if (keys.form === 'f64' || keys.form === 'i64') {
        by64.add(keys.words[2 * i]!, keys.words[2 * i + 1]!, counts[i]!);
      } else if (keys.form === 'bytes') byBytes.add(keys, i, counts[i]!);
      else if (keys.form === 'wide') {
        byWide.set(keys.values[i]!, (byWide.get(keys.values[i]!) ?? 0) + counts[i]!);
      }
    }
  }
  if (form === 'wide') return wideTally(byWide);
  if (form === 'bytes') {
    const { counts, offsets, bytes } = byBytes.entries();
    return { counts, keys: { form, offsets, bytes } as TallyKeys };
  }
  const { words, counts } = by64.entries();
  return { counts, keys: { form, words } };
}

function wideTally(counts: ReadonlyMap<bigint, number>): Omit<Tally, 'nulls'> {
  return {
    counts: Uint32Array.from(counts.values()),
    keys: { form: 'wide', values: [...counts.keys()] },
  };
}

type TallyAccumulator = Accumulator<Tally>;

function openCodes(column: number, size: number, scope: Scope): TallyAccumulator {
  const counts = openCounts(size, scope);
  const cells = scope.arena.i32(BLOCK_ROWS);
  return {
    packs: true,
    add(block) {
      const { rows, mask } = block;
      const codes = block.codes(column);
      // As cells: a null's code is that of a row outside.
      let view: Cells = new Int32Array(codes.buffer, codes.byteOffset, BLOCK_ROWS);
      if (mask !== null) {
        scope.kernels.maskCells(view, mask, cells, rows);
        view = cells;
      }
      counts.add(view, rows);
    },
    partial: () => {
      const { counts: byCode, outside: nulls } = counts.result();
      return { nulls, counts: byCode, keys: { form: 'codes' } };
    },
  };
}

function openSmall(column: number, base: number, size: number): TallyAccumulator {
  const counts = new Uint32Array(size);
  let nulls = 0;
  return {
    packs: true,
    add(block) {
      const values = block.raw(column);
      const { mask, rows } = block;
      for (let i = 0; i < rows; i++) {
        if (mask !== null && mask[i] === 0) continue;
        const value = values[i]!;
        if (value === value) counts[value - base]!++;
        else nulls++;
      }
    },
    partial: () => ({ nulls, counts, keys: { form: 'small', base } }),
  };
}

function open64(column: number, form: 'f64' | 'i64'): TallyAccumulator {
  const map = new Count64();
  let nulls = 0;
  const canonical = new Float64Array(1);
  const bits = new Uint32Array(canonical.buffer);
  return {
    packs: true,
    add(block) {
      const { mask, rows } = block;
      const valid = block.valid(column);
      const values = form === 'i64' ? block.i64(column) : block.f64(column);
      const words = new Uint32Array(values.buffer, values.byteOffset, 2 * rows);
      for (let i = 0; i < rows; i++) {
        if (mask !== null && mask[i] === 0) continue;
        if (valid !== null && valid[i] === 0) nulls++;
        else if (form === 'i64') map.add(words[2 * i]!, words[2 * i + 1]!, 1);
        else {
          // One zero and one NaN.
          const value = values[i] as number;
          canonical[0] = value === value ? value + 0 : NaN;
          map.add(bits[0]!, bits[1]!, 1);
        }
      }
    },
    partial: () => {
      const { words, counts } = map.entries();
      return { nulls, counts, keys: { form, words } };
    },
  };
}

function openWide(column: number): TallyAccumulator {
  const counts = new Map<bigint, number>();
  let nulls = 0;
  return {
    packs: true,
    add(block) {
      const valid = block.valid(column);
      for (let i = 0; i < block.rows; i++) {
        if (block.mask !== null && block.mask[i] === 0) continue;
        if (valid?.[i] === 0) nulls++;
        else {
          const value = block.wideAt(column, i);
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
      }
    },
    partial: () => ({ nulls, ...wideTally(counts) }),
  };
}

function openBytes(column: number, { table }: Scope): TallyAccumulator {
  const map = new CountBytes();
  let nulls = 0;
  return {
    packs: true,
    add(block: Block) {
      const strings = batchStrings(table, batchOf(table, column, block.batch));
      const valid = block.valid(column);
      for (let i = 0; i < block.rows; i++) {
        if (block.mask !== null && block.mask[i] === 0) continue;
        if (strings === undefined || valid?.[i] === 0) nulls++;
        else map.add(strings, block.positionOf(i), 1);
      }
    },
    partial: () => {
      const { counts, offsets, bytes } = map.entries();
      return { nulls, counts, keys: { form: 'bytes', offsets, bytes } as TallyKeys };
    },
  };
}
