import { tableFromIPC } from '@uwdata/flechette';
import { sample } from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Difference } from '../../protocol/verification.js';
import { fixedCases } from './fixed-cases.js';
import { copyWorkers } from './plant.js';
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs.js';
import { startProduct } from './product.js';
import { proveFrame } from './prove-case.js';
import { caseArbitrary } from './queries.js';
import { randomOf } from './random.js';
import { dealCells, openStage, type Stage } from './stage.js';

/** More for a release: `HALFTONE_VERIFY_CASES=2000 npx vitest run test/oracle/verify.test.ts`. */
const CASES = Number(process.env['HALFTONE_VERIFY_CASES'] ?? 60);
const SEED = Number(process.env['HALFTONE_ORACLE_SEED'] ?? 1);
const MARKS = process.env['HALFTONE_ORACLE_MARKS']?.split(',');
const ROWS = 8193;
/** More than one stretch, so that partial results are merged; the last block is not full. */
const MANY_ROWS = 2 ** 18 + 5001;

let stage: Stage;
let large: Stage;
beforeAll(async () => {
  stage = await openStage(ROWS, SEED, {});
  large = await openStage(MANY_ROWS, 11, {});
}, 300_000);
afterAll(async () => {
  await stage.close();
  await large.close();
});

test('every frame of a sound engine is proved, number by number', async () => {
  const { table, product, snapshot } = stage;
  const cells = stage.cells.filter(({ cell }) => MARKS?.includes(cell.drawing.mark) ?? true);
  const [dealt] = dealCells([{ ...stage, cells }], [1], CASES, randomOf(SEED));
  const wrong: string[] = [];
  for (const [i, cell] of dealt!.entries()) {
    const [one] = sample(caseArbitrary(table, cell), { numRuns: 1, seed: SEED * 1009 + i });
    const { query } = one!;
    try {
      const bytes = await product.frame(snapshot, query);
      const proof = await proveFrame(table.path, snapshot, query, bytes);
      if (proof.differ > 0)
        wrong.push(`${JSON.stringify(query)}\n  ${JSON.stringify(proof.differences)}`);
      expect(proof.compared).toBeGreaterThan(4);
    } catch (error) {
      wrong.push(`${JSON.stringify(query)}\n  ${(error as Error).message}`);
    }
  }
  expect(wrong.slice(0, 12).join('\n\n'), `${wrong.length} of ${dealt!.length}`).toBe('');
}, 3_600_000);

/** The first difference that SQL finds in the frames of these workers. */
async function firstDifference(bug: PlantedBug): Promise<Difference | undefined> {
  const workers = await copyWorkers(bug);
  const product = await startProduct({ tasks: workers.tasks });
  try {
    for (const { query } of fixedCases(large.table)) {
      const bytes = await product.frame(large.snapshot, query);
      const { differences } = await proveFrame(large.table.path, large.snapshot, query, bytes);
      if (differences.length > 0) return differences[0];
    }
    return undefined;
  } finally {
    await product.close();
    await workers.remove();
  }
}

const SHOWN = [
  'a reciprocal is multiplied in place of a division',
  'the upper end of a domain is open',
  'the last row of a block is not counted',
  'a null is a zero',
  'the grid of one thread is lost',
  'a line forgets the last row of a pixel column',
];

test.each(PLANTED_BUGS.filter(({ name }) => SHOWN.includes(name)))(
  'SQL over the source sees where $name',
  async (bug) => {
    expect(await firstDifference(bug)).toMatchObject({ where: expect.any(String) as string });
  },
  120_000,
);

test('one count that is off by one is the one difference that is told', async () => {
  const { table, product, snapshot } = stage;
  const query = {
    dataset: 'zoo',
    mark: 'scatter',
    method: 'density',
    x: 'price',
    y: 'cents',
    width: 40,
    height: 20,
  };
  const bytes = Uint8Array.from(await product.frame(snapshot, query));
  const sound = await proveFrame(table.path, snapshot, query, bytes);
  expect(sound).toMatchObject({ differ: 0, rows: ROWS });
  // 800 cells, the counts of rows, and the ends of both axes.
  expect(sound.compared).toBe(800 + 5 + 4);
  const counts = tableFromIPC(bytes).getChild('count')!.toArray() as Uint8Array;
  const at = counts.findIndex((count) => count > 3);
  const spoilt = Uint8Array.from(bytes);
  spoilt[counts.byteOffset - bytes.byteOffset + at]!++;
  const proof = await proveFrame(table.path, snapshot, query, spoilt);
  expect(proof.differ).toBe(1);
  expect(proof.differences).toEqual([
    {
      where: `rows in cell ${at} (column ${at % 40}, row ${Math.floor(at / 40)})`,
      ours: counts[at]! + 1,
      sql: counts[at],
    },
  ]);
});
