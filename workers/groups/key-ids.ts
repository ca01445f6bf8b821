import { BLOCK_ROWS } from '../columns.js';
import { largeUint32 } from '../large-arrays.js';
import { binOf, binStart, widthBins } from '../calendar/width.js';
import { DROPPED, OUTSIDE, type Cells } from '../kernels/kernels.js';
import { NULL_CODE, type Block } from '../scan/block.js';
import type { Scope } from '../scan/mark.js';
import { batchOf } from '../scan/values.js';
import { batchStrings } from '../select/strings.js';
import type { TallyForm, TallyKeys } from '../tally/tally.js';
import { Ids64, IdsBytes } from './intern.js';
import { openTimeBins, type TimeBins } from './time-bins.js';

/** How the values of a column become keys: as they are, or cut into bins. */
export type KeyForm =
  | TallyForm
  | ({ form: 'time bins' } & TimeBins)
  /** Bins of one width, for numbers; what is below `low` or above `high` is outside. */
  | { form: 'width bins'; width: number; low: number; high: number };

/** The id of a null; key k of `keys` has the id k + 1. */
export const NULL_ID = 0;

/** Numbers the values of a column as they come. */
export interface KeyIds {
  /** The id of every row of a block, OUTSIDE, or DROPPED for what has no bin. In the kernels' memory until the next block. */
  of: (block: Block) => Cells;
  /** Every row that passes has an id. */
  isTotal: boolean;
  /** The values by id, null left out. */
  keys: () => TallyKeys;
  /** All ids given so far are below it. */
  size: () => number;
}

/** Makes the keys of a column ready. With `nullIsKey` a null has an id and is not dropped. */
export function openKeyIds(
  column: number,
  as: KeyForm,
  nullIsKey: boolean,
  { table, arena, kernels }: Pick<Scope, 'table' | 'arena' | 'kernels'>,
): KeyIds {
  const out = arena.i32(BLOCK_ROWS);
  const ofNull = nullIsKey ? NULL_ID : DROPPED;
  switch (as.form) {
    case 'codes': {
      const idsOf = openCodes(as.size, ofNull, { arena, kernels });
      return fixed(as.size + 1, nullIsKey, { form: 'codes' }, (block) => {
        idsOf(block.codes(column), out, block.rows);
        return out;
      });
    }
    case 'small':
      return fixed(as.size + 1, nullIsKey, { form: 'small', base: as.base }, (block) => {
        const values = block.raw(column);
        const shift = 1 - as.base;
        for (let i = 0; i < block.rows; i++) {
          const value = values[i]!;
          out[i] = value === value ? value + shift : ofNull;
        }
        return out;
      });
    case 'time bins': {
      const binsOf = openTimeBins(column, as, { arena, kernels });
      const words = new Uint32Array(as.edges.slice(0, -1).buffer);
      return fixed(as.edges.length, false, { form: 'i64', words }, (block) => {
        const ids = binsOf(block);
        if (nullIsKey)
          for (let i = 0; i < block.rows; i++) if (ids[i] === DROPPED) ids[i] = NULL_ID;
        return ids;
      });
    }
    case 'width bins':
      return openWidths(column, as, ofNull, out);
    case 'f64':
      return openDoubles(column, ofNull, out);
    case 'i64':
      return openIntegers(column, ofNull, out);
    case 'wide':
      return openWide(column, ofNull, out);
    case 'bytes':
      return openBytes(column, ofNull, out, table);
  }
}

function fixed(size: number, isTotal: boolean, keys: TallyKeys, of: KeyIds['of']): KeyIds {
  return { of, isTotal, keys: () => keys, size: () => size };
}

/** Makes ids of codes: by a table in the kernels' memory where it has room for one. */
function openCodes(
  size: number,
  ofNull: number,
  { arena, kernels }: Pick<Scope, 'arena' | 'kernels'>,
): (codes: Uint32Array<ArrayBuffer>, ids: Cells, rows: number) => void {
  if (size * 4 < arena.free / 4) {
    const table = arena.i32(size);
    for (let code = 0; code < size; code++) table[code] = code + 1;
    return (codes, ids, rows) => kernels.placeCodes(codes, table, ofNull, ids, rows);
  }
  return (codes, ids, rows) => {
    for (let i = 0; i < rows; i++) ids[i] = codes[i] === NULL_CODE ? ofNull : codes[i]! + 1;
  };
}

function openDoubles(column: number, ofNull: number, out: Cells): KeyIds {
  const ids = new Ids64();
  const idOf = doubleIds(ids);
  return {
    isTotal: false,
    of: (block) => {
      const values = block.f64(column);
      const valid = block.valid(column);
      const { mask } = block;
      for (let i = 0; i < block.rows; i++) {
        if (mask !== null && mask[i] === 0) continue;
        out[i] = valid !== null && valid[i] === 0 ? ofNull : idOf(values[i]!) + 1;
      }
      return out;
    },
    keys: () => ({ form: 'f64', words: ids.words() }),
    size: () => ids.size + 1,
  };
}

// One zero and one NaN.
function doubleIds(ids: Ids64): (value: number) => number {
  const canonical = new Float64Array(1);
  const bits = new Uint32Array(canonical.buffer);
  return (value) => {
    canonical[0] = value === value ? value + 0 : NaN;
    return ids.idOf(bits[0]!, bits[1]!);
  };
}

