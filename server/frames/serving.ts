/** Where the frames of a dataset are kept: `auto` has those on disk that took long to make. */
export type CacheTier = 'auto' | 'memory' | 'disk';

/** How a dataset is served: what its configuration says beside its source. */
export interface Serving {
  cache: CacheTier;
  /** A snapshot that was last known to be current longer ago is looked after when somebody asks. */
  ttlMs?: number;
  /** Views that are computed before a new snapshot answers: addresses of the page, or queries. */
  warmup: readonly (string | object)[];
}

/** How the dataset of a name is served. */
export type ServingOf = (dataset: string) => Serving;

export const DEFAULT_SERVING: Serving = { cache: 'auto', warmup: [] };
