import type { CubeAxes, CubeInfo, CubeOp } from '../../../protocol/cube.js';
import type { FramePlan } from '../../../protocol/frame.js';
import { MAX_CUBE_BYTES } from '../../../protocol/limits.js';
import type { CubeView } from '../../../workers/marks/cube/plan.js';
import type { CancelWord } from '../../../workers/scan/cancel.js';
import { dealOut, stretchesOf, type Stretch } from '../../../workers/scan/stretch.js';
import type { Lease } from '../../memory/lease.js';
import type { Snapshot } from '../../snapshots/manifest.js';
import { ColumnScope } from '../columns.js';
import type { CubesAsk, Frame } from '../engine.js';
import type { Prepared } from '../kept-filters.js';
import { resolveFilters } from '../resolve-filter.js';
import { ORDERED_PARTS } from '../cut-in-order.js';
import { Run } from '../run.js';
import { scanPlan } from '../scan-plan.js';
import { withLease, type Workshop } from '../with-run.js';
import { mayMatch } from '../zone-map.js';
import { cutActive, resolveActive, type Active } from './active.js';
import { prepareAll, selectionOf, Selections } from './selections.js';
import { cubeBytes, tooLarge } from './size.js';
import { resolveView, type ResolvedView, type ViewBins } from './view.js';

/** What the tasks of one scan may hold together: fewer tasks than threads where cubes are large. */
const MAX_HELD_BYTES = 2 * MAX_CUBE_BYTES;

/** What the tasks hand over is brought together, and encoded. */
const STAGES = 2;

/** Settles the result of one view. */
type Give = (view: number, made: Promise<Frame>) => Promise<void>;

/**
 * The brush cubes of linked views, all in one pass over the rows. Each is there as soon as it is merged; one that cannot
 * be had rejects by itself.
 */
export function computeCubes(
  workshop: Workshop,
  snapshot: Snapshot,
  ask: CubesAsk,
  signal?: AbortSignal,
): Promise<Frame>[] {
  const settle: { resolve: (frame: Frame) => void; reject: (error: unknown) => void }[] = [];
  const results = ask.views.map(
    () => new Promise<Frame>((resolve, reject) => settle.push({ resolve, reject })),
  );
  const give: Give = (view, made) => made.then(settle[view]!.resolve, settle[view]!.reject);
  // What fails before a cube is made fails all that have not settled.
  computeAll(workshop, snapshot, ask, give, signal).catch((error: unknown) => {
    for (const { reject } of settle) reject(error);
  });
  return results;
}

async function computeAll(
  workshop: Workshop,
  snapshot: Snapshot,
  ask: CubesAsk,
  give: Give,
  signal: AbortSignal | undefined,
): Promise<void> {
  const started = performance.now();
  const scope = new ColumnScope(snapshot);
  const active = resolveActive(ask.active, scope);
  const views = ask.views.map(({ query, frame, keys }) => resolveView(query, frame, keys, scope));
  const selections = new Selections(scope);
  const ofView = ask.views.map(({ query: { filters = [], scale } }) =>
    selections.numberOf(resolveFilters(filters, scope, scale)),
  );
  const ofActive = selections.numberOf(resolveFilters(ask.filters, scope, ask.active.scale));
  const { predicates } = selections;
  const stretches = stretchesOf(scope.batchRows, (batch) =>
    predicates.some((predicate) => mayMatch(predicate, scope.used, batch)),
  );
  const compute = async (lease: Lease, cancel: CancelWord | undefined): Promise<void> => {
    const options = { scope, table: lease.table, stretches, signal, cancel };
    const { prepared, table, release } = await prepareAll(workshop, predicates, options);
    try {
      const { pool } = workshop;
      const selected = prepared.map(
        (own, i) => new Run({ ...own, pool, table, predicate: predicates[i]!, cancel }),
      );
      const { plan, axes } = await cutActive(active, selected[ofActive]!);
      const bins = await cutViews(active, views, (view) => selected[ofView[view]!]!, give);
      const chosen = [...bins.keys()];
      if (chosen.length === 0) return;
      const cubes = chosen.map((view): CubeView => {
        const own = ask.views[view]!;
        const cube = infoOf(own, bins.get(view)!, axes);
        const metadata = { ...own.frame.metadata, layout: 'dense' as const, cube };
        return { ...bins.get(view)!, selection: ofView[view]!, metadata };
      });
      const bytes = cubes.reduce((sum, view) => sum + cubeBytes(active, view), 0);
      const { parts, runs } = dealtOut(bytes, cubes, stretches, pool.threads);
      const held = Math.max(parts.length, runs.length) + STAGES;
      await lease.scratch?.take(
        held * bytes,
        cubes.length === 1 ? 'A cube' : `${cubes.length} cubes`,
      );
      const whole = { kind: 'cube', active: plan, views: cubes, runs } as const;
      const run = new Run({ pool, table, predicate: null, stretches, cancel });
      const computing = performance.now();
      const partials = await run.parts<'cube'>(
        { ...whole, selections: prepared.map(selectionOf) },
        parts,
      );
      const computeMs = performance.now() - computing;
      const touched = touchedBy(run, prepared, cubes.length);
      const merged = async (at: number): Promise<Frame> => {
        const merging = performance.now();
        const own = partials.map(({ views }) => ({ views: [views[at]!] }));
        const one = { ...whole, selections: [], views: [cubes[at]!] };
        const made = await run.merge<'cube'>(one, own, 0);
        const encodeMs = performance.now() - merging;
        const timing = { queueMs: computing - started, computeMs, encodeMs };
        return { ...made, plan: touched, timing };
      };
      await Promise.all(chosen.map((view, at) => give(view, merged(at))));
    } finally {
      release();
    }
  };
  const batches = [...new Set(stretches.map(({ batch }) => batch))];
  await withLease(workshop, scope, compute, { batches, ...(signal && { signal }) });
}

