import type { FramePlan } from '../../protocol/frame.js';
import { BLOCK_ROWS } from '../../workers/columns.js';
import { blocksLeft } from '../../workers/scan/stretch.js';
import type { Run } from './run.js';

/** What the scans of a run have looked at, and what they could leave out: all columns of these blocks. */
export function scanPlan({ stretches, table, scans, selection, filters }: Run): FramePlan {
  const batches = new Map<number, { blocks: number; left: number }>();
  let rowsTouched = 0;
  let blocks = 0;
  let left = 0;
  for (const stretch of stretches) {
    const { batch, from, to } = stretch;
    const all = Math.ceil((to - from) / BLOCK_ROWS);
    const own = blocksLeft(stretch);
    const sum = batches.get(batch) ?? { blocks: 0, left: 0 };
    batches.set(batch, { blocks: sum.blocks + all, left: sum.left + own });
    rowsTouched += Math.min(to - from, own * BLOCK_ROWS);
    blocks += all;
    left += own;
  }
  let bytesTouched = 0;
  for (const [batch, own] of batches) {
    let bytes = 0;
    for (const { batches: parts } of table.columns) {
      const { data, offsets, validity } = parts[batch]!;
      bytes += (data?.length ?? 0) + (offsets?.length ?? 0) + (validity?.length ?? 0);
    }
    for (const kept of selection.kept ?? []) bytes += kept[batch]?.length ?? 0;
    bytesTouched += Math.round((bytes * own.left) / own.blocks);
  }
  const skipped = table.batchRows.length - batches.size;
  const kept = selection.kept?.length ?? 0;
  const reason = [
    scans === 1 ? 'one scan of the rows' : `${scans} scans of the rows`,
    ...(skipped === 0 ? [] : [`${skipped} of ${table.batchRows.length} batches cannot match`]),
    ...(left === blocks ? [] : [`${blocks - left} of ${blocks} blocks cannot match`]),
    ...(kept === 0 ? [] : [`${kept} of ${ofFilters(filters)}`]),
  ].join('; ');
  return { tier: 'scan', reason, rowsTouched, bytesTouched };
}

function ofFilters(count: number): string {
  return count === 1 ? '1 filter from its bits' : `${count} filters from their bits`;
}
