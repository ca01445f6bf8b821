import type { Engine } from '../engine/engine.js';
import type { Snapshot } from '../snapshots/manifest.js';

/** Which snapshots are being answered from. */
export interface Holds {
  has(dir: string): boolean;
  /** Marks a snapshot as in use until the given function is called. */
  take(snapshot: Pick<Snapshot, 'dir'>): () => void;
}

export function createHolds(): Holds {
  const counts = new Map<string, number>();
  return {
    has: (dir) => counts.has(dir),
    take({ dir }) {
      counts.set(dir, (counts.get(dir) ?? 0) + 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        const left = counts.get(dir)! - 1;
        if (left > 0) counts.set(dir, left);
        else counts.delete(dir);
      };
    },
  };
}

/** An engine that marks each snapshot as in use while it answers from it: its files stay until then. */
export function holdingEngine(engine: Engine, holds: Pick<Holds, 'take'>): Engine {
  const hold = async <T>(snapshot: Snapshot, work: () => Promise<T>): Promise<T> => {
    const release = holds.take(snapshot);
    try {
      return await work();
    } finally {
      release();
    }
  };
  return {
    frame: (snapshot, query, signal) => hold(snapshot, () => engine.frame(snapshot, query, signal)),
    plan: (snapshot, query) => hold(snapshot, () => engine.plan(snapshot, query)),
    cubes(snapshot, ask, signal) {
      const cubes = engine.cubes(snapshot, ask, signal);
      const release = holds.take(snapshot);
      void Promise.allSettled(cubes).then(release);
      return cubes;
    },
    sample: (snapshot, query, signal) =>
      hold(snapshot, () => engine.sample(snapshot, query, signal)),
    values: (snapshot, ask, signal) => hold(snapshot, () => engine.values(snapshot, ask, signal)),
    row: (snapshot, row, signal) => hold(snapshot, () => engine.row(snapshot, row, signal)),
    async *rows(snapshot, filters, signal) {
      const release = holds.take(snapshot);
      try {
        yield* engine.rows(snapshot, filters, signal);
      } finally {
        release();
      }
    },
  };
}
