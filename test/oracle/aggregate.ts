import type { Aggregate } from '../../protocol/query.js';
import { must, mustBe } from './must.js';
import type { OracleColumn } from './table.js';

/** An aggregate as SQL over a number column: nulls and NaN do not count. */
export function aggregateSql(
  { op, p, column: named }: Aggregate,
  column: OracleColumn | undefined,
): string {
  // Rows are counted, unless a column is named whose values are meant.
  if (column === undefined || (op === 'count' && named === undefined)) return 'count(*)::DOUBLE';
  const value = `CASE WHEN isnan("${column.name}"::DOUBLE) THEN NULL ELSE "${column.name}"::DOUBLE END`;
  switch (op) {
    case 'count':
      return `count(${value})::DOUBLE`;
    case 'mean':
      return `avg(${value})`;
    case 'median':
      return `quantile_cont(${value}, 0.5)`;
    case 'quantile':
      return `quantile_cont(${value}, ${p})`;
    case 'distinct':
      return `count(DISTINCT CASE WHEN isnan("${column.name}"::DOUBLE) THEN NULL ELSE "${column.name}" END)::DOUBLE`;
    default:
      return `${op}(${value})`;
  }
}

/** The same aggregate in plain JavaScript, over the doubles of some rows. */
export function aggregateOf(
  { op, p, column: named }: Aggregate,
  column: OracleColumn | undefined,
  rows: readonly number[],
): number | null {
  if (column === undefined || (op === 'count' && named === undefined)) return rows.length;
  const values = rows.map((row) => column.doubles[row]!).filter((value) => !Number.isNaN(value));
  if (op === 'count') return values.length;
  if (op === 'distinct') return new Set(values.map((value) => value + 0)).size;
  if (values.length === 0) return null;
  const sum = values.reduce((total, value) => total + value, 0);
  switch (op) {
    case 'sum':
      return sum;
    case 'mean':
      return sum / values.length;
    case 'min':
      return values.reduce((least, value) => Math.min(least, value));
    case 'max':
      return values.reduce((most, value) => Math.max(most, value));
    default: {
      const sorted = Float64Array.from(values).sort();
      const at = (op === 'median' ? 0.5 : p!) * (sorted.length - 1);
      const low = sorted[Math.floor(at)]!;
      const high = sorted[Math.ceil(at)]!;
      const share = at - Math.floor(at);
      return low === high ? low : low * (1 - share) + high * share;
    }
  }
}

/** Sums of doubles differ in their last places with the order of addition; nothing else may differ. */
export function mustBeAggregate(
  found: number | null,
  wanted: number | null,
  { op }: Aggregate,
  column: OracleColumn | undefined,
  what: string,
): void {
  if (wanted === null || found === null || !Number.isFinite(wanted)) {
    mustBe(found, wanted, what);
    return;
  }
  const scale = Math.max(column?.magnitude ?? 1, Math.abs(wanted));
  const slack = (op === 'sum' || op === 'mean' ? 1e-9 : 1e-12) * scale;
  must(
    Math.abs(found - wanted) <= slack,
    () => `Expected ${what} to be ${wanted}, found ${found}.`,
  );
}
