import type { FramePlan } from '../../protocol/frame.js';
import { FRAME_REVISION, PLAN_HEADER } from '../../protocol/media.js';
import type { Query } from '../../protocol/query.js';
import { headerJson } from '../http/headers.js';
import type { AppParts } from '../routes/parts.js';
import type { Snapshot } from '../snapshots/manifest.js';
import type { CachedAnswer, CacheOutcome } from './frame-cache.js';
import type { Freshness, Refresh } from './freshen.js';
import { canonicalQuery, keyOf } from './query-key.js';

/** A query that has been understood, and the snapshot that answers it. */
export interface AskedQuery {
  query: Query;
  snapshot: Snapshot;
  /** The one form of all queries that have the same exact answer, and its key. */
  canonical: Query;
  key: string;
  /** The same of the query with its quality, where a sample may answer it. */
  fast?: { canonical: Query; key: string };
  /** How current the snapshot is, where that was looked at. */
  freshness?: Freshness;
}

/** Takes what a client sent as a query; throws what is wrong with it. */
export function takeQuery(
  { checkQuery, catalog }: Pick<AppParts, 'checkQuery' | 'catalog'>,
  value: unknown,
): AskedQuery {
  return askOf(catalog, checkQuery(value));
}

/** The same, once what the request asks of the source is done. */
export async function takeFreshQuery(
  { checkQuery, catalog, freshener }: Pick<AppParts, 'checkQuery' | 'catalog' | 'freshener'>,
  value: unknown,
  refresh: Refresh | undefined,
): Promise<AskedQuery> {
  const query = checkQuery(value);
  const { dataset, snapshot } = query;
  const freshness = await freshener.before(dataset, { refresh, snapshot });
  return { ...askOf(catalog, query), freshness };
}

function askOf(catalog: AppParts['catalog'], query: Query): AskedQuery {
  const snapshot = catalog.snapshot(query.dataset, query.snapshot);
  // What a query is compared with is gone, or is there, before anything is computed.
  const other = query.against?.snapshot;
  if (other !== undefined) catalog.snapshot(query.dataset, other);
  const { quality, ...canonical } = canonicalQuery(query);
  const asked = { query, snapshot, canonical, key: keyOf(canonical) };
  if (quality !== 'fast') return asked;
  const fast = { ...canonical, quality };
  return { ...asked, fast: { canonical: fast, key: keyOf(fast) } };
}

/** The weak ETag of a frame in a format: what names it for ever. */
export function etagOf(
  { snapshot, key }: Pick<AskedQuery, 'snapshot' | 'key'>,
  format: string,
): string {
  return `W/"${snapshot.manifest.id}.${key}.${FRAME_REVISION}.${format}"`;
}

/** A frame, and how it was come by. */
export type AnsweredQuery = CachedAnswer;

/** Has a query answered, from the cache or by the engine, and counts it. */
export async function answerQuery(
  { frames, metrics }: Pick<AppParts, 'frames' | 'metrics'>,
  { query, snapshot, canonical, key, fast }: AskedQuery,
  signal: AbortSignal,
): Promise<AnsweredQuery> {
  const sampled =
    fast === undefined || frames.has(snapshot, key)
      ? null
      : await frames.sample(snapshot, fast.key, fast.canonical, signal);
  const answered = sampled ?? (await frames.get(snapshot, key, canonical, signal));
  countAnswer(metrics, query.mark, answered);
  return answered;
}

/** Counts an answer, and the time that it took where it had to be made. */
export function countAnswer(
  metrics: AppParts['metrics'],
  mark: string,
  { entry, outcome }: AnsweredQuery,
): void {
  metrics.frames.inc({ outcome });
  if (outcome !== 'miss' && outcome !== 'sample') return;
  const { queueMs, computeMs, encodeMs } = entry.frame.timing;
  metrics.frameSeconds.observe({ mark, stage: 'queue' }, queueMs / 1000);
  metrics.frameSeconds.observe({ mark, stage: 'compute' }, computeMs / 1000);
  metrics.frameSeconds.observe({ mark, stage: 'encode' }, encodeMs / 1000);
}

/** The headers that tell how a frame was computed, how old it is, and how long the whole answer took. */
export function headersOfAnswer(
  { entry, outcome, ageMs }: AnsweredQuery,
  totalMs: number,
  freshness?: Freshness,
): Record<string, string> {
  const { plan, timing } = entry.frame;
  const isHit = outcome === 'hit' || outcome === 'disk';
  const { queueMs, computeMs, encodeMs } = isHit
    ? { queueMs: 0, computeMs: 0, encodeMs: 0 }
    : timing;
  return {
    [PLAN_HEADER]: headerJson(isHit ? fromCache(plan) : plan),
    'cache-status': cacheStatus(outcome, entry.key, freshness),
    ...(isHit && { age: String(Math.floor(ageMs / 1000)) }),
    'server-timing': serverTiming({ queueMs, computeMs, encodeMs, totalMs }),
  };
}

/** A frame from the cache touches no row; how it was computed at first is told as its reason. */
function fromCache({ tier, reason }: FramePlan): FramePlan {
  return {
    tier: 'cache',
    reason: `kept from an equal query (${tier}: ${reason})`,
    rowsTouched: 0,
    bytesTouched: 0,
  };
}

/** RFC 9211. `ttl` is how long the snapshot counts as current yet; below zero it is being looked after. */
function cacheStatus(
  outcome: CacheOutcome,
  key: string,
  { ttlMs, refreshed = false }: Freshness = {},
): string {
  const why = refreshed ? 'stale' : 'miss';
  const how = {
    hit: 'hit',
    disk: 'hit; detail=disk',
    miss: `fwd=${why}; stored`,
    joined: `fwd=${why}; collapsed`,
    sample: 'fwd=bypass',
  }[outcome];
  const ttl = ttlMs === undefined ? '' : `; ttl=${Math.floor(ttlMs / 1000)}`;
  return `Halftone; ${how}${ttl}; key="${key}"`;
}

function serverTiming(spent: Record<string, number>): string {
  return Object.entries(spent)
    .map(([name, ms]) => `${name.slice(0, -2)};dur=${ms.toFixed(2)}`)
    .join(', ');
}
