import type { Span } from '../../workers/columns.js';
import type { MemoryUnit, Residents } from './residents.js';
import type { WaitingLine } from './waiting-line.js';

/**
 * Of the memory for columns, what is made of them may take this part: it is worth less than the columns themselves,
 * without which nothing can be made anew.
 */
const SHARE = 1 / 8;

/**
 * Room beside the columns, within the same budget, for what is made of them and can be made again at any time. What was
 * used longest ago gives way first, and nothing that is held.
 */
export interface DerivedStore {
  /**
   * Holds units, made or not; undefined where there is no room for all of them, or others wait for memory. Never waits.
   * Whoever gets a hold calls `setMaking` for all that is missing before anybody else runs.
   */
  hold(units: readonly MemoryUnit[]): DerivedHold | undefined;
}

export interface DerivedHold {
  /** Those that have to be made: nobody else does it. */
  missing: readonly MemoryUnit[];
  spanOf(unit: MemoryUnit): Span;
  /** What spans lie in. */
  slabs: readonly SharedArrayBuffer[];
  /** Takes in that missing units are being made. Where that fails they go, with the last who holds them. */
  setMaking(units: readonly MemoryUnit[], made: Promise<void>): void;
  /** Resolves once every unit is made; rejects where one could not be. */
  ready(): Promise<void>;
  /** To be called once, when no task reads any unit of it. */
  release(): void;
}

export function createDerivedStore(residents: Residents, line: WaitingLine): DerivedStore {
  const maxBytes = residents.budgetBytes * SHARE;
  // In the order of their last use. Some may have given way to columns since.
  const known = new Map<string, number>();
  let bytes = 0;

  function note(units: readonly MemoryUnit[]): void {
    for (const unit of units) {
      const { key } = unit;
      const own = residents.roundUp([unit]);
      if (known.delete(key)) bytes -= own;
      known.set(key, own);
      bytes += own;
    }
    for (const [key, own] of known) {
      if (bytes <= maxBytes) return;
      if (!residents.discard({ key })) continue;
      known.delete(key);
      bytes -= own;
    }
  }

  function unpin(units: readonly MemoryUnit[], failed = false): void {
    residents.unpin(units, failed);
    line.advance();
  }

  return {
    hold(units) {
      if (!line.isEmpty || residents.roundUp(units) > maxBytes) return undefined;
      const missing = residents.pin(units);
      if (missing === undefined) return undefined;
      note(units);
      return {
        missing,
        slabs: residents.slabs,
        spanOf: (unit) => ({ ...residents.runOf(unit), length: unit.bytes }),
        setMaking(made, promise) {
          residents.setReady(made, promise);
          promise.then(
            () => unpin(made),
            () => unpin(made, true),
          );
        },
        ready: async () => {
          await residents.readyOf(units);
        },
        release: () => unpin(units),
      };
    },
  };
}
