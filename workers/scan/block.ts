import { BLOCK_ROWS, type TableView } from '../columns.js';
import type { Arena } from '../kernels/arena.js';
import type { Kernels } from '../kernels/kernels.js';
import { wideAt } from './exact.js';
import { fillDoubles } from './fill-doubles.js';
import { openSource, type Source } from './source.js';
import type { Stretch } from './stretch.js';
import { batchOf, columnOf } from './values.js';

/** The code of a null among the codes of a block. */
export const NULL_CODE = 0xffff_ffff;

type Form = 'f64' | 'raw' | 'i64' | 'codes' | 'valid';
type Values =
  Float64Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Mask;
type Mask = Uint8Array<ArrayBuffer>;

/** Where fewer doubles pass they are sooner read one by one than copied with all others: of one in eight by a tenth. */
const READ_BELOW = 1 / 6;

/** A working buffer of a column, and the block it was last filled for. */
interface Slot<T> {
  values: T;
  filledFor: number;
}

/**
 * The up to BLOCK_ROWS rows that a scan stands on. Columns are converted into a working form when a predicate or
 * a mark first asks for them, and lie in the kernels' memory until the next block: copy what is to be kept.
 */
export class Block {
  /** Rows of this block: of a packed one those that pass the filters. */
  rows = 0;
  /** The number in the snapshot of the first row that was sought. */
  firstRow = 0;
  /** One byte a row, 1 where it passes the filters; null where every row does, as of a packed block. */
  mask: Uint8Array<ArrayBuffer> | null = null;
  /** Rows that pass the filters. */
  matched = 0;
  /** The batch, and the position in it of the first row that was sought. */
  batch = 0;
  from = 0;

  readonly table: TableView;
  readonly arena: Arena;
  readonly kernels: Kernels;
  #serial = 0;
  /** Rows that were sought. */
  #sought = 0;
  #isPacked = false;
  /** Of a packed block the place of every row among those that were sought. */
  #places: Uint16Array<ArrayBuffer> | undefined;
  readonly #slots = new Map<string, Slot<unknown>>();
  readonly #sources: (Source | undefined)[] = [];

  constructor(table: TableView, arena: Arena, kernels: Kernels) {
    this.table = table;
    this.arena = arena;
    this.kernels = kernels;
  }

  /** Goes to the block that begins at row `from` of the batch of `stretch`. */
  seek(stretch: Stretch, from: number): void {
    if (stretch.batch !== this.batch) this.#sources.length = 0;
    this.#serial++;
    this.batch = stretch.batch;
    this.from = from;
    this.rows = Math.min(BLOCK_ROWS, stretch.to - from);
    this.#sought = this.rows;
    this.#isPacked = false;
    this.firstRow = stretch.firstRow + (from - stretch.from);
    this.mask = null;
    this.matched = this.rows;
  }

