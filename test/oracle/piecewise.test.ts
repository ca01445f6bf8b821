import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseArbitrary } from './queries.js';
import { randomOf } from './random.js';
import { openStage, type Stage } from './stage.js';

/** In two batches, the second of which has one row. */
const ROWS = 65_537;
const SEED = Number(process.env['HALFTONE_ORACLE_SEED'] ?? 1);
const CASES = Number(process.env['HALFTONE_ORACLE_CASES'] ?? 2000) / 10;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage(ROWS, SEED, { threads: 2 });
}, 120_000);

afterAll(() => stage.close());

test('random queries over columns that are read batch by batch give the frames of whole columns', async () => {
  const { cells, table, product, snapshot } = stage;
  expect(snapshot.manifest.segments.length).toBeGreaterThan(1);
  const random = randomOf(SEED);
  const differing: string[] = [];
  for (let at = 0; at < CASES; at++) {
    const { cell } = cells[Math.floor(random() * cells.length)]!;
    const [one] = fc.sample(caseArbitrary(table, cell), { numRuns: 1, seed: SEED * 100_003 + at });
    const { query } = one!;
    const whole = await product.frame(snapshot, query);
    const piecewise = await product.piecewiseFrame(snapshot, query);
    if (Buffer.compare(whole, piecewise) !== 0) differing.push(JSON.stringify(query));
  }
  // The first ones tell enough.
  expect(differing.slice(0, 5).join('\n'), `${differing.length} differ, seed ${SEED}`).toBe('');
}, 600_000);
