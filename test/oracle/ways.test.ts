import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Query } from '../../protocol/query.js';
import { DRAWINGS, drawingName, type Drawing } from './cells.js';
import { caseArbitrary } from './queries.js';
import { randomOf } from './random.js';
import { openStage, type Stage } from './stage.js';

/** Of each drawing in each of its scales; `HALFTONE_WAYS_CASES=200` asks more. */
const CASES = Number(process.env['HALFTONE_WAYS_CASES'] ?? 6);
/** More than a block. */
const ROWS = 8193;
const SEED = 11;

/** The ways that a query may be answered; one that is not open to it is taken by a scan. */
const TIERS = ['scan', 'range', 'pyramid', 'sub-index', 'tiles', undefined] as const;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(ROWS, SEED, { threads: 2, keepsFilters: true });
}, 300_000);
afterAll(() => stage.close());

const DRAWN = DRAWINGS.flatMap((drawing) => drawing.scales.map((scale) => ({ drawing, scale })));

test.each(DRAWN.map((one) => [`${drawingName(one.drawing)}, ${one.scale}`, one] as const))(
  '%s: the same bytes by every tier, with filters kept and run anew, with and without them',
  async (name, { drawing, scale }) => {
    const { product, snapshot } = stage;
    const tiers = new Set<string>();
    for (const query of queriesOf(drawing, scale, name)) {
      const expected = await product.plainFrame(snapshot, query);
      for (const tier of TIERS) {
        const found = await product.frame(snapshot, query, tier);
        const isEqual = Buffer.compare(found, expected) === 0;
        expect(isEqual, `${tier ?? 'as planned'}: ${JSON.stringify(query)}`).toBe(true);
        tiers.add((await product.plan(snapshot, query, tier)).tier);
      }
    }
    expect(tiers).toContain('scan');
    const own = ownTier(drawing);
    if (own !== undefined) expect(tiers).toContain(own);
  },
  300_000,
);

/** A tier that answers some of the queries of a drawing. */
function ownTier({ mark, method, binned }: Drawing): string | undefined {
  if (mark === 'scatter') return 'tiles';
  const isLookedUp = mark === 'line' && binned !== true && method !== 'lttb';
  return isLookedUp ? 'sub-index' : undefined;
}

/** Random queries of a drawing, half of them under filters of any column. */
function queriesOf(drawing: Drawing, scale: 'linear' | 'log', name: string): Query[] {
  const { cells, table } = stage;
  const own = cells.filter(
    ({ cell }) => cell.scale === scale && drawingName(cell.drawing) === drawingName(drawing),
  );
  const random = randomOf(SEED + name.length);
  return Array.from({ length: CASES }, (_, i) => {
    const { cell } = own[Math.floor(random() * own.length)]!;
    const [one] = fc.sample(caseArbitrary(table, cell), { numRuns: 1, seed: SEED * 1000 + i });
    const { filters, ...bare } = one!.query;
    return i % 2 === 0 ? bare : { ...bare, filters: filters! };
  });
}