// As many bins as there may be at all, so that an id is one subtraction.
function openWidths(
  column: number,
  { width, low, high }: KeyForm & { form: 'width bins' },
  ofNull: number,
  out: Cells,
): KeyIds {
  const bins = widthBins(width);
  const first = binOf(low, bins);
  const size = binOf(high, bins) - first + 1;
  const starts = Float64Array.from({ length: size }, (_, k) => binStart(first + k, bins) + 0);
  const keys: TallyKeys = { form: 'f64', words: new Uint32Array(starts.buffer) };
  return fixed(size + 1, false, keys, (block) => {
    const values = block.f64(column);
    for (let i = 0; i < block.rows; i++) {
      const value = values[i]!;
      if (value >= low && value <= high) out[i] = binOf(value, bins) - first + 1;
      // What is not finite is in no bin: it stands with the nulls.
      else out[i] = value - value === 0 ? OUTSIDE : ofNull;
    }
    return out;
  });
}

function openIntegers(column: number, ofNull: number, out: Cells): KeyIds {
  const ids = new Ids64();
  return {
    isTotal: false,
    of: (block) => {
      const { buffer, byteOffset } = block.i64(column);
      const words = new Uint32Array(buffer, byteOffset, 2 * block.rows);
      const valid = block.valid(column);
      const { mask } = block;
      for (let i = 0; i < block.rows; i++) {
        if (mask !== null && mask[i] === 0) continue;
        out[i] =
          valid !== null && valid[i] === 0
            ? ofNull
            : ids.idOf(words[2 * i]!, words[2 * i + 1]!) + 1;
      }
      return out;
    },
    keys: () => ({ form: 'i64', words: ids.words() }),
    size: () => ids.size + 1,
  };
}

function openWide(column: number, ofNull: number, out: Cells): KeyIds {
  const ids = new Map<bigint, number>();
  return {
    isTotal: false,
    of: (block) => {
      const valid = block.valid(column);
      const { mask } = block;
      for (let i = 0; i < block.rows; i++) {
        if (mask !== null && mask[i] === 0) continue;
        if (valid !== null && valid[i] === 0) out[i] = ofNull;
        else out[i] = wideId(ids, block.wideAt(column, i)) + 1;
      }
      return out;
    },
    keys: () => ({ form: 'wide', values: [...ids.keys()] }),
    size: () => ids.size + 1,
  };
}

function wideId(ids: Map<bigint, number>, value: bigint): number {
  const known = ids.get(value);
  if (known !== undefined) return known;
  ids.set(value, ids.size);
  return ids.size - 1;
}

function openBytes(column: number, ofNull: number, out: Cells, table: Scope['table']): KeyIds {
  const ids = new IdsBytes();
  return {
    isTotal: false,
    of: (block) => {
      const strings = batchStrings(table, batchOf(table, column, block.batch));
      const valid = block.valid(column);
      const { mask } = block;
      for (let i = 0; i < block.rows; i++) {
        if (mask !== null && mask[i] === 0) continue;
        const isNull = strings === undefined || (valid !== null && valid[i] === 0);
        out[i] = isNull ? ofNull : ids.idOf(strings, block.positionOf(i)) + 1;
      }
      return out;
    },
    keys: () => ({ form: 'bytes', ...ids.strings() }),
    size: () => ids.size + 1,
  };
}

/** Brings the keys of several tasks together: for each the new id of every id, and all keys. */
export function joinKeys(
  parts: readonly TallyKeys[],
  check: () => void,
): { ids: Uint32Array[]; keys: TallyKeys } {
  const [first] = parts;
  if (first === undefined) throw new Error('There are no keys to join.');
  const by64 = new Ids64();
  const byBytes = new IdsBytes();
  const byWide = new Map<bigint, number>();
  // Codes, small integers and time bins have the same ids in every task; a single task has them anyway.
  if (parts.length === 1 || isFixed(parts)) return { ids: parts.map(() => IDENTITY), keys: first };
  const ids = parts.map((keys) => {
    check();
    const size = keyCount(keys);
    const map = largeUint32(size + 1);
    for (let k = 0; k < size; k++) {
      let id = 0;
      if (keys.form === 'f64' || keys.form === 'i64')
        id = by64.idOf(keys.words[2 * k]!, keys.words[2 * k + 1]!);
      else if (keys.form === 'bytes') id = byBytes.idOf(keys, k);
      else if (keys.form === 'wide') id = wideId(byWide, keys.values[k]!);
      map[k + 1] = id + 1;
    }
    return map;
  });
  if (first.form === 'bytes') return { ids, keys: { form: 'bytes', ...byBytes.strings() } };
  if (first.form === 'wide') return { ids, keys: { form: 'wide', values: [...byWide.keys()] } };
  return { ids, keys: { form: first.form as 'f64' | 'i64', words: by64.words() } };
}

/** Stands for ids that stay as they are. */
export const IDENTITY = new Uint32Array(0);

function isFixed(parts: readonly TallyKeys[]): boolean {
  return parts[0]!.form === 'codes' || parts[0]!.form === 'small';
}

function keyCount(keys: TallyKeys): number {
  switch (keys.form) {
    case 'f64':
    case 'i64':
      return keys.words.length / 2;
    case 'wide':
      return keys.values.length;
    case 'bytes':
      return keys.offsets.length - 1;
    default:
      throw new Error(`Keys of the form ${keys.form} are not numbered.`);
  }
}
