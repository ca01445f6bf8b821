import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createEngine } from '../../../server/engine/create-engine.js';
import type { Engine } from '../../../server/engine/engine.js';
import type { Tier } from '../../../server/engine/plan/route-options.js';
import { createIndexes, type Indexes } from '../../../server/indexes/indexes.js';
import { createColumnStore, type ResidentColumns } from '../../../server/memory/columns.js';
import type { Pool } from '../../../server/pool.js';
import { readSpans } from '../../../workers/read-spans.js';
import { inlinePool } from '../../helpers/inline-pool.js';

/** What a process has of its own, as far as indexes need one: nothing is shared with another but the folder. */
export interface IndexedProcess {
  engine: Engine;
  indexes: Indexes;
  store: ResidentColumns;
  /** Names of the tasks that were run. */
  tasks: string[];
}

export interface ProcessOptions {
  mayWrite?: boolean;
  /** The tier that every frame is to come by. */
  tier?: Tier;
  budgetBytes?: number;
  pool?: Pool;
}

/** Starts a process over whatever is in the folder of a snapshot. */
export function start({
  mayWrite = true,
  tier,
  budgetBytes = 2 ** 28,
  pool = inlinePool(),
}: ProcessOptions = {}): IndexedProcess {
  const store = createColumnStore({
    read: async (task) => readSpans(task),
    budgetBytes,
    waitMs: 1,
  });
  const tasks: string[] = [];
  const watched: Pool = {
    ...pool,
    run: (name, task, options) => {
      tasks.push(name);
      return pool.run(name, task, options);
    },
  };
  const indexes = createIndexes({ store, pool: watched, mayWrite: () => mayWrite });
  const parts = { store, pool: watched, indexes, ...(tier && { tier }) };
  return { engine: createEngine(parts), indexes, store, tasks };
}

/** What may have become of the file of an index while nobody used it, to follow "that is". */
export const DAMAGES: readonly (readonly [name: string, damage: (path: string) => void])[] = [
  ['truncated', (path) => truncateSync(path, 900)],
  ['cut off in its header', (path) => truncateSync(path, 40)],
  ['empty', (path) => truncateSync(path, 0)],
  ['longer than it was', (path) => writeFileSync(path, 'x', { flag: 'a' })],
  [
    'of an older version of its kind',
    (path) => {
      const bytes = readFileSync(path);
      bytes.writeUInt32LE(0, 16);
      writeFileSync(path, bytes);
    },
  ],
  ['deleted', (path) => rmSync(path)],
];
