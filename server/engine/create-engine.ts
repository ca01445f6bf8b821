import type { Indexes } from '../indexes/indexes.js';
import type { ColumnStore } from '../memory/lease.js';
import { Turn } from '../memory/turn.js';
import { inBackground, type Pool } from '../pool.js';
import { CancelWords } from './cancel-words.js';
import { computeCubes } from './cube/cubes.js';
import type { Engine } from './engine.js';
import { exportRows } from './export-rows.js';
import { computeFrame } from './frame.js';
import { KeptFilters } from './kept-filters.js';
import { KeptPartials } from './partials/kept-partials.js';
import { planFrame } from './plan/plan-frame.js';
import type { Tier } from './plan/route-options.js';
import { SAMPLING, type Sampling } from './sample/sampling.js';
import { computeSample } from './sample/compute-sample.js';
import { Pace } from './sample/pace.js';
import { readRow } from './read-row.js';
import { ValueCounts } from './values.js';
import type { Workshop } from './with-run.js';
import { savesTime, type IsWorthKeeping } from './worth-keeping.js';

export interface EngineOptions {
  store: ColumnStore;
  pool: Pool;
  /** Absent where no index is kept. */
  indexes?: Indexes;
  /** Asks for a way to compute lines, for tests and benches. */
  tier?: Tier;
  isWorthKeeping?: IsWorthKeeping;
  leastZonedRows?: number;
  /** Of tables of fewer rows no partials are kept. */
  leastKeptRows?: number;
  sampling?: Sampling;
}

/** Fewer rows are scanned in a millisecond, or less. */
const LEAST_ZONED_ROWS = 2 ** 18;

/** Fewer rows are scanned about as fast as partials are brought together. */
const LEAST_KEPT_ROWS = 2 ** 20;

/** The engine that scans columns in memory. */
export function createEngine({
  store,
  pool,
  indexes,
  tier,
  isWorthKeeping = savesTime,
  leastZonedRows = LEAST_ZONED_ROWS,
  leastKeptRows = LEAST_KEPT_ROWS,
  sampling = SAMPLING,
}: EngineOptions): Engine {
  const words = new CancelWords();
  const { derived } = store;
  const parts = { pool, words, isWorthKeeping, leastZonedRows };
  const workshop: Workshop = {
    store,
    pool,
    words,
    turn: new Turn(),
    indexes,
    tier,
    pace: new Pace(pool.threads),
    sampling,
    kept: derived && new KeptFilters({ ...parts, derived }),
    partials: new KeptPartials(leastKeptRows, store.account),
  };
  // What is exported is read once.
  const aside: Workshop = {
    ...workshop,
    pool: inBackground(pool),
    kept: undefined,
    partials: undefined,
  };
  const counts = new ValueCounts(workshop);
  return {
    frame: (snapshot, query, signal) => computeFrame(workshop, snapshot, query, signal),
    plan: (snapshot, query) => planFrame(workshop, snapshot, query),
    cubes: (snapshot, ask, signal) => computeCubes(workshop, snapshot, ask, signal),
    sample: (snapshot, query, signal) => computeSample(workshop, snapshot, query, signal),
    values: (snapshot, request, signal) => counts.values(snapshot, request, signal),
    row: (snapshot, row, signal) => readRow(store, snapshot, row, signal),
    rows: (snapshot, filters, signal) => exportRows(aside, snapshot, filters, signal),
  };
}
