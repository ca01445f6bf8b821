import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placeOf, printMatrix, type MatrixCell } from './cells.js';
import { storagesOf } from './product.js';
import { caseArbitrary } from './queries.js';
import { randomOf } from './random.js';
import { runCase } from './run-case.js';
import { dealCells, openStage, type Stage } from './stage.js';
import { runValuesCase, valuesArbitrary } from './values.js';

/** Cases in all; 10,000 for a release: `HALFTONE_ORACLE_CASES=10000 npx vitest run test/oracle`. */
const CASES = Number(process.env['HALFTONE_ORACLE_CASES'] ?? 2000);
/** The same cases every time, until another seed is named. */
const SEED = Number(process.env['HALFTONE_ORACLE_SEED'] ?? 1);
/** `HALFTONE_ORACLE_MARKS=line,bar` looks at these marks alone. */
const MARKS = process.env['HALFTONE_ORACLE_MARKS']?.split(',');
/** Rows around the size of a block, of more than one stretch, and of more than one batch; and their share of the cases. */
const TABLES = [
  [3000, 0.35],
  [8191, 0.15],
  [8192, 0.15],
  [8193, 0.2],
  [0, 0.03],
  [1, 0.04],
  [65_537, 0.05],
  [300_000, 0.028],
  [1_100_000, 0.002],
] as const;
/** Of the cases, how many ask for the options of a dropdown. */
const VALUES_SHARE = 0.03;
const MIB = 2 ** 20;

const random = randomOf(SEED);
const counts = new Map<string, number>();
let stages: Stage[] = [];
let dealt: MatrixCell[][] = [];

beforeAll(async () => {
  for (const [rows] of TABLES) {
    const threads = 1 + Math.floor(random() * 3);
    // Three times in four so little memory that columns push one another out.
    const least = 16 * MIB + rows * 150;
    const budgetBytes = random() < 0.75 ? least : 1024 * MIB;
    // As a rule filters of small tables are not kept: here they are, but for one table in four.
    const keepsFilters = random() < 0.75;
    stages.push(await openStage(rows, SEED + rows, { threads, budgetBytes, keepsFilters }));
  }
  stages = stages.map((stage) => ({
    ...stage,
    cells: stage.cells.filter(({ cell }) => MARKS?.includes(cell.drawing.mark) ?? true),
  }));
  for (const { cells } of stages) for (const { place } of cells) counts.set(place, 0);
  dealt = dealCells(
    stages,
    TABLES.map(([, share]) => share),
    CASES,
    random,
  );
}, 600_000);

afterAll(async () => {
  for (const stage of stages) await stage.close();
});

test.each(TABLES.map(([rows], at) => [rows, at] as const))(
  'random queries over %i rows give what DuckDB gives',
  async (_, at) => {
    const stage = stages[at]!;
    const { table, product, snapshot } = stage;
    const storages = storagesOf(snapshot);
    const found = new Differences(stage);
    for (const [i, cell] of dealt[at]!.entries()) {
      await found.look(caseArbitrary(table, cell), i, (one) =>
        runCase(product, snapshot, table, one),
      );
      const place = placeOf(storages.get(cell.column)!, cell);
      counts.set(place, counts.get(place)! + 1);
    }
    found.expectNone();
  },
  3_600_000,
);

test.each(TABLES.map(([rows, share], at) => [rows, share, at] as const))(
  'the options of dropdowns over %i rows are what DuckDB counts',
  async (_, share, at) => {
    const stage = stages[at]!;
    const found = new Differences(stage);
    const wanted = Math.ceil(CASES * VALUES_SHARE * share);
    for (let i = 0; i < wanted; i++) {
      await found.look(valuesArbitrary(stage.table), i, (one) => runValuesCase(stage, one));
    }
    found.expectNone();
  },
  3_600_000,
);

test('no cell of the matrix that means something is empty', () => {
  const setup = stages.map(
    ({ table, options: { threads, budgetBytes, keepsFilters } }) =>
      `${table.rows} rows, ${threads} threads, ${Math.round(budgetBytes! / MIB)} MiB${keepsFilters === true ? ', kept filters' : ''}`,
  );
  console.log(`seed ${SEED}\n${setup.join('\n')}\n${printMatrix(counts)}`);
  const empty = [...counts].filter(([, cases]) => cases === 0);
  expect(empty.length).toBe(Math.max(0, counts.size - CASES));
});

/** Collects what differs, so that one run tells more than the first difference. */
class Differences {
  readonly #found: string[] = [];
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async look<T extends { query: object; where: string }>(
    arbitrary: fc.Arbitrary<T>,
    at: number,
    run: (one: T) => Promise<void>,
  ): Promise<void> {
    const { rows } = this.#stage.table;
    const outcome = await fc.check(
      fc.asyncProperty(arbitrary, run),
      // Shrinking asks some hundred more queries: over many rows it is not worth its time.
      { numRuns: 1, seed: SEED * 100_003 + rows + at, endOnFailure: rows > 10_000 },
    );
    if (!outcome.failed) return;
    const [{ query, where }] = outcome.counterexample!;
    const { message } = outcome.errorInstance as Error;
    this.#found.push(`${JSON.stringify(query)}\n  WHERE ${where}\n  ${message}`);
  }

  expectNone(): void {
    const { length } = this.#found;
    // The first ones tell enough; each names its query, its WHERE and what differs.
    expect(this.#found.slice(0, 12).join('\n\n'), `${length} differences, seed ${SEED}`).toBe('');
  }
}
