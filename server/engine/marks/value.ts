import { resolveAggregate } from '../aggregate.js';
import { frameBase } from '../frame-base.js';
import type { MarkEngine } from '../mark-engine.js';
import { rowsIn } from '../run.js';
import { searchQuantile } from '../search-quantile.js';

/** Values that are collected in one scan rather than searched in several: some 20 MB of them. */
const FEW_VALUES = 2 ** 20;

/** One number: the aggregate of the matching rows. */
export const value: MarkEngine = (query, scope) => {
  const aggregate = resolveAggregate(query, scope);
  return async (run) => {
    const frame = frameBase(query, scope);
    if (aggregate.op === 'quantile' && run.isWhole && rowsIn(run.stretches) > FEW_VALUES) {
      const { matched, ...known } = await searchQuantile(run, aggregate.column, aggregate.p);
      return run.merge<'value'>({ kind: 'value', aggregate, known }, [], matched, { frame });
    }
    const { result } = await run.compute<'value'>(
      { kind: 'value', aggregate },
      { frame, ordered: true },
    );
    return result;
  };
};
