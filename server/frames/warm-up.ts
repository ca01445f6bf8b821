import { parseAddress } from '../../protocol/address/address.js';
import { DEFAULT_HEIGHT, DEFAULT_WIDTH } from '../../protocol/limits.js';
import type { Query } from '../../protocol/query.js';
import { openingQuery } from '../../protocol/view/plot-query.js';
import { resolvePlot } from '../../protocol/view/resolve-plot.js';
import { HalftoneError } from '../errors.js';
import type { Snapshot } from '../snapshots/manifest.js';
import type { FrameCache } from './frame-cache.js';
import { canonicalQuery, keyOf } from './query-key.js';
import type { ServingOf } from './serving.js';

export interface WarmUpParts {
  frames: Pick<FrameCache, 'get'>;
  checkQuery: (value: unknown) => Query;
  servingOf: ServingOf;
  /** Takes what the operator should know. */
  warn: (message: string) => void;
}

/**
 * Computes the views that the configuration names for a dataset, on a snapshot that does not answer yet: its columns and indexes are in
 * memory then, and who asks the same is answered from the cache. A view that fails harms nobody.
 */
export async function warmUp(
  { frames, checkQuery, servingOf, warn }: WarmUpParts,
  snapshot: Snapshot,
  signal: AbortSignal,
): Promise<void> {
  const { dataset } = snapshot.manifest;
  for (const view of servingOf(dataset).warmup) {
    if (signal.aborted) return;
    try {
      const { snapshot: _, ...query } = checkQuery(
        typeof view === 'string' ? queryOf(view, snapshot) : { ...view, dataset },
      );
      const canonical = canonicalQuery(query);
      await frames.get(snapshot, keyOf(canonical), canonical, signal);
    } catch (error) {
      if (signal.aborted) return;
      const shown = typeof view === 'string' ? view : JSON.stringify(view);
      warn(`Warming up "${dataset}" with ${shown} failed: ${(error as Error).message}`);
    }
  }
}

/** What the page asks at an address, in the size that a query has by default. */
function queryOf(address: string, { manifest: { dataset, columns, rows } }: Snapshot): Query {
  const parsed = parseAddress(address);
  if (parsed === null || parsed.view.dataset !== dataset) {
    throw new HalftoneError('QUERY_INVALID', `It is no address of a view of "${dataset}".`, {
      hint: 'Such as explore/NAME?mark=histogram&x=COLUMN.',
    });
  }
  const infos = columns.map(({ info }) => info);
  const plot = resolvePlot(parsed.view, { columns: infos, rows });
  const isSized = plot.mark !== 'value' && plot.mark !== 'rows';
  return {
    ...openingQuery(plot, dataset, ''),
    ...(isSized ? { width: DEFAULT_WIDTH, height: DEFAULT_HEIGHT } : {}),
  };
}
