import type { IndexOf } from '../../indexes/index-kind.js';
import { tilesOf } from '../../indexes/tiles.js';
import type { IndexPart } from '../../memory/buffers.js';
import type { Axis } from '../axis.js';
import type { ColumnScope } from '../columns.js';
import type { Workshop } from '../with-run.js';
import { extentOf } from './batches.js';
import { findAll } from './find-all.js';
import type { Estimate } from './plan.js';
import { WORTH_BYTES } from './route-sorted.js';
import { positionOf } from './sizes.js';
import { quoted } from './sorted-line.js';

/** What is known of a scatter before it is planned. */
export interface TiledFacts {
  x: Axis;
  y: Axis;
  /** Cells of the picture. */
  cells: number;
  isColored: boolean;
}

/** How a scatter is computed, and why so. */
export type TilesRoute =
  | { tier: 'scan'; why?: string; wants: readonly IndexOf[]; missing?: string }
  | {
      tier: 'tiles';
      why: string;
      index: IndexOf;
      parts: readonly IndexPart[];
      reads: Estimate;
      /** Bytes of a scan: where more rows turn out to be in reach, it is one. */
      scannedBytes: number;
      /** They are asked for. */
      isForced: boolean;
    };

/** Why there are no tiles where a scan takes no longer. */
export const AS_QUICK = 'no tiles: a scan is as quick';

/** Bytes of an entry: a row, and its strips. */
const ENTRY_BYTES = 4;
/** What a row in reach costs, in bytes that a scan reads meanwhile, where most strips tell its cell: measured. */
const COUNTED = 35;
/** The same in a picture of so small a part of the rows that nearly all have to be looked up by their values. */
const LOOKED_UP = 110;
const SMALL_PART = 1 / 8;
/** A byte for each of so many fits the memory of the kernels, beside all else. */
const MOST_CELLS = 2 ** 24;
/** So large a share of the rows is not less than it seems. */
const NEARLY_ALL = 0.9;
/** Tables of fewer rows are scanned in a few milliseconds. */
const LEAST_ROWS = 2 ** 18;

/** What the tiles of a domain cost, by the statistics of the batches as if rows were evenly spread. */
export interface TilesCost {
  reads: Estimate;
  /** Bytes that a scan reads in that time. */
  asScanned: number;
}

export function weighTiles({ x, y }: TiledFacts, { batchRows, rows: all }: ColumnScope): TilesCost {
  let rows = 0;
  for (const [batch, count] of batchRows.entries()) {
    rows += count * shareOf(x, batch) * shareOf(y, batch);
  }
  return tilesCost(rows, all);
}

/** What it costs to go through `rows` of `all` rows by their tiles. */
export function tilesCost(rows: number, all: number): TilesCost {
  const isSmall = rows < all * SMALL_PART;
  return {
    reads: { rows, bytes: rows * (ENTRY_BYTES + (isSmall ? 16 : 2)) },
    asScanned: rows * (isSmall ? LOOKED_UP : COUNTED),
  };
}

/** Chooses how a scatter is computed by the bytes that would be read; `scanned` are those of a scan. */
export async function routeTiles(
  { indexes, tier }: Pick<Workshop, 'indexes' | 'tier'>,
  scope: ColumnScope,
  facts: TiledFacts,
  scanned: Estimate,
): Promise<TilesRoute> {
  const refusal = refusalOf(facts, scope, tier);
  if (refusal !== null) return { tier: 'scan', ...refusal, wants: [] };
  const { snapshot } = scope;
  const { reads, asScanned } = weighTiles(facts, scope);
  const index = tilesOf(
    positionOf(snapshot, facts.x.ref.name),
    positionOf(snapshot, facts.y.ref.name),
  );
  const isForced = tier === 'tiles';
  const isSlow = asScanned >= scanned.bytes;
  // How many rows there are is known for sure once the tiles are at hand; of all of them it is known before.
  if (!isForced && isSlow && reads.rows >= scope.rows * NEARLY_ALL) {
    return { tier: 'scan', why: AS_QUICK, wants: [] };
  }
  const found = await findAll([index], snapshot, indexes, isForced);
  if ('parts' in found) {
    const pair = `${quoted(facts.x.ref.name)} and ${quoted(facts.y.ref.name)}`;
    return {
      tier: 'tiles',
      why: `the tiles of ${pair}`,
      index,
      parts: found.parts[0]!,
      reads,
      scannedBytes: scanned.bytes,
      isForced,
    };
  }
  if (isSlow) return { tier: 'scan', why: AS_QUICK, wants: [] };
  const { missing } = found;
  const wants = scanned.bytes - asScanned >= WORTH_BYTES ? [index] : [];
  return { tier: 'scan', why: `no tiles: ${missing}`, wants, missing };
}

function refusalOf(
  { x, y, cells, isColored }: TiledFacts,
  { rows }: ColumnScope,
  tier: Workshop['tier'],
): { why?: string } | null {
  if (isColored) return { why: 'no tiles: rows have colors' };
  if (x.ref === y.ref) return { why: 'no tiles: both axes are of one column' };
  if (cells > MOST_CELLS) return { why: 'no tiles: the picture has too many cells' };
  if (tier === 'tiles') return null;
  if (tier !== undefined) return { why: 'asked for' };
  return rows < LEAST_ROWS ? {} : null;
}

/** About which share of the extent of a batch lies in the domain of an axis. */
function shareOf(axis: Axis, batch: number): number {
  const { given, ref } = axis;
  const { min, max } = ref.batches[batch]!;
  if (given === undefined || min === undefined || max === undefined) return 1;
  const [least, most] = extentOf(axis, batch) as readonly [number, number];
  const [low, high] = given as readonly [number, number];
  const whole = Number(most) - Number(least);
  const from = least > low ? least : low;
  const to = most < high ? most : high;
  if (from > to) return 0;
  return whole > 0 ? (Number(to) - Number(from)) / whole : 1;
}
