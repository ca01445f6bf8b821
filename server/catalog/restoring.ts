import type { EventHub } from '../events/hub.js';
import type { Runs } from '../jobs/runs.js';
import { isPulled } from '../loader/source.js';
import { announce } from './announce.js';
import type { Dataset } from './dataset.js';
import type { LoadCause, LoadHow } from './load-cause.js';
import type { CatalogParts } from './parts.js';

export interface RestoringOptions {
  parts: Pick<CatalogParts, 'lostCopy'>;
  runs: Pick<Runs, 'plan'>;
  events: Pick<EventHub, 'publish'>;
  load: (dataset: Dataset, how: LoadHow) => Promise<void>;
}

/**
 * Gives a function for a dataset that is being opened. Where the newest snapshot of a pulled source is lost, it has the rows read from the
 * copy that was kept of them, as a run of its own: whoever asked for new rows has them pulled after that, and what fails there leaves these.
 * What goes wrong with the copy is on record, and no reason not to go on. Rejects where the load is stopped.
 */
export function createRestoring({ parts, runs, events, load }: RestoringOptions) {
  return async (dataset: Dataset, { trigger }: LoadCause, signal: AbortSignal): Promise<void> => {
    const { source, snapshots, damage, load: under } = dataset;
    if (!isPulled(source) || under === undefined) return;
    const damaged = damage === undefined ? undefined : snapshots[0];
    const copy = await parts.lostCopy(source, damaged).catch(() => undefined);
    if (copy === undefined) return;
    const run = runs.plan(source, { trigger });
    under.restoring = run;
    under.isReading = true;
    announce(dataset, events);
    try {
      // What was taken once is not held against the rows of another version.
      await load(dataset, { signal, run, force: true, copy });
    } catch (error) {
      // Of a load that is stopped there is one record.
      if (signal.aborted) under.run ??= run;
      if (under.run !== run) run.fail(error as Error);
      signal.throwIfAborted();
    } finally {
      delete under.restoring;
      under.isReading = false;
    }
  };
}
