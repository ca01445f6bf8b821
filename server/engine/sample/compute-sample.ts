import type { Query } from '../../../protocol/query.js';
import type { Snapshot } from '../../snapshots/manifest.js';
import { ColumnScope } from '../columns.js';
import type { Frame } from '../engine.js';
import { frameOf, resolveMark } from '../frame.js';
import { resolveFilters } from '../resolve-filter.js';
import { withLease, type Workshop } from '../with-run.js';
import { chooseSample } from './choose-sample.js';
import { SampleRun } from './sample-run.js';

/** Answers a query from a sample of the rows; null where it is better to ask for the exact answer. */
export async function computeSample(
  workshop: Workshop,
  snapshot: Snapshot,
  query: Query,
  signal?: AbortSignal,
): Promise<Frame | null> {
  const started = performance.now();
  const scope = new ColumnScope(snapshot);
  const predicate = resolveFilters(query.filters ?? [], scope, query.scale);
  const { compute, line } = resolveMark(query, scope);
  const sample = await chooseSample(workshop, { query, scope, predicate, line });
  if (sample === null) return null;
  const batches = [...new Set(sample.stretches.map(({ batch }) => batch))];
  return withLease(
    workshop,
    scope,
    ({ table, scratch }, cancel) => {
      const { pool } = workshop;
      const run = new SampleRun({ pool, table, predicate, cancel, scratch, ...sample });
      return frameOf(run, compute, started);
    },
    { batches, ...(signal && { signal }) },
  );
}
