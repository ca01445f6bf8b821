import type { EventHub } from '../events/hub.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { type Dataset, describeDataset } from './dataset.js';

type Events = Pick<EventHub, 'publish'>;

/** Tells everyone who listens how a dataset is. */
export function announce(dataset: Dataset, events: Events): void {
  const { name, status, snapshot, sequence, rows, progress, problem, stale } =
    describeDataset(dataset);
  events.publish({
    name: 'dataset',
    data: {
      dataset: name,
      status,
      snapshot,
      sequence,
      rows,
      ...(stale === undefined ? {} : { stale }),
      ...(progress === undefined ? {} : { progress }),
      ...(problem === undefined ? {} : { problem }),
    },
  });
}

/** Tells everyone who listens that a new snapshot answers. */
export function announceSnapshot({ manifest }: Snapshot, events: Events): void {
  const { dataset, id, sequence, rows } = manifest;
  events.publish({ name: 'snapshot', data: { dataset, snapshot: id, sequence, rows } });
}
