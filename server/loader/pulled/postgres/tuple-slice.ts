import { HalftoneError } from '../../../errors.js';
import type { LaneRows } from '../../staging.js';
import { LANE_BYTES } from '../../types.js';
import { FORM, type Digits, type PlannedColumn } from './column-plan.js';
import { isFiniteNumeric, measureNumeric, writeNumeric } from './numeric.js';

// A row in the binary form of COPY, most significant byte first:
//   0: int16 number of fields
//   then for each field an int32, its length in bytes or -1 for null, and its bytes

/** Rows that are handed on at a time. */
const SLICE_ROWS = 8192;
/** Text of a column that ends a slice before it is full. */
const SLICE_TEXT_BYTES = 4 * 2 ** 20;
/** Days, and microseconds in two words, from 1970 to 2000. */
const DAYS_TO_2000 = 10_957;
const MICROS_TO_2000 = 946_684_800_000_000n;
const MICROS_LOW = Number(MICROS_TO_2000 & 0xffffffffn);
const MICROS_HIGH = Number(MICROS_TO_2000 >> 32n);
/** Times beyond this word have no place in 64 bits from 1970 on: the last days of what PostgreSQL can tell. */
const LAST_HIGH = 0x7fffffff - MICROS_HIGH - 1;
const HEX = Array.from({ length: 256 }, (_, i) => [
  (i >> 4).toString(16).charCodeAt(0),
  (i & 15).toString(16).charCodeAt(0),
]);
const HYPHEN = 0x2d;
const BLANK = 0x20;

class Column {
  readonly plan: PlannedColumn;
  /** Bytes of a value; 0 for texts. */
  readonly width: number;
  readonly valid = new Uint8Array(SLICE_ROWS);
  readonly words: Int32Array;
  readonly shorts: Int16Array;
  readonly data: Uint8Array;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  bytes: Uint8Array;
  used = 0;
  hasNulls = false;
  /** Numbers that are none, or infinite, and became null. */
  nulled = 0;
  /** What a number of unknown scale has needed. */
  readonly digits: Digits = { whole: 0, scale: 0 };

  constructor(plan: PlannedColumn) {
    const { lane, logical } = plan.load;
    const isText = lane === 'string';
    this.plan = plan;
    this.width = isText ? 0 : LANE_BYTES[lane];
    this.data = new Uint8Array(SLICE_ROWS * this.width);
    this.words = new Int32Array(this.data.buffer, 0, this.data.length >>> 2);
    this.shorts = new Int16Array(this.data.buffer, 0, this.data.length >>> 1);
    this.starts = new Int32Array(isText ? SLICE_ROWS : 0);
    this.lengths = new Int32Array(isText ? SLICE_ROWS : 0);
    this.bytes = new Uint8Array(isText ? SLICE_ROWS * 16 : 0);
    this.scale = logical.kind === 'decimal' ? logical.scale : 0;
  }

  readonly scale: number;

  /** The place of `length` more bytes of text. */
  reserve(row: number, length: number): number {
    const at = this.used;
    this.used += length;
    if (this.used > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.used, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, at));
      this.bytes = grown;
    }
    this.starts[row] = at;
    this.lengths[row] = length;
    return at;
  }
}

/** Some rows of a COPY, decoded into the lanes that the encoder takes. */
export class TupleSlice {
  rows = 0;
  /** A number did not fit its column: from here on rows are only measured. */
  isMisfit = false;
  readonly #columns: readonly Column[];

  constructor(plan: readonly PlannedColumn[]) {
    this.#columns = plan.map((column) => new Column(column));
  }

  /** What numbers of unknown scale have needed in all rows so far, by position of their columns. */
  get digits(): (Digits | undefined)[] {
    return this.#columns.map(({ plan, digits }) => (plan.isOpen ? digits : undefined));
  }

  /** Numbers that are none, or infinite, and became null, by position of their columns. */
  get nulled(): number[] {
    return this.#columns.map(({ nulled }) => nulled);
  }

  clear(): void {
    this.rows = 0;
    for (const column of this.#columns) {
      column.hasNulls = false;
      column.used = 0;
    }
  }

  /** Widens what numbers of unknown scale need by those of one row. */
  measure(bytes: Uint8Array, from: number, end: number): void {
    const columns = this.#columns;
    checkCount(bytes, from, columns.length);
    let at = from + 2;
    for (let i = 0; i < columns.length; i++) {
      const length = int32(bytes, at);
      at += 4;
      if (length < 0) continue;
      if (columns[i]!.plan.isOpen) measureNumeric(bytes, at, columns[i]!.digits);
      at += length;
    }
    if (at !== end) throw garbled();
  }

