import type { Aggregate } from '../../../protocol/query.js';
import { doubleLiteral } from './literal.js';
import { isNumber, numberSql, type SqlColumn } from './sql-column.js';

/**
 * An aggregate as SQL: its value as a double, and how far from it the frame's may be. Nulls and NaN do not count. All
 * others than sums, means and quantiles are exact.
 */
export interface AggregateSql {
  value: string;
  slack: string;
  /** What the slack is, in words. */
  tolerance?: string;
}

/** The spacing of doubles at 1, as SQL. */
const STEP = doubleLiteral(2 ** -52);
const NONE = doubleLiteral(0);

export function aggregateSql(
  { op, column: named, p }: Aggregate,
  measure: SqlColumn | undefined,
): AggregateSql {
  // Rows are counted, unless a column is named whose values are meant.
  if (measure === undefined || (op === 'count' && named === undefined))
    return { value: 'count(*)::DOUBLE', slack: NONE };
  const isFloat = measure.logical.kind === 'float';
  const { id } = measure;
  const counted = isFloat ? ` FILTER (NOT isnan(${id}))` : '';
  if (op === 'count') return { value: `(count(${id})${counted})::DOUBLE`, slack: NONE };
  if (op === 'distinct') return { value: `(count(DISTINCT ${id})${counted})::DOUBLE`, slack: NONE };
  if (!isNumber(measure)) throw new Error(`No ${op} of "${measure.name}".`);
  const number = numberSql(measure);
  switch (op) {
    case 'min':
    case 'max':
      return { value: `${op}(${number})${counted}`, slack: NONE };
    case 'median':
    case 'quantile': {
      const share = op === 'median' ? 0.5 : p!;
      return {
        value: `(quantile_cont(${number}, ${doubleLiteral(share)})${counted})`,
        slack: `4e0 * ${STEP} * coalesce(max(abs(${number}))${counted}, 0e0)`,
        tolerance: 'a quantile: 2^-50 of the greatest magnitude among its values',
      };
    }
    case 'sum':
    case 'mean':
      return isFloat ? floatSum(op, id, counted) : integerSum(op, measure);
  }
}

/** SQL adds with compensation, which errs by at most two roundings of the sum of magnitudes. */
function floatSum(op: 'sum' | 'mean', id: string, counted: string): AggregateSql {
  const infinite = `count(*) FILTER (isinf(${id}))`;
  const sum = `CASE WHEN ${infinite} > 0 THEN sum(${id})${counted} ELSE fsum(${id})${counted} END`;
  const slack = `2e0 * ${STEP} * coalesce(fsum(abs(${id}))${counted}, 0e0)`;
  if (op === 'sum') {
    const tolerance = 'a sum of doubles: 2^-51 of the sum of their magnitudes';
    return { value: `(${sum})`, slack, tolerance };
  }
  const count = `count(${id})${counted}`;
  return {
    value: `((${sum}) / ${count})`,
    slack: `(${slack}) / greatest(${count}, 1)`,
    tolerance: 'a mean of doubles: 2^-51 of the mean of their magnitudes',
  };
}

/** Whole numbers are added exactly, a decimal's without its point; what follows is rounded a few times. */
function integerSum(op: 'sum' | 'mean', measure: SqlColumn): AggregateSql {
  const { id, logical } = measure;
  const scale = logical.kind === 'decimal' ? logical.scale : 0;
  const whole = scale === 0 ? `${id}::HUGEINT` : `replace(${id}::VARCHAR, '.', '')::HUGEINT`;
  // HUGEINT is cast to a double beside the nearest one; its text becomes the nearest.
  const sum = `(sum(${whole})::VARCHAR)::DOUBLE / ${doubleLiteral(10 ** scale)}`;
  const value = op === 'sum' ? `(${sum})` : `(${sum} / count(${id}))`;
  return {
    value,
    slack: `2e0 * ${STEP} * abs(coalesce(${value}, 0e0))`,
    tolerance: `a ${op} of whole numbers or decimals: 2^-51 of itself`,
  };
}
