import type { Predicate } from '../../../workers/scan/predicate.js';
import type { ColumnScope } from '../columns.js';
import type { SortRef } from '../page.js';
import type { Workshop } from '../with-run.js';
import { otherWay, type Plan } from './plan.js';
import { quoted } from './sorted-line.js';
import { LEAST_SORTED_ROWS, sortIndexOf } from './with-sort.js';

/** Values that are compared to find a page, by the batch: about so many. */
const LOOKS = 450;
/** A place of the order, and a value. */
const LOOK_BYTES = 12;

/** Tells how a page of sorted rows would be found, beside `scan`. */
export async function planSort(
  { indexes, tier }: Workshop,
  scope: ColumnScope,
  predicate: Predicate | null,
  by: SortRef,
  scan: Plan,
): Promise<Plan> {
  const name = quoted(by.ref.name);
  if (indexes === undefined || tier === 'scan') return scan;
  const looks = LOOKS * scope.batchRows.length;
  const looked = { rows: looks, bytes: looks * LOOK_BYTES };
  const need = { kind: 'sort', columns: [by.ref.name] };
  const found = await indexes.find(scope.snapshot, sortIndexOf(scope, by));
  if ('missing' in found) {
    const wanted = scope.rows >= LEAST_SORTED_ROWS;
    const why = wanted ? `no order of ${name}: ${found.missing}` : 'few rows';
    return {
      ...scan,
      reason: `${scan.reason}; ${why}`,
      others: [...scan.others, otherWay('sub-index', why, looked)],
      indexes: [{ ...need, state: 'missing', reason: found.missing, wanted }],
    };
  }
  const order = `the order of ${name}`;
  return {
    tier: 'sub-index',
    ...(predicate === null
      ? { ...looked, reason: order }
      : {
          rows: looked.rows + scan.rows,
          bytes: looked.bytes + scan.bytes,
          reason: `${order}; ${scan.reason} for the filters`,
        }),
    others: [otherWay('scan', 'it would read every row', scan)],
    indexes: [{ ...need, state: 'ready' }],
  };
}
