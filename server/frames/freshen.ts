import { Type } from 'typebox';
import type { Catalog } from '../catalog/catalog.js';
import { shown } from '../engine/check-schema.js';
import { HalftoneError } from '../errors.js';
import type { ServingOf } from './serving.js';

const REFRESH = ['never', 'stale', 'always'] as const;
export type Refresh = (typeof REFRESH)[number];

/** What a request may ask of the source before it is answered. */
export const Refresh = Type.Unsafe<Refresh>(
  Type.Union(
    REFRESH.map((word) => Type.Literal(word)),
    { description: 'whether the source is looked at first, or behind the answer' },
  ),
);

/** The `refresh` of an address, where no schema looks at it. */
export function takeRefresh(address: unknown): Refresh | undefined {
  const { refresh } = Object(address) as { refresh?: unknown };
  if (refresh === undefined || REFRESH.some((word) => word === refresh)) {
    return refresh as Refresh | undefined;
  }
  throw new HalftoneError(
    'QUERY_INVALID',
    `The parameter "refresh" must be "never", "stale" or "always", got ${shown(refresh)}.`,
    { field: 'refresh' },
  );
}

/** How current an answer is. */
export interface Freshness {
  /** How long its snapshot counts as current yet, where the dataset says how long that is; negative once it does not. */
  ttlMs?: number;
  /** True where the source was looked at before the answer. */
  refreshed?: boolean;
}

/** Knows when each dataset was last known to be current, and sees to it that it is. */
export interface Freshener {
  /**
   * What is to be done before a query of `dataset` is answered. `never` nothing; `stale` begins to look at the source where that was
   * longer ago than the dataset's ttl, and does not wait; `always` waits until it was looked at, and what changed is loaded.
   * Without a word it is `stale`, which does nothing where there is no ttl. A query that names its snapshot has nothing to wait for.
   */
  before(
    dataset: string,
    ask: { refresh?: Refresh | undefined; snapshot?: string | undefined },
  ): Promise<Freshness>;
}

export function createFreshener({
  catalog,
  servingOf,
  now,
  report,
}: {
  catalog: Pick<Catalog, 'get' | 'revalidate'>;
  servingOf: ServingOf;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Takes why a look behind an answer failed. */
  report: (error: unknown, dataset: string) => void;
}): Freshener {
  const lookedAt = new Map<string, number>();
  const looking = new Map<string, Promise<void>>();

  /** One look for all who ask while it is under way. */
  function look(dataset: string): Promise<void> {
    let mine = looking.get(dataset);
    if (mine === undefined) {
      const startedAt = now();
      mine = catalog
        .revalidate(dataset)
        .then(() => void lookedAt.set(dataset, startedAt))
        .finally(() => looking.delete(dataset));
      looking.set(dataset, mine);
    }
    return mine;
  }

  return {
    async before(dataset, { refresh, snapshot }) {
      if (snapshot !== undefined) {
        if (refresh === undefined || refresh === 'never') return {};
        throw new HalftoneError(
          'QUERY_INVALID',
          `"refresh" is "${refresh}", and the query names its snapshot, which never changes.`,
          { field: 'refresh', hint: 'Leave out one of the two.' },
        );
      }
      const { ttlMs } = servingOf(dataset);
      const { createdAt } = catalog.get(dataset);
      if (refresh === 'always') {
        await look(dataset);
        return { refreshed: true, ...(ttlMs === undefined ? {} : { ttlMs }) };
      }
      if (ttlMs === undefined || createdAt === null) return {};
      const currentAt = Math.max(Date.parse(createdAt), lookedAt.get(dataset) ?? 0);
      const left = currentAt + ttlMs - now();
      if (left < 0 && refresh !== 'never') {
        look(dataset).catch((error: unknown) => report(error, dataset));
      }
      return { ttlMs: left };
    },
  };
}
