import type { ColorInfo } from '../../protocol/frame.js';
import { DEFAULT_TOP } from '../../protocol/limits.js';
import type { Query } from '../../protocol/query.js';
import type { SlotsPlan } from '../../workers/scan/slots.js';
import type { ColumnRef, ColumnScope } from './columns.js';
import type { Run } from './run.js';
import { tallyForm } from './tally-form.js';

/** The categories of a column that keep a color: their slots for the scan, their labels, and the legend. */
export interface Categories {
  slots: SlotsPlan;
  /** By slot: the kept ones, null (never written), the others. */
  labels: string[];
  info: ColorInfo & { kind: 'category' };
}

/** Finds the `top` most frequent values of a column among the matching rows. */
export async function resolveCategories(
  query: Query,
  ref: ColumnRef,
  scope: ColumnScope,
  run: Run,
): Promise<Categories> {
  const { result: tally } = await run.compute<'tally'>({
    kind: 'tally',
    column: ref.position,
    as: tallyForm(ref, scope),
  });
  const { nulls, counts } = tally;
  let rows = 0;
  for (const count of counts) rows += count;
  const limit = query.top ?? DEFAULT_TOP;
  const { values, total, keys } = await run.pick({
    column: ref.position,
    tally,
    limit,
    withNull: false,
  });
  const found = values.reduce((sum, { count }) => sum + count, 0);
  const kept = values.map(({ value, count }) => ({
    label: String(value),
    count: run.rowsFor(count),
    role: 'value' as const,
  }));
  const others = run.rowsFor(rows - found);
  const otherLabel = unused(
    'other',
    kept.map(({ label }) => label),
  );
  return {
    slots: { column: ref.position, keys },
    labels: [...kept.map(({ label }) => label), 'null', otherLabel],
    info: {
      kind: 'category',
      column: ref.name,
      categories: [
        ...kept,
        ...(nulls > 0 ? [{ label: 'null', count: run.rowsFor(nulls), role: 'null' as const }] : []),
        ...(others > 0 ? [{ label: otherLabel, count: others, role: 'other' as const }] : []),
      ],
      others: total - kept.length,
    },
  };
}

// A value may itself be called "other".
function unused(label: string, taken: readonly string[]): string {
  return taken.includes(label) ? unused(`${label} values`, taken) : label;
}
