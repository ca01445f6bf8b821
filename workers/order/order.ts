import { openedOnce } from '../opened-once.js';

/**
 * The rows of one batch in the order of a category, then of x, then of rows: every value of the category has a run of its
 * own. Where x ascends, or where rows are of equal x, a run is in the order of rows.
 */
export interface Order {
  rows: number;
  /** Whether the rows of every run ascend, those without an x apart. */
  isRowOrder: boolean;
  /** By run the value of the category, ascending: its code, 0 or 1, or stored integer. The last may be NaN: null. */
  keys: Float64Array;
  /** By run where it begins among the positions; and the end of the last. */
  starts: Uint32Array;
  /** By run how many of its rows have an x, which come first: it is neither null nor NaN nor infinite. */
  placed: Uint32Array;
  /** Positions in the batch. */
  positions: Uint32Array;
}

const HEADER_BYTES = 64;

/** Bytes of the order of a batch: 4 a row, and 16 a run. */
export function orderBytes(rows: number, runs: number): number {
  return roundUp(HEADER_BYTES + runs * 16 + 4) + roundUp(rows * 4);
}

/**
 * Writes the header of an order:
 *
 *    0: u32 rows   4: u32 runs   8: u32 1 where it is the order of rows, else 0; padded to 64 bytes
 *   64: f64 key by run; u32 start by run, and the end; u32 rows with an x by run; padded to 64 bytes
 *       u32 position in the batch by row; padded to 64 bytes
 */
export function createOrder(
  bytes: Uint8Array<ArrayBuffer>,
  { rows, runs, isRowOrder }: { rows: number; runs: number; isRowOrder: boolean },
): Order {
  new Uint32Array(bytes.buffer, bytes.byteOffset, 3).set([rows, runs, isRowOrder ? 1 : 0]);
  return orderAt(bytes.buffer, bytes.byteOffset);
}

/** Looks at the order that lies at `offset`. */
export function orderAt(buffer: ArrayBufferLike, offset: number): Order {
  const [rows, runs, isRowOrder] = new Uint32Array(buffer, offset, 3) as unknown as [
    number,
    number,
    number,
  ];
  const keys = offset + HEADER_BYTES;
  const starts = keys + runs * 8;
  const placed = starts + runs * 4 + 4;
  const positions = offset + roundUp(HEADER_BYTES + runs * 16 + 4);
  return {
    rows,
    isRowOrder: isRowOrder === 1,
    keys: new Float64Array(buffer, keys, runs),
    starts: new Uint32Array(buffer, starts, runs + 1),
    placed: new Uint32Array(buffer, placed, runs),
    positions: new Uint32Array(buffer, positions, rows),
  };
}

/** The order of a batch, whose arrays are made once a thread. */
export const openOrder = openedOnce(orderAt);

function roundUp(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
