import type { Predicate } from '../../../workers/scan/predicate.js';
import { HalftoneError } from '../../errors.js';
import { IndexDamaged } from '../../memory/lease.js';
import type { ColumnScope } from '../columns.js';
import type { Frame } from '../engine.js';
import type { Run } from '../run.js';
import { withRun, type Workshop } from '../with-run.js';
import { scanReads } from './plan-scan.js';
import { routeTiles, type TiledFacts } from './route-tiles.js';
import { TilesRun } from './tiles-run.js';

/**
 * Computes a scatter from tiles where they read less than a scan; tiles that are missing are built behind it, damaged ones
 * are done without.
 */
export async function withTiles(
  workshop: Workshop,
  scope: ColumnScope,
  predicate: Predicate | null,
  tiled: TiledFacts,
  answer: (run: Run) => Promise<Frame>,
  signal?: AbortSignal,
): Promise<Frame> {
  const { snapshot } = scope;
  const { indexes, kept } = workshop;
  const route = await routeTiles(workshop, scope, tiled, scanReads(scope, predicate, kept));
  if (route.tier === 'scan') {
    const frame = await scanned(route.why);
    for (const index of route.wants) void indexes?.build(snapshot, index);
    return frame;
  }
  try {
    return await withRun(workshop, scope, predicate, answer, signal, {
      beside: {
        parts: route.parts,
        keepsAll: true,
        open: (options, parts) => new TilesRun({ route, parts, ...options }),
      },
    });
  } catch (error) {
    if (error instanceof HalftoneError && error.code === 'MEMORY_EXHAUSTED') {
      return scanned('no tiles: they do not fit into memory');
    }
    if (!(error instanceof IndexDamaged)) throw error;
    await indexes?.drop(snapshot, route.index);
    const frame = await scanned(error.message);
    void indexes?.build(snapshot, route.index);
    return frame;
  }

  async function scanned(why: string | undefined): Promise<Frame> {
    const frame = await withRun(workshop, scope, predicate, answer, signal);
    if (why === undefined) return frame;
    return { ...frame, plan: { ...frame.plan, reason: `${frame.plan.reason}; ${why}` } };
  }
}
