import type { JsonValue } from '../../protocol/column.js';
import type { ActiveView } from '../../protocol/cube.js';
import type { Filter, Query } from '../../protocol/query.js';
import { readCube, type Cube } from '../../client/cube/read-cube.js';
import { createEngine } from '../../server/engine/create-engine.js';
import type { Engine, Frame } from '../../server/engine/engine.js';
import { barKeys } from '../../server/frames/bar-keys.js';
import { writeText } from '../../workers/text/write-text.js';
import { inlinePool } from './inline-pool.js';
import type { MemorySnapshot } from './memory-snapshot.js';

export interface CubesMade {
  engine: Engine;
  /** The frames without a brush, of the full queries. */
  queries: Query[];
  frames: Frame[];
  cubes: Frame[];
  read: Cube[];
}

/** The brush cubes of views over a snapshot in memory, and the frames that they follow. */
export async function cubesOf(
  { snapshot, store }: MemorySnapshot,
  active: ActiveView,
  views: readonly Partial<Query>[],
  { filters = [], threads = 3 }: { filters?: Filter[]; threads?: number } = {},
): Promise<CubesMade> {
  // Whatever may be known or kept of filters is.
  const known = { leastZonedRows: 0, isWorthKeeping: () => true };
  const engine = createEngine({ store, pool: inlinePool(threads), ...known });
  const queries = views.map((view): Query => ({
    dataset: 'test',
    mark: 'bar',
    ...view,
    filters: [...filters, ...(view.filters ?? [])],
  }));
  const frames = await Promise.all(queries.map((query) => engine.frame(snapshot, query)));
  const asked = await Promise.all(
    queries.map(async (query, i) => {
      const frame = frames[i]!;
      const keys: JsonValue[] = await barKeys(query, frame, async (task) => writeText(task));
      return { query, frame, keys };
    }),
  );
  const cubes = await Promise.all(engine.cubes(snapshot, { active, filters, views: asked }));
  return { engine, queries, frames, cubes, read: cubes.map(({ bytes }) => readCube(bytes)) };
}