  /** Leaves only the rows that pass the filters, so that what follows costs no more than they do. */
  pack(): void {
    if (this.mask === null) return;
    this.#places ??= this.arena.u16(BLOCK_ROWS);
    this.kernels.pack(this.mask, this.#places, this.rows);
    this.rows = this.matched;
    this.mask = null;
    this.#isPacked = true;
  }

  /** The number in the snapshot of row `i`. */
  rowAt(i: number): number {
    return this.firstRow + (this.#isPacked ? this.#places![i]! : i);
  }

  /** The position in the batch of row `i`. */
  positionOf(i: number): number {
    return this.from + (this.#isPacked ? this.#places![i]! : i);
  }

  /** What the rows stand for as doubles: decimals divided by their scale, wide integers rounded; null is NaN. */
  f64(column: number): Float64Array<ArrayBuffer> {
    const slot = this.#slot(column, 'f64', () => this.arena.f64(BLOCK_ROWS));
    if (slot.filledFor !== this.#serial) {
      const { logical } = columnOf(this.table, column);
      const few = this.#fewDoubles(column);
      if (few !== undefined) return few;
      slot.filledFor = this.#serial;
      this.#fillDoubles(column, slot.values, logical.kind === 'decimal' ? logical.scale : 0);
    }
    return this.#packed(column, 'f64', slot.values, () => this.arena.f64(BLOCK_ROWS));
  }

  /** The stored integers as doubles, null is NaN: exact for columns whose integers lie within 2^53. */
  raw(column: number): Float64Array<ArrayBuffer> {
    if (columnOf(this.table, column).logical.kind !== 'decimal') return this.f64(column);
    const slot = this.#slot(column, 'raw', () => this.arena.f64(BLOCK_ROWS));
    if (slot.filledFor !== this.#serial) {
      slot.filledFor = this.#serial;
      this.#fillDoubles(column, slot.values, 0);
    }
    return this.#packed(column, 'raw', slot.values, () => this.arena.f64(BLOCK_ROWS));
  }

  /** The stored integers; where `valid` says null the value means nothing. Not for floats and `wide` columns. */
  i64(column: number): BigInt64Array<ArrayBuffer> {
    const slot = this.#slot(column, 'i64', () => this.arena.i64(BLOCK_ROWS));
    if (slot.filledFor !== this.#serial) {
      slot.filledFor = this.#serial;
      const { batch, numbers, bigints } = this.#source(column);
      const { values } = slot;
      const rows = this.#sought;
      if (numbers !== undefined) this.kernels.widen(numbers, this.from, rows, values);
      else if (bigints !== undefined && batch.storage !== 'decimal128') {
        values.set(bigints.subarray(this.from, this.from + rows));
      } else if (batch.storage === 'null') values.fill(0n, 0, rows);
      else throw new Error(`Values stored as ${batch.storage} do not fit 64 bits.`);
    }
    return this.#packed(column, 'i64', slot.values, () => this.arena.i64(BLOCK_ROWS));
  }

  /** Codes of a dictionary, or 0 and 1 of a boolean; a null is NULL_CODE. */
  codes(column: number): Uint32Array<ArrayBuffer> {
    const slot = this.#slot(column, 'codes', () => this.arena.u32(BLOCK_ROWS));
    if (slot.filledFor !== this.#serial) {
      slot.filledFor = this.#serial;
      const { batch, numbers, bits, validity } = this.#source(column);
      const { values } = slot;
      const rows = this.#sought;
      if (bits !== undefined) this.kernels.unpackCodes(bits, this.from, rows, values);
      else if (numbers !== undefined) this.kernels.codes(numbers, this.from, rows, values);
      else if (batch.storage === 'null') values.fill(NULL_CODE, 0, rows);
      else throw new Error(`Values stored as ${batch.storage} have no codes.`);
      if (validity !== undefined) this.kernels.nullCodes(validity, this.from, rows, values);
    }
    return this.#packed(column, 'codes', slot.values, () => this.arena.u32(BLOCK_ROWS));
  }

  /** One byte a row, 1 where there is a value; null where every row of the batch has one. */
  valid(column: number): Uint8Array<ArrayBuffer> | null {
    const { batch, validity } = this.#source(column);
    if (batch.nulls === 0 && batch.storage !== 'null') return null;
    const slot = this.#slot(column, 'valid', () => this.arena.u8(BLOCK_ROWS));
    if (slot.filledFor !== this.#serial) {
      slot.filledFor = this.#serial;
      if (validity === undefined) slot.values.fill(0, 0, this.#sought);
      else this.kernels.unpackBits(validity, this.from, this.#sought, slot.values);
    }
    return this.#packed(column, 'valid', slot.values, () => this.arena.u8(BLOCK_ROWS));
  }

  /** The exact integer of row `i` of this block, whatever its width; the row must not be null. */
  wideAt(column: number, i: number): bigint {
    const { batch, numbers, bigints } = this.#source(column);
    const at = this.positionOf(i);
    if (numbers !== undefined) return BigInt(numbers[at]!);
    if (bigints === undefined)
      throw new Error(`Values stored as ${batch.storage} are no integers.`);
    return batch.storage === 'decimal128' ? wideAt(bigints, at) : bigints[at]!;
  }

  /**
   * Clears the bytes of the rows whose value is not from `low` to `high`; null and NaN are in no range. Values are
   * compared as they are stored where that is narrower than a double. Not for a packed block.
   */
  andRange(column: number, form: 'value' | 'raw', low: number, high: number, mask: Mask): void {
    const { numbers } = this.#source(column);
    const isNarrow = numbers !== undefined && !(numbers instanceof Float64Array);
    if (isNarrow && (form === 'raw' || columnOf(this.table, column).logical.kind !== 'decimal')) {
      this.kernels.andStoredRange(numbers, this.from, low, high, mask, this.rows);
      const valid = this.valid(column);
      if (valid !== null) for (let i = 0; i < this.rows; i++) mask[i]! &= valid[i]!;
    } else {
      const values = form === 'raw' ? this.raw(column) : this.f64(column);
      this.kernels.andRange(values, low, high, mask, this.rows);
    }
  }

  /** The values of the rows that are left, of `values` for all rows that were sought. */
  #packed<T extends Values>(column: number, form: Form, values: T, make: () => T): T {
    if (!this.#isPacked) return values;
    const slot = this.#slot(column, `packed ${form}`, make);
    if (slot.filledFor !== this.#serial) {
      slot.filledFor = this.#serial;
      this.kernels.gather(values, this.#places!, slot.values, this.rows);
    }
    return slot.values;
  }

  /** The doubles of the rows that are left where they are sooner read one by one than copied with all others. */
  #fewDoubles(column: number): Float64Array<ArrayBuffer> | undefined {
    if (!this.#isPacked || this.rows > this.#sought * READ_BELOW) return undefined;
    const { numbers, validity } = this.#source(column);
    if (!(numbers instanceof Float64Array) || validity !== undefined) return undefined;
    const slot = this.#slot(column, 'packed f64', () => this.arena.f64(BLOCK_ROWS));
    if (slot.filledFor !== this.#serial) {
      slot.filledFor = this.#serial;
      readDoubles(numbers, this.from, this.#places!, this.rows, slot.values);
    }
    return slot.values;
  }

  #fillDoubles(column: number, out: Float64Array<ArrayBuffer>, scale: number): void {
    fillDoubles(this.#source(column), this.from, this.#sought, scale, out, this.kernels);
  }

  #slot<T>(column: number, form: Form | `packed ${Form}`, make: () => T): Slot<T> {
    const key = `${form} ${column}`;
    let slot = this.#slots.get(key);
    if (slot === undefined) this.#slots.set(key, (slot = { values: make(), filledFor: -1 }));
    return slot as Slot<T>;
  }

  #source(column: number): Source {
    const known = this.#sources[column];
    if (known !== undefined) return known;
    const batch = batchOf(this.table, column, this.batch);
    const source = openSource(this.table, batch);
    this.#sources[column] = source;
    return source;
  }
}

// Eight reads before the first write keep as many on their way from memory.
function readDoubles(
  numbers: Float64Array,
  from: number,
  places: Uint16Array,
  count: number,
  out: Float64Array,
): void {
  const whole = count - (count % 8);
  for (let i = 0; i < whole; i += 8) {
    const a = numbers[from + places[i]!]!;
    const b = numbers[from + places[i + 1]!]!;
    const c = numbers[from + places[i + 2]!]!;
    const d = numbers[from + places[i + 3]!]!;
    const e = numbers[from + places[i + 4]!]!;
    const f = numbers[from + places[i + 5]!]!;
    const g = numbers[from + places[i + 6]!]!;
    const h = numbers[from + places[i + 7]!]!;
    out[i] = a;
    out[i + 1] = b;
    out[i + 2] = c;
    out[i + 3] = d;
    out[i + 4] = e;
    out[i + 5] = f;
    out[i + 6] = g;
    out[i + 7] = h;
  }
  for (let i = whole; i < count; i++) out[i] = numbers[from + places[i]!]!;
}
