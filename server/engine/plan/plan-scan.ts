import type { Predicate } from '../../../workers/scan/predicate.js';
import type { ColumnScope } from '../columns.js';
import type { KeptFilters } from '../kept-filters.js';
import { leftOut, reachOfScan, type ScanReach } from '../scan-plan.js';
import { openStretches } from '../zone-map.js';
import type { Plan } from './plan.js';

/** A scan as it would be made now: its columns, and the batches and blocks that are known to hold no match. */
export function planScan(
  scope: ColumnScope,
  predicate: Predicate | null,
  kept: KeptFilters | undefined,
): Plan {
  const all = openStretches(predicate, scope);
  const stretches = kept === undefined ? all : kept.withKnownBlocks(predicate, scope, all);
  const reach = reachOfScan(stretches, (batch) => scope.bytesOf(batch));
  return {
    tier: 'scan',
    reason: reasonOf(reach, scope),
    ...totals(reach),
    others: [],
    indexes: [],
  };
}

function totals({ rows, bytes }: ScanReach): { rows: number; bytes: number } {
  return { rows, bytes };
}

function reasonOf(reach: ScanReach, { batchRows }: ColumnScope): string {
  return ['a scan of the rows', ...leftOut(reach, batchRows.length)].join('; ');
}
