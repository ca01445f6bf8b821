import type { Predicate } from '../../../workers/scan/predicate.js';
import { HalftoneError } from '../../errors.js';
import { sortOf } from '../../indexes/sort.js';
import { IndexDamaged } from '../../memory/lease.js';
import type { ColumnScope } from '../columns.js';
import type { Frame } from '../engine.js';
import type { SortRef } from '../page.js';
import type { Run } from '../run.js';
import { withRun, type Workshop } from '../with-run.js';
import { SortRun } from './sort-run.js';
import { quoted } from './sorted-line.js';

/** Fewer rows are put in order by a scan or two of a few milliseconds. */
export const LEAST_SORTED_ROWS = 2 ** 18;

/**
 * Computes a page of rows sorted by a column from its sort index; without one by scans, and has one built behind them. One that turns out
 * to be damaged is done without.
 */
export async function withSort(
  workshop: Workshop,
  scope: ColumnScope,
  predicate: Predicate | null,
  by: SortRef,
  answer: (run: Run) => Promise<Frame>,
  signal?: AbortSignal,
): Promise<Frame> {
  const { snapshot } = scope;
  const { indexes, tier } = workshop;
  const name = quoted(by.ref.name);
  if (tier === 'scan') return scanned('asked for');
  if (indexes === undefined) return scanned(`no order of ${name}: none are kept`);
  const index = sortIndexOf(scope, by);
  const found = await indexes.find(snapshot, index);
  if ('missing' in found) {
    if (scope.rows < LEAST_SORTED_ROWS) return scanned('few rows');
    const frame = await scanned(`no order of ${name}: ${found.missing}`);
    void buildAndBring();
    return frame;
  }
  try {
    return await withRun(workshop, scope, predicate, answer, signal, {
      beside: {
        parts: found.parts,
        open: (options, parts) => new SortRun({ by, parts, ...options }),
      },
    });
  } catch (error) {
    if (error instanceof HalftoneError && error.code === 'MEMORY_EXHAUSTED') {
      return scanned(`no order of ${name}: it does not fit into memory`);
    }
    if (!(error instanceof IndexDamaged)) throw error;
    await indexes.drop(snapshot, index);
    const frame = await scanned(error.message);
    void buildAndBring();
    return frame;
  }

  // The next page is asked for soon: its order is in memory by then.
  async function buildAndBring(): Promise<void> {
    await indexes?.build(snapshot, index);
    const built = await indexes?.find(snapshot, index);
    if (built === undefined || 'missing' in built) return;
    const brought = workshop.store.lease(snapshot, [], { batches: [], parts: built.parts });
    // What is wrong with it, who needs it will tell.
    await brought.then((lease) => lease.release()).catch(() => undefined);
  }

  async function scanned(why: string): Promise<Frame> {
    const frame = await withRun(workshop, scope, predicate, answer, signal);
    return { ...frame, plan: { ...frame.plan, reason: `${frame.plan.reason}; ${why}` } };
  }
}

/** The sort index of a column that a query reads. */
export function sortIndexOf(
  { snapshot }: ColumnScope,
  { ref }: SortRef,
): ReturnType<typeof sortOf> {
  return sortOf(snapshot.manifest.columns.findIndex(({ info }) => info.name === ref.name));
}
