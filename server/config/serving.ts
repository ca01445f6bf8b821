import { durationMs } from '../../protocol/config/duration.js';
import { DEFAULT_SERVING, type Serving } from '../frames/serving.js';
import type { AppliedDataset } from './apply.js';

/** How the dataset of a name is served by the configuration; one that is not in it has the defaults. */
export function servingOf(datasets: readonly AppliedDataset[], name: string): Serving {
  const options = datasets.find((dataset) => dataset.name === name)?.options;
  if (options === undefined) return DEFAULT_SERVING;
  const { ttl, cache, warmup } = options;
  return {
    cache: cache ?? DEFAULT_SERVING.cache,
    ...(ttl === undefined ? {} : { ttlMs: durationMs(ttl) }),
    warmup: warmup ?? DEFAULT_SERVING.warmup,
  };
}
