import type { Predicate } from '../../../workers/scan/predicate.js';
import type { ColumnScope } from '../columns.js';
import type { KeptFilters } from '../kept-filters.js';
import { leftOut, reachOfScan, type ScanReach } from '../scan-plan.js';
import { openStretches } from '../zone-map.js';
import type { Estimate, Plan } from './plan.js';

/** What a scan would read now. */
export function scanReads(
  scope: ColumnScope,
  predicate: Predicate | null,
  kept: KeptFilters | undefined,
): Estimate {
  return predicate === null
    ? { rows: scope.rows, bytes: scope.bytes }
    : totals(reachOf(scope, predicate, kept));
}

/** A scan as it would be made now: its columns, and the batches and blocks that are known to hold no match. */
export function planScan(
  scope: ColumnScope,
  predicate: Predicate | null,
  kept: KeptFilters | undefined,
): Plan {
  const reach = reachOf(scope, predicate, kept);
  return {
    tier: 'scan',
    reason: reasonOf(reach, scope),
    ...totals(reach),
    others: [],
    indexes: [],
  };
}

function reachOf(
  scope: ColumnScope,
  predicate: Predicate | null,
  kept: KeptFilters | undefined,
): ScanReach {
  const all = openStretches(predicate, scope);
  const stretches = kept === undefined ? all : kept.withKnownBlocks(predicate, scope, all);
  return reachOfScan(stretches, (batch) => scope.bytesOf(batch));
}

function totals({ rows, bytes }: ScanReach): Estimate {
  return { rows, bytes };
}

function reasonOf(reach: ScanReach, { batchRows }: ColumnScope): string {
  return ['a scan of the rows', ...leftOut(reach, batchRows.length)].join('; ');
}
