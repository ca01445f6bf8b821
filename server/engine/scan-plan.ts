import type { FramePlan } from '../../protocol/frame.js';
import { BLOCK_ROWS, type TableView } from '../../workers/columns.js';
import { blocksLeft, type Stretch } from '../../workers/scan/stretch.js';
import type { Selection } from '../../workers/select/selection.js';

/** What a run knows of its scans. */
export interface Scanned {
  table: TableView;
  stretches: readonly Stretch[];
  selection: Selection;
  /** How many filters the question has. */
  filters: number;
  /** Scans made so far. */
  scans: number;
  /** Of so many batches, the first ones, no row was looked at. */
  keptBatches: number;
}

/** What the scans of a run have looked at, and what they could leave out: all columns of these blocks. */
export function scanPlan({
  stretches,
  table,
  scans,
  selection,
  filters,
  keptBatches,
}: Scanned): FramePlan {
  const known = Number.isFinite(keptBatches) ? keptBatches : 0;
  const looked = known === 0 ? stretches : stretches.filter(({ batch }) => batch >= known);
  const reach = reachOfScan(looked, (batch) => {
    let bytes = 0;
    for (const { batches: parts } of table.columns) {
      const { data, offsets, validity } = parts[batch]!;
      bytes += (data?.length ?? 0) + (offsets?.length ?? 0) + (validity?.length ?? 0);
    }
    for (const kept of selection.kept ?? []) bytes += kept[batch]?.length ?? 0;
    return bytes;
  });
  const kept = selection.kept?.length ?? 0;
  const reason = [
    scans === 1 ? 'one scan of the rows' : `${scans} scans of the rows`,
    ...(known === 0 ? [] : [`what ${known} of ${table.batchRows.length} batches come to was kept`]),
    ...leftOut(reach, table.batchRows.length - known),
    ...(kept === 0 ? [] : [`${kept} of ${ofFilters(filters)}`]),
  ].join('; ');
  return { tier: 'scan', reason, rowsTouched: reach.rows, bytesTouched: reach.bytes };
}

/** How much of a table a scan looks at. */
export interface ScanReach {
  rows: number;
  bytes: number;
  batches: number;
  /** Blocks of these batches, and how many of them are looked at. */
  blocks: number;
  left: number;
}

/** What a scan of `stretches`, in row order, looks at, where a whole batch has the bytes that `bytesOf` gives. */
export function reachOfScan(
  stretches: readonly Stretch[],
  bytesOf: (batch: number) => number,
): ScanReach {
  const reach = { rows: 0, bytes: 0, batches: 0, blocks: 0, left: 0 };
  for (let i = 0; i < stretches.length;) {
    const { batch } = stretches[i]!;
    let blocks = 0;
    let left = 0;
    for (; i < stretches.length && stretches[i]!.batch === batch; i++) {
      const stretch = stretches[i]!;
      const length = stretch.to - stretch.from;
      const own = blocksLeft(stretch);
      blocks += Math.ceil(length / BLOCK_ROWS);
      left += own;
      reach.rows += Math.min(length, own * BLOCK_ROWS);
    }
    reach.batches++;
    reach.blocks += blocks;
    reach.left += left;
    reach.bytes += Math.round((bytesOf(batch) * left) / blocks);
  }
  return reach;
}

/** What a scan leaves out of a table of so many batches, as parts of a reason. */
export function leftOut({ batches, blocks, left }: ScanReach, of: number): string[] {
  return [
    ...(batches === of ? [] : [`${of - batches} of ${of} batches cannot match`]),
    ...(left === blocks ? [] : [`${blocks - left} of ${blocks} blocks cannot match`]),
  ];
}

function ofFilters(count: number): string {
  return count === 1 ? '1 filter from its bits' : `${count} filters from their bits`;
}