/** What the pass has read, the bits of filters among it. */
function touchedBy(
  { table, stretches }: Run,
  prepared: readonly Prepared[],
  cubes: number,
): FramePlan {
  const plan = scanPlan({
    table,
    stretches,
    scans: 1,
    selection: {
      predicate: null,
      kept: prepared.flatMap(({ selection }) => selection.kept ?? []),
    },
    filters: prepared.reduce((sum, { filters }) => sum + filters, 0),
    keptBatches: 0,
  });
  const what = cubes === 1 ? 'a cube' : `${cubes} cubes`;
  return { ...plan, tier: 'cube', reason: `${what} by ${plan.reason}` };
}

// The bins of each view that can be had; those that fail, or would be too large beside the others, settle here.
async function cutViews(
  active: Active,
  views: readonly ResolvedView[],
  runOf: (view: number) => Run,
  give: Give,
): Promise<Map<number, ViewBins>> {
  const cut = await Promise.allSettled(views.map((resolved, view) => resolved(runOf(view))));
  const bins = new Map<number, ViewBins>();
  let before = 0;
  for (const [view, outcome] of cut.entries()) {
    if (outcome.status === 'rejected') {
      await give(view, Promise.reject(outcome.reason as Error));
      continue;
    }
    const bytes = cubeBytes(active, outcome.value);
    if (before + bytes > MAX_CUBE_BYTES) {
      await give(view, Promise.reject(tooLarge(active, outcome.value, bytes, before)));
      continue;
    }
    before += bytes;
    bins.set(view, outcome.value);
  }
  return bins;
}

// The stretches of each task. Sums of doubles are made in runs whose number does not depend on the threads.
function dealtOut(
  bytes: number,
  cubes: readonly CubeView[],
  stretches: readonly Stretch[],
  threads: number,
): { parts: Stretch[][]; runs: number[] } {
  const most = Math.max(1, Math.floor(MAX_HELD_BYTES / bytes));
  const isInexact = cubes.some(({ layers }) =>
    layers.some(({ aggregate }) => 'form' in aggregate && aggregate.form === 'value'),
  );
  if (!isInexact) return { parts: dealOut(stretches, Math.min(most, threads)), runs: [] };
  const runs = dealOut(stretches, Math.min(most, ORDERED_PARTS));
  return {
    parts: dealOut(runs, threads).map((own) => own.flat()),
    runs: runs.flatMap(([first]) => (first === undefined ? [] : [first.firstRow])),
  };
}

function infoOf(
  { query, frame }: CubesAsk['views'][number],
  bins: ViewBins,
  axes: CubeAxes,
): CubeInfo {
  const isCount = query.mark === 'histogram' || query.mark === 'scatter';
  const { aggregate } = bins.layers[0]!;
  const { marks, width, height } = frame.metadata;
  return {
    active: axes,
    op: isCount ? 'count' : ((query.aggregate?.op ?? 'count') as CubeOp),
    // A dense picture has every cell, and tells those that hold something.
    bins: query.mark === 'scatter' && bins.isDense ? width * height : marks,
    stride: 0,
    digits: 'scale' in aggregate ? aggregate.scale : 0,
    rows: { matched: 0, outside: 0, dropped: 0 },
  };
}
