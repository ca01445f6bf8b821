import { createDerivedStore, type DerivedStore } from '../../server/memory/derived.js';
import { Residents } from '../../server/memory/residents.js';
import { WaitingLine } from '../../server/memory/waiting-line.js';

/** Room for what is made of columns that lie in slabs of their own. */
export function derivedBeside(
  own: readonly SharedArrayBuffer[],
  budgetBytes = 64 * 2 ** 20,
): DerivedStore {
  const store = createDerivedStore(new Residents({ budgetBytes }), new WaitingLine());
  return {
    hold(units) {
      const hold = store.hold(units);
      if (hold === undefined) return undefined;
      return {
        ...hold,
        slabs: [...own, ...hold.slabs],
        spanOf(unit) {
          const span = hold.spanOf(unit);
          return { ...span, slab: own.length + span.slab };
        },
      };
    },
  };
}
