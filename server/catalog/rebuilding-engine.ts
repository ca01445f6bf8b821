import type { Engine } from '../engine/engine.js';
import { HalftoneError } from '../errors.js';
import type { Snapshot } from '../snapshots/manifest.js';
import type { Catalog } from './catalog.js';

/**
 * An engine that has a damaged snapshot built anew from its source. Whoever asked is told to ask again: the damage
 * was seen before anything was answered.
 */
export function rebuildingEngine(engine: Engine, catalog: Pick<Catalog, 'rebuild'>): Engine {
  const answer = (snapshot: Snapshot, error: unknown): unknown =>
    error instanceof HalftoneError && error.code === 'CACHE_DAMAGED'
      ? catalog.rebuild(snapshot, error)
      : error;
  const guard = async <T>(snapshot: Snapshot, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw answer(snapshot, error);
    }
  };
  return {
    frame: (snapshot, query, signal) => guard(snapshot, engine.frame(snapshot, query, signal)),
    plan: (snapshot, query) => engine.plan(snapshot, query),
    cubes: (snapshot, ask, signal) =>
      engine.cubes(snapshot, ask, signal).map((cube) => guard(snapshot, cube)),
    sample: (snapshot, query, signal) => guard(snapshot, engine.sample(snapshot, query, signal)),
    values: (snapshot, ask, signal) => guard(snapshot, engine.values(snapshot, ask, signal)),
    row: (snapshot, row, signal) => guard(snapshot, engine.row(snapshot, row, signal)),
    async *rows(snapshot, filters, signal) {
      try {
        yield* engine.rows(snapshot, filters, signal);
      } catch (error) {
        throw answer(snapshot, error);
      }
    },
  };
}
