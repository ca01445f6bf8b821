import duckdb from '@duckdb/node-bindings';
import { LANE_BYTES, type Lane } from './types.js';

/** A column of a staged batch, readable by the encoding thread without a copy. */
export interface StagedColumn {
  lane: Lane;
  /** Values one after the other; absent for strings. */
  data?: SharedArrayBuffer;
  /** One byte a row, 1 is valid; only to be read where `hasNulls`. */
  valid: SharedArrayBuffer;
  hasNulls: boolean;
  /** Of strings: where in `bytes` each begins, and its length; both int32. */
  starts?: SharedArrayBuffer;
  lengths?: SharedArrayBuffer;
  bytes?: SharedArrayBuffer;
}

/** Rows as they came from DuckDB, on their way to the encoding thread. */
export interface StagedBatch {
  rows: number;
  columns: StagedColumn[];
}

/** Rows of a column that are in the layout of its lane already. */
export type LaneRows =
  | { /** Values one after the other. */ data: Uint8Array; valid?: Uint8Array | undefined }
  | TextRows;

/** Texts or bytes: where in `bytes` each begins, and its length. */
export interface TextRows {
  starts: Int32Array;
  lengths: Int32Array;
  bytes: Uint8Array;
  /** One byte a row, 1 is valid; absent without nulls. A null may begin anywhere. */
  valid?: Uint8Array | undefined;
}

/** DuckDB keeps strings of at most so many bytes inside of the 16-byte view. */
const INLINE_BYTES = 12;

/**
 * One batch of rows being filled, from DuckDB's chunks or from rows in the lanes' own layout. Its memory is shared and used again after `clear`: shared
 * buffers that are let go are not collected in time.
 */
export class Staging {
  readonly capacity: number;
  rows = 0;
  readonly #columns: Column[];
  readonly #maxTextBytes: number;

  /** Holds `capacity` rows, fewer where the strings of a column reach `maxTextBytes`. */
  constructor(lanes: readonly Lane[], capacity: number, maxTextBytes: number) {
    this.capacity = capacity;
    this.#maxTextBytes = maxTextBytes;
    this.#columns = lanes.map((lane) => newColumn(lane, capacity));
  }

  /** What the encoding thread is sent; it may read until `clear`. */
  get batch(): StagedBatch {
    return {
      rows: this.rows,
      columns: this.#columns.map(({ lane, hasNulls, valid, data, text }) => ({
        lane,
        hasNulls,
        valid: valid.buffer,
        ...(text === undefined
          ? { data: data.buffer }
          : {
              starts: text.starts.buffer,
              lengths: text.lengths.buffer,
              bytes: text.bytes.buffer,
            }),
      })),
    };
  }

  clear(): void {
    this.rows = 0;
    for (const column of this.#columns) {
      column.hasNulls = false;
      if (column.text !== undefined) column.text.used = 0;
    }
  }

  /**
   * Copies rows of the chunk from row `from` on, as many as fit, and returns how many those were; fewer than the
   * chunk has left mean that the batch is full.
   */
  append(chunk: duckdb.DataChunk, from: number, size: number): number {
    const columns = this.#columns;
    const vectors = columns.map((column, i) => {
      const vector = duckdb.data_chunk_get_vector(chunk, i);
      const data = duckdb.vector_get_data(vector, size * LANE_BYTES[column.lane]);
      // DuckDB gives no mask for a vector without nulls, whatever the declaration says.
      const mask = duckdb.vector_get_validity(
        vector,
        Math.ceil(size / 64) * 8,
      ) as Uint8Array | null;
      return { data, mask };
    });

    let to = Math.min(size, from + this.capacity - this.rows);
    for (let i = 0; i < columns.length; i++) {
      const { text } = columns[i]!;
      if (text !== undefined) {
        to = fitTexts(text, vectors[i]!.data, vectors[i]!.mask, from, to, this.#maxTextBytes);
      }
    }
    // A single value larger than the bound still has to go somewhere: alone in its batch.
    if (to === from && this.rows === 0) to = from + 1;
    if (to === from) return 0;

    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      const { data, mask } = vectors[i]!;
      stageValidity(column, this.rows, mask, from, to);
      if (column.text === undefined) {
        const width = LANE_BYTES[column.lane];
        column.data.set(data.subarray(from * width, to * width), this.rows * width);
      } else {
        stageTexts(column.text, this.rows, data, mask, from, to);
      }
    }
    this.rows += to - from;
    return to - from;
  }

  /**
   * Copies `rows` rows of every column, or none of them and returns false where they do not fit. Into an empty batch a single
   * row always fits.
   */
  appendRows(columns: readonly LaneRows[], rows: number): boolean {
    if (this.rows + rows > this.capacity) return false;
    const isAlone = this.rows === 0 && rows === 1;
    for (let i = 0; i < columns.length; i++) {
      const { text } = this.#columns[i]!;
      const added = columns[i]!;
      if (text === undefined || 'data' in added) continue;
      if (text.used + added.bytes.length > this.#maxTextBytes && !isAlone) return false;
    }
    for (let i = 0; i < columns.length; i++) {
      const column = this.#columns[i]!;
      const added = columns[i]!;
      stageBytes(column, this.rows, added.valid, rows);
      const { text } = column;
      if ('data' in added) column.data.set(added.data, this.rows * LANE_BYTES[column.lane]);
      else {
        const { used } = text!;
        for (let row = 0; row < rows; row++)
          text!.starts[this.rows + row] = used + added.starts[row]!;
        text!.lengths.set(added.lengths, this.rows);
        copyBytes(text!, added.bytes);
      }
    }
    this.rows += rows;
    return true;
  }
}