  /** Takes one row; true where the slice is full with it. */
  take(bytes: Uint8Array, from: number, end: number): boolean {
    if (this.isMisfit) {
      this.measure(bytes, from, end);
      return false;
    }
    const columns = this.#columns;
    checkCount(bytes, from, columns.length);
    const row = this.rows;
    let isFull = row + 1 === SLICE_ROWS;
    let at = from + 2;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      const length = int32(bytes, at);
      at += 4;
      if (length < 0) {
        writeNull(column, row);
        continue;
      }
      if (at + length > end) throw garbled();
      if (column.hasNulls) column.valid[row] = 1;
      if (!write(column, row, bytes, at, length)) {
        this.isMisfit = true;
        this.measure(bytes, from, end);
        return false;
      }
      if (column.used >= SLICE_TEXT_BYTES) isFull = true;
      at += length;
    }
    if (at !== end) throw garbled();
    this.rows = row + 1;
    return isFull;
  }

  /** Rows of the slice; valid until `clear`. */
  lanes(from: number, to: number): LaneRows[] {
    return this.#columns.map((column) => {
      const valid = column.hasNulls ? column.valid.subarray(from, to) : undefined;
      const { width, data, starts, lengths, bytes, used } = column;
      if (width > 0) return { data: data.subarray(from * width, to * width), valid };
      if (from === 0 && to === this.rows) {
        return { starts: starts.subarray(0, to), lengths, bytes: bytes.subarray(0, used), valid };
      }
      const first = starts[from]!;
      const last = to === this.rows ? used : starts[to]!;
      return {
        starts: starts.slice(from, to).map((start) => start - first),
        lengths: lengths.subarray(from, to),
        bytes: bytes.subarray(first, last),
        valid,
      };
    });
  }
}

function checkCount(bytes: Uint8Array, at: number, columns: number): void {
  if ((bytes[at]! << 8) + bytes[at + 1]! !== columns) throw garbled();
}

function writeNull(column: Column, row: number): void {
  if (!column.hasNulls) column.valid.fill(1, 0, row);
  column.hasNulls = true;
  column.valid[row] = 0;
  if (column.width === 0) column.reserve(row, 0);
}

/** Writes one value; false where it is a number of more digits than its column has. */
function write(column: Column, row: number, from: Uint8Array, at: number, length: number): boolean {
  const { words } = column;
  switch (column.plan.form) {
    case FORM.bytes:
      copy(column, row, from, at, length);
      return true;
    case FORM.eight:
      if (length !== 8) throw garbled();
      words[row * 2] = int32(from, at + 4);
      words[row * 2 + 1] = int32(from, at);
      return true;
    case FORM.four:
      if (length !== 4) throw garbled();
      words[row] = int32(from, at);
      return true;
    case FORM.instant:
      if (length !== 8) throw garbled();
      writeInstant(words, row, int32(from, at), int32(from, at + 4));
      return true;
    case FORM.date:
      if (length !== 4) throw garbled();
      words[row] = dateOf(int32(from, at));
      return true;
    case FORM.numeric:
      if (length < 8) throw garbled();
      if (!isFiniteNumeric(from, at)) {
        column.nulled++;
        writeNull(column, row);
        return true;
      }
      if (column.plan.isOpen) measureNumeric(from, at, column.digits);
      return writeNumeric(
        from,
        at,
        column.scale,
        column.width,
        column.width === 2 ? column.shorts : words,
        row,
      );
    case FORM.two:
      if (length !== 2) throw garbled();
      column.shorts[row] = (from[at]! << 8) | from[at + 1]!;
      return true;
    case FORM.byte:
      if (length !== 1) throw garbled();
      column.data[row] = from[at]!;
      return true;
    case FORM.padded: {
      let end = length;
      while (end > 0 && from[at + end - 1] === BLANK) end--;
      copy(column, row, from, at, end);
      return true;
    }
    case FORM.jsonb:
      copy(column, row, from, at + 1, length - 1);
      return true;
    case FORM.uuid:
      if (length !== 16) throw garbled();
      writeUuid(column, row, from, at);
      return true;
  }
}

function copy(column: Column, row: number, from: Uint8Array, at: number, length: number): void {
  const to = column.reserve(row, length);
  const { bytes } = column;
  // A call of `set` costs as much as copying some 60 bytes one by one.
  if (length > 64) bytes.set(from.subarray(at, at + length), to);
  else for (let i = 0; i < length; i++) bytes[to + i] = from[at + i]!;
}

/** Infinite dates get the numbers that the encoder knows them by. */
function dateOf(days: number): number {
  if (days === 0x7fffffff) return days;
  return days === -0x80000000 ? -0x7fffffff : days + DAYS_TO_2000;
}

function writeInstant(words: Int32Array, row: number, high: number, low: number): void {
  if (high > LAST_HIGH) {
    words[row * 2] = -1;
    words[row * 2 + 1] = 0x7fffffff;
  } else if (high === -0x80000000 && low === 0) {
    words[row * 2] = 1;
    words[row * 2 + 1] = high;
  } else {
    const sum = (low >>> 0) + MICROS_LOW;
    words[row * 2] = sum;
    words[row * 2 + 1] = high + MICROS_HIGH + (sum > 0xffffffff ? 1 : 0);
  }
}

function writeUuid(column: Column, row: number, from: Uint8Array, at: number): void {
  let to = column.reserve(row, 36);
  const { bytes } = column;
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) bytes[to++] = HYPHEN;
    const digits = HEX[from[at + i]!]!;
    bytes[to++] = digits[0]!;
    bytes[to++] = digits[1]!;
  }
}

function int32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

function garbled(): HalftoneError {
  return new HalftoneError(
    'SOURCE_CORRUPT',
    'PostgreSQL sent a row that does not fit its columns.',
    {
      hint: 'Something between it and here has changed its data.',
    },
  );
}
