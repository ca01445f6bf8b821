import type { TallyForm } from '../../workers/tally/tally.js';
import type { ColumnRef, ColumnScope } from './columns.js';

/** Whole numbers that span at most this many values are counted in an array. */
const MAX_SMALL = 2 ** 16;

/** How the distinct values of a column are told apart fastest. */
export function tallyForm(ref: ColumnRef, scope: ColumnScope): TallyForm {
  const { logical, low, high, integers } = ref;
  if (logical.kind === 'boolean') return { form: 'codes', size: 2 };
  if (logical.kind === 'text' || logical.kind === 'binary') {
    const size = dictionarySize(ref, scope);
    return size === undefined ? { form: 'bytes' } : { form: 'codes', size };
  }
  if (logical.kind === 'float') return { form: 'f64' };
  if (integers === 'wide') return { form: 'wide' };
  if (integers === 'raw' && low !== undefined && high !== undefined) {
    const size = Number(high) - Number(low) + 1;
    if (size <= MAX_SMALL) return { form: 'small', base: Number(low), size };
  }
  // All values null: there is nothing to tell apart, whatever the form.
  return low === undefined ? { form: 'codes', size: 0 } : { form: 'i64' };
}

/** How many values the dictionary of a column has; undefined where it has none. */
export function dictionarySize({ name }: ColumnRef, scope: ColumnScope): number | undefined {
  const { columns, segments } = scope.snapshot.manifest;
  // The last segment has the whole dictionary: codes are append-only.
  const index = columns.findIndex(({ info }) => info.name === name);
  return segments.at(-1)?.columns[index]?.dictionary?.size;
}