interface Column {
  lane: Lane;
  data: Shared<Uint8Array>;
  valid: Shared<Uint8Array>;
  hasNulls: boolean;
  text: Texts | undefined;
}

interface Texts {
  starts: Shared<Int32Array>;
  lengths: Shared<Int32Array>;
  bytes: Shared<Uint8Array>;
  used: number;
}

type Shared<T extends Uint8Array | Int32Array> = T & { readonly buffer: SharedArrayBuffer };

function newColumn(lane: Lane, capacity: number): Column {
  const sharedBytes = (length: number) => new Uint8Array(new SharedArrayBuffer(length));
  const sharedInts = (length: number) => new Int32Array(new SharedArrayBuffer(length * 4));
  const isText = lane === 'string';
  return {
    lane,
    data: sharedBytes(isText ? 0 : capacity * LANE_BYTES[lane]),
    valid: sharedBytes(capacity),
    hasNulls: false,
    text: isText
      ? {
          starts: sharedInts(capacity),
          lengths: sharedInts(capacity),
          bytes: sharedBytes(capacity * 16),
          used: 0,
        }
      : undefined,
  };
}

function isValid(mask: Uint8Array, row: number): boolean {
  return (mask[row >>> 3]! & (1 << (row & 7))) !== 0;
}

function stageValidity(
  column: Column,
  at: number,
  mask: Uint8Array | null,
  from: number,
  to: number,
): void {
  const { valid } = column;
  if (mask === null) {
    if (column.hasNulls) valid.fill(1, at, at + to - from);
    return;
  }
  // The rows before the first chunk with nulls have no bytes yet.
  if (!column.hasNulls) valid.fill(1, 0, at);
  column.hasNulls = true;
  for (let row = from; row < to; row++) valid[at++] = (mask[row >>> 3]! >>> (row & 7)) & 1;
}

/** As `stageValidity`, of rows whose validity is told in bytes. */
function stageBytes(column: Column, at: number, valid: Uint8Array | undefined, rows: number): void {
  if (valid === undefined) {
    if (column.hasNulls) column.valid.fill(1, at, at + rows);
    return;
  }
  if (!column.hasNulls) column.valid.fill(1, 0, at);
  column.hasNulls = true;
  column.valid.set(valid, at);
}

/** The end of the rows from `from` on whose strings still fit. */
function fitTexts(
  text: Texts,
  views: Uint8Array,
  mask: Uint8Array | null,
  from: number,
  to: number,
  maxBytes: number,
): number {
  const words = new Int32Array(views.buffer, views.byteOffset, views.byteLength >>> 2);
  let used = text.used;
  for (let row = from; row < to; row++) {
    used += 16;
    if (mask === null || isValid(mask, row)) used += words[row * 4]! >>> 0;
    if (used > maxBytes) return row;
  }
  return to;
}

/**
 * Copies strings. A view is 16 bytes:
 *   0: int32 length
 *   4: the bytes themselves, up to 12 of them, or a prefix of 4
 *   8: the address, for longer ones
 * Chunks own their long strings in one stretch or few, in row order, so runs of neighbours are copied at a time:
 * a call for each string would cost more than everything else together.
 */
function stageTexts(
  text: Texts,
  at: number,
  views: Uint8Array,
  mask: Uint8Array | null,
  from: number,
  to: number,
): void {
  const { starts, lengths } = text;
  const buffer = views.buffer as ArrayBuffer;
  const words = new Int32Array(buffer, views.byteOffset, views.byteLength >>> 2);

  let anyInline = false;
  for (let row = from; row < to && !anyInline; row++) {
    anyInline = words[row * 4]! >>> 0 <= INLINE_BYTES;
  }
  let inlineAt = 0;
  if (anyInline) {
    inlineAt = text.used + 4 - from * 16;
    copyBytes(text, views.subarray(from * 16, to * 16));
  }

  let runFrom = -1;
  let runLength = 0;
  let nextLow = 0;
  let nextHigh = 0;
  for (let row = from; row < to; row++, at++) {
    if (mask !== null && !isValid(mask, row)) {
      starts[at] = 0;
      lengths[at] = 0;
      continue;
    }
    const length = words[row * 4]! >>> 0;
    lengths[at] = length;
    if (length <= INLINE_BYTES) {
      starts[at] = inlineAt + row * 16;
      continue;
    }
    const low = words[row * 4 + 2]! >>> 0;
    const high = words[row * 4 + 3]!;
    if (runFrom < 0 || low !== nextLow || high !== nextHigh) {
      if (runFrom >= 0) copyRun(text, buffer, views.byteOffset + runFrom * 16 + 8, runLength);
      runFrom = row;
      runLength = 0;
    }
    starts[at] = text.used + runLength;
    runLength += length;
    const next = low + length;
    nextLow = next >>> 0;
    nextHigh = next > 0xffffffff ? high + 1 : high;
  }
  if (runFrom >= 0) copyRun(text, buffer, views.byteOffset + runFrom * 16 + 8, runLength);
}

function copyRun(text: Texts, buffer: ArrayBuffer, pointer: number, length: number): void {
  copyBytes(text, duckdb.get_data_from_pointer(buffer, pointer, length));
}

function copyBytes(text: Texts, bytes: Uint8Array): void {
  const end = text.used + bytes.length;
  if (end > text.bytes.length) {
    const grown = new Uint8Array(new SharedArrayBuffer(Math.max(end, text.bytes.length * 2)));
    grown.set(text.bytes.subarray(0, text.used));
    text.bytes = grown;
  }
  text.bytes.set(bytes, text.used);
  text.used = end;
}
