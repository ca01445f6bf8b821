import { BLOCK_ROWS } from '../../columns.js';
import type { Arena } from '../../kernels/arena.js';
import { openSource } from '../../scan/source.js';
import { batchOf } from '../../scan/values.js';
import { PointReader, type PointReaderOptions, type PointRoom } from './point-reader.js';

/** The most points of which a bucket and the next are held at once: 16 MiB of doubles. */
const MOST_POINTS = 2 ** 20;
/** Points that are read before the next are chosen: they stay in the second-level cache. */
const USUAL_POINTS = 4 * BLOCK_ROWS;
/** Buckets of which points are chosen at once. */
const MOST_BUCKETS = 4096;

export interface LttbOptions extends PointReaderOptions {
  /** The most points, at least 2. */
  budget: number;
  /** Called at least every few milliseconds. */
  check: () => void;
}

export interface LttbRows {
  /** What `lttb` chooses of the points, and of each gap between two of them the first row; ascending. */
  rows: Uint32Array<ArrayBuffer>;
  points: number;
  /** Bytes that were read. */
  bytes: number;
}

/**
 * What `lttb` chooses of rows that ascend with x, block by block, each row read once. Null where buckets are too
 * large to be held; and where x takes more than 64 bits less its origin.
 */
export function lttbByRange(options: LttbOptions): LttbRows | null {
  const { budget, from, to } = options;
  if (!offsetsFit(options)) return null;
  const reader = new PointReader(options);
  const { count, hasGaps } = reader;
  const chosen = chooseRanks(reader, options);
  if (chosen === null) return null;
  const { ranks, rows } = chosen;
  const bytes = reader.rowBytes * (to - from);
  if (!hasGaps) return { rows, points: count, bytes };
  const kept = new Uint32Array(2 * Math.min(count, budget));
  let size = 0;
  for (let k = 0; k < rows.length; k++) {
    // Between neighbours in rank that are no neighbours in rows there is a gap.
    if (k > 0 && rows[k]! - rows[k - 1]! > ranks[k]! - ranks[k - 1]!) {
      if (k % 64 === 0) options.check();
      kept[size++] = reader.firstGap(rows[k - 1]! + 1, rows[k]!);
    }
    kept[size++] = rows[k]!;
  }
  return { rows: kept.slice(0, size), points: count, bytes };
}

/** The points that are chosen: their places among all of them, and their rows. */
function chooseRanks(
  reader: PointReader,
  { budget, arena, kernels, from, check }: LttbOptions,
): { ranks: Uint32Array; rows: Uint32Array<ArrayBuffer> } | null {
  const { count, hasGaps } = reader;
  if (count === 0) return { ranks: EMPTY, rows: EMPTY };
  const isAll = count <= budget;
  // The first and the last point are always kept, so the buckets share the points between them.
  const buckets = isAll ? 0 : budget - 2;
  const size = (count - 2) / buckets;
  const startOf = (bucket: number): number => Math.floor(bucket * size) + 1;
  const least = buckets === 0 ? 0 : Math.ceil(3 * size);
  if (least > MOST_POINTS) return null;
  const capacity = Math.max(USUAL_POINTS, least) + BLOCK_ROWS;
  const room = roomFor(capacity, hasGaps, arena);
  const starts = arena.i32(MOST_BUCKETS + 2);
  const means = arena.f64(2 * MOST_BUCKETS + 2);
  const picked = arena.i32(MOST_BUCKETS);
  const last = arena.f64(2);

  const ranks = new Uint32Array(isAll ? count : budget);
  const rows = new Uint32Array(ranks.length);
  let kept = 0;
  const keep = (place: number): void => {
    ranks[kept] = base + place;
    rows[kept++] = room.rows === null ? from + base + place : room.rows[place]!;
  };
  // The room holds the points from rank `base` on, `held` of them.
  let base = 0;
  let held = 0;
  const holds = (rank: number): boolean => rank < base + held;
  const fill = (): void => {
    while (base + held < count && held + BLOCK_ROWS <= capacity) held += reader.read(room, held);
  };
  const skipTo = (rank: number): void => {
    const by = Math.min(held, rank - base);
    room.xs.copyWithin(0, by, held);
    room.ys.copyWithin(0, by, held);
    room.rows?.copyWithin(0, by, held);
    base += by;
    held -= by;
    fill();
  };
  fill();
  keep(0);
  last[0] = room.xs[0]!;
  last[1] = room.ys[0]!;
  for (let bucket = 0; bucket < buckets;) {
    check();
    skipTo(startOf(bucket));
    let chosen = 0;
    starts[0] = 0;
    for (; chosen < MOST_BUCKETS && bucket + chosen < buckets; chosen++) {
      const next = bucket + chosen + 1;
      const nextEnd = next === buckets ? count : startOf(next + 1);
      if (nextEnd > base + held) break;
      starts[chosen + 1] = startOf(next) - base;
      starts[chosen + 2] = nextEnd - base;
    }
    kernels.triangles(room.xs, room.ys, starts, chosen, last, means, picked);
    for (let k = 0; k < chosen; k++) keep(picked[k]!);
    bucket += chosen;
  }
  const end = isAll ? 1 : count - 1;
  for (let rank = end; rank < count; rank++) {
    while (!holds(rank)) {
      check();
      skipTo(base + held);
    }
    keep(rank - base);
  }
  return { ranks, rows };
}

function roomFor(capacity: number, hasGaps: boolean, arena: Arena): PointRoom {
  return {
    xs: arena.f64(capacity),
    ys: arena.f64(capacity),
    rows: hasGaps ? arena.u32(capacity) : null,
  };
}

/** Whether 64-bit integers less their origin are such integers themselves, and doubles that are subtracted are exact. */
function offsetsFit({ table, x, offset: { origin }, from, to }: LttbOptions): boolean {
  if (typeof origin !== 'bigint' || from === to) return true;
  const isSafe = Number.isSafeInteger(Number(origin));
  let firstRow = 0;
  for (const [batch, rows] of table.batchRows.entries()) {
    const start = Math.max(0, from - firstRow);
    const end = Math.min(rows, to - firstRow);
    firstRow += rows;
    if (start >= end) continue;
    const { numbers, bigints } = openSource(table, batchOf(table, x, batch));
    if (numbers !== undefined ? !isSafe : bigints === undefined) return false;
    for (const i of [start, end - 1]) {
      const offset = bigints === undefined ? 0n : bigints[i]! - origin;
      if (BigInt.asIntN(64, offset) !== offset) return false;
    }
  }
  return true;
}

const EMPTY = new Uint32Array(0);
