import { resolveAggregate } from '../aggregate.js';
import { frameBase } from '../frame-base.js';
import type { MarkEngine } from '../mark-engine.js';

/** One number: the aggregate of the matching rows. */
export const value: MarkEngine = (query, scope) => {
  const aggregate = resolveAggregate(query, scope);
  return async (run) => {
    const { result } = await run.compute<'value'>(
      { kind: 'value', aggregate },
      { frame: frameBase(query, scope), ordered: true },
    );
    return result;
  };
};
