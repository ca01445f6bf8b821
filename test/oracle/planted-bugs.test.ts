import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedCases } from './fixed-cases.js';
import { copyWorkers } from './plant.js';
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs.js';
import { startProduct } from './product.js';
import { runCase } from './run-case.js';
import { openStage, type Stage } from './stage.js';

/** More than one stretch, so that partial results are merged; the last block is not full. */
const ROWS = 2 ** 18 + 5001;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(ROWS, 11, {});
}, 300_000);
afterAll(async () => {
  await stage.close();
});

/** The first difference that the fixed cases find with these workers. */
async function firstDifference(bug?: PlantedBug): Promise<string | undefined> {
  const workers = await copyWorkers(bug);
  const product = await startProduct({ tasks: workers.tasks });
  try {
    for (const one of fixedCases(stage.table)) {
      await runCase(product, stage.snapshot, stage.table, one);
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await product.close();
    await workers.remove();
  }
}

test('a copy of the workers without a bug passes', async () => {
  expect(await firstDifference()).toBeUndefined();
}, 120_000);

test.each(PLANTED_BUGS)(
  'the oracle sees where $name',
  async (bug) => {
    // A sentence of the oracle's, and not a worker that fell over.
    expect(await firstDifference(bug)).toMatch(/^(Expected|Row|The|Bin|Bar) /);
  },
  120_000,
);
