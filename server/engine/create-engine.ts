import type { Pyramids } from '../indexes/pyramids.js';
import type { ColumnStore } from '../memory/lease.js';
import { inBackground, type Pool } from '../pool.js';
import { CancelWords } from './cancel-words.js';
import type { Engine } from './engine.js';
import { exportRows } from './export-rows.js';
import { computeFrame } from './frame.js';
import type { Tier } from './plan/route.js';
import { readRow } from './read-row.js';
import { ValueCounts } from './values.js';
import type { Workshop } from './with-run.js';

export interface EngineOptions {
  store: ColumnStore;
  pool: Pool;
  /** Absent where no index is kept. */
  pyramids?: Pyramids;
  /** Asks for a way to compute lines, for tests and benches. */
  tier?: Tier;
}

/** The engine that scans columns in memory. */
export function createEngine({ store, pool, pyramids, tier }: EngineOptions): Engine {
  const workshop: Workshop = { store, pool, words: new CancelWords(), pyramids, tier };
  const counts = new ValueCounts(workshop);
  const aside = { ...workshop, pool: inBackground(pool) };
  return {
    frame: (snapshot, query, signal) => computeFrame(workshop, snapshot, query, signal),
    values: (snapshot, request, signal) => counts.values(snapshot, request, signal),
    row: (snapshot, row, signal) => readRow(store, snapshot, row, signal),
    rows: (snapshot, filters, signal) => exportRows(aside, snapshot, filters, signal),
  };
}
