import { canonicalJson } from '../../protocol/canonical.js';
import type { AxisUnit } from '../../protocol/axis-unit.js';
import { DEFAULT_BARS } from '../../protocol/limits.js';
import type { AxisDomain, Query } from '../../protocol/query.js';
import { parseClock, parseTime } from '../../protocol/time.js';
import type { CompareTask, compareFrames } from '../../workers/compare/compare-frames.js';
import type { BarOrder } from '../../workers/compare/choose-bars.js';
import { CancelWords } from '../engine/cancel-words.js';
import type { Engine, Frame } from '../engine/engine.js';
import { queryColumns } from '../engine/query-columns.js';
import { HalftoneError } from '../errors.js';
import type { Snapshot } from '../snapshots/manifest.js';
import type { Catalog } from './catalog.js';

/** Takes the difference of two frames, on a worker thread. */
export type CompareFrames = (
  task: CompareTask,
  options: { finishes: boolean },
) => Promise<ReturnType<typeof compareFrames>>;

export interface ComparingOptions {
  engine: Engine;
  catalog: Pick<Catalog, 'snapshot'>;
  compare: CompareFrames;
}

/** Bars of two frames are joined before any is cut off; more keys than this are refused. */
const MAX_KEYS = 1_000_000;

/** One of the two frames of a comparison. */
interface Side {
  snapshot: Snapshot;
  query: Query;
}

/**
 * An engine that answers a query with `against` too: by two frames over one domain, the union of both where the query
 * names none, and their difference.
 */
export function comparingEngine({ engine, catalog, compare }: ComparingOptions): Engine {
  const words = new CancelWords();

  async function difference(
    snapshot: Snapshot,
    query: Query,
    signal?: AbortSignal,
  ): Promise<Frame> {
    const started = performance.now();
    const bars = query.mark === 'bar' ? orderOf(query) : undefined;
    const sides = sidesOf(snapshot, query);
    checkTypes(sides);
    let frames = await bothFrames(sides, signal);
    const domain = unitedDomain(frames);
    if (domain !== undefined) {
      const aligned = sides.map((side) => ({ ...side, query: { ...side.query, domain } })) as Sides;
      const isAligned = frames.every(
        ({ metadata }) => canonicalJson(metadata.domain) === canonicalJson(domain),
      );
      if (!isAligned) frames = await bothFrames(aligned, signal);
    }
    const [ours, theirs] = frames;
    for (const { metadata } of frames) {
      const isListed = query.domain?.x !== undefined;
      if (bars !== undefined && metadata.cut !== undefined && !isListed) throw tooManyKeys();
    }
    const merging = performance.now();
    const merged = await subtract(frames, { query, bars, signal });
    const encodeMs = performance.now() - merging;
    const { timing } = theirs;
    return {
      ...merged,
      plan: {
        tier: ours.plan.tier,
        reason: `${ours.plan.reason}; against ${theirs.plan.tier}: ${theirs.plan.reason}`,
        rowsTouched: ours.plan.rowsTouched + theirs.plan.rowsTouched,
        bytesTouched: ours.plan.bytesTouched + theirs.plan.bytesTouched,
      },
      timing: {
        queueMs: ours.timing.queueMs + timing.queueMs,
        computeMs: merging - started - ours.timing.queueMs - timing.queueMs,
        encodeMs,
      },
    };
  }

  function sidesOf(snapshot: Snapshot, { against, ...query }: Query): Sides {
    const own: Query = {
      ...query,
      ...(query.mark === 'scatter' && { method: 'density' }),
      ...(query.mark === 'bar' && { limit: MAX_KEYS, sort: [] }),
    };
    const { snapshot: id, filters } = against!;
    const other = id === undefined ? snapshot : catalog.snapshot(query.dataset, id);
    return [
      { snapshot, query: own },
      { snapshot: other, query: filters === undefined ? own : { ...own, filters } },
    ];
  }

  // One after the other: each has all threads to itself.
  async function bothFrames([ours, theirs]: Sides, signal?: AbortSignal): Promise<[Frame, Frame]> {
    return [
      await engine.frame(ours.snapshot, ours.query, signal),
      await engine.frame(theirs.snapshot, theirs.query, signal),
    ];
  }

  async function subtract(
    [ours, theirs]: readonly [Frame, Frame],
    {
      query,
      bars,
      signal,
    }: { query: Query; bars?: BarOrder | undefined; signal?: AbortSignal | undefined },
  ): Promise<Pick<Frame, 'bytes' | 'metadata'>> {
    const cancel = words.take();
    const withdraw = (): void => {
      if (cancel !== undefined) words.set(cancel);
    };
    signal?.addEventListener('abort', withdraw);
    try {
      if (signal?.aborted === true) throw withdrawn();
      const merged = await compare(
        {
          ours: ours.bytes,
          theirs: theirs.bytes,
          metadata: { ours: ours.metadata, theirs: theirs.metadata },
          op: query.aggregate?.op ?? 'count',
          ...(bars && { bars }),
          ...(query.against?.filters !== undefined && { filters: query.against.filters }),
          ...(cancel !== undefined && { cancel }),
        },
        { finishes: true },
      );
      if (merged.withdrawn) throw withdrawn();
      return { bytes: merged.bytes, metadata: merged.metadata };
    } finally {
      signal?.removeEventListener('abort', withdraw);
      if (cancel !== undefined) words.release(cancel);
    }
  }

  return {
    frame: (snapshot, query, signal) =>
      query.against === undefined
        ? engine.frame(snapshot, query, signal)
        : difference(snapshot, query, signal),
    async plan(snapshot, query) {
      if (query.against === undefined) return engine.plan(snapshot, query);
      const [ours, theirs] = sidesOf(snapshot, query);
      const own = await engine.plan(ours.snapshot, ours.query);
      const other = await engine.plan(theirs.snapshot, theirs.query);
      return {
        exact: own.exact && other.exact,
        plan: {
          ...own.plan,
          reason: `${own.plan.reason}; against ${other.plan.tier}: ${other.plan.reason}`,
          rows: own.plan.rows + other.plan.rows,
          bytes: own.plan.bytes + other.plan.bytes,
          others: [...own.plan.others, ...other.plan.others],
          indexes: [...own.plan.indexes, ...other.plan.indexes],
        },
      };
    },
    cubes: (...asked) => engine.cubes(...asked),
    // Two samples have no difference that could be bounded: a comparison is exact.
    sample: async (snapshot, query, signal) =>
      query.against === undefined ? engine.sample(snapshot, query, signal) : null,
    values: (snapshot, ask, signal) => engine.values(snapshot, ask, signal),
    row: (snapshot, row, signal) => engine.row(snapshot, row, signal),
    rows: (snapshot, filters, signal) => engine.rows(snapshot, filters, signal),
  };
}

type Sides = [Side, Side];

function withdrawn(): HalftoneError {
  return new HalftoneError('CANCELLED', 'The request was withdrawn.');
}

function tooManyKeys(): HalftoneError {
  return new HalftoneError(
    'LIMIT_EXCEEDED',
    `More than ${MAX_KEYS.toLocaleString('en')} keys are too many to be compared.`,
    { field: 'x', hint: 'Name the keys in "domain": { "x": [ … ] }, or cut x into bins.' },
  );
}

/** The bars that are kept, by the words that a query has for it. */
function orderOf({ x, y, aggregate, sort = [], limit, domain }: Query): BarOrder {
  const key = typeof x === 'object' && !Array.isArray(x) ? x.column : x;
  const measured = aggregate?.column ?? (typeof y === 'string' ? y : undefined);
  return {
    limit: limit ?? domain?.x?.length ?? DEFAULT_BARS,
    ...(domain?.x !== undefined && { listed: domain.x }),
    sort: sort.map(({ column, order = 'asc' }) => {
      const by = column === key ? 'key' : column === measured ? 'value' : column;
      if (by === 'key' || by === 'value' || by === 'count')
        return { by, descending: order === 'desc' };
      throw new HalftoneError(
        'QUERY_INVALID',
        `Bars are sorted by "key", "value" or "count", and not by "${column}".`,
        { field: 'sort', hint: 'Leave it out for the largest differences first.' },
      );
    }),
  };
}

/** A number of one column is nothing to take from a time of another. */
function checkTypes([ours, theirs]: Sides): void {
  if (ours.snapshot === theirs.snapshot) return;
  const typesOf = ({ snapshot }: Side): Map<string, string> =>
    new Map(snapshot.manifest.columns.map(({ info }) => [info.name, info.type]));
  const [own, others] = [typesOf(ours), typesOf(theirs)];
  const names = queryColumns(ours.query);
  for (const name of names === 'all' ? [] : names) {
    const [type, other] = [own.get(name), others.get(name)];
    if (type === undefined || other === undefined || type === other) continue;
    throw new HalftoneError(
      'TYPE_MISMATCH',
      `The column "${name}" is ${type} in this snapshot and ${other} in the one it is compared with.`,
      { field: 'against.snapshot', hint: 'Compare snapshots of one type, or another column.' },
    );
  }
}

/** The domain that holds both; undefined where neither frame has one, or its keys are joined. */
function unitedDomain([ours, theirs]: readonly [Frame, Frame]): Query['domain'] {
  const [a, b] = [ours.metadata, theirs.metadata];
  if (a.mark === 'bar' && a.bin === undefined) return undefined;
  if (a.domain === null || b.domain === null) return (a.domain ?? b.domain) || undefined;
  const domain: NonNullable<Query['domain']> = {};
  for (const field of ['x', 'y'] as const) {
    const [own, other] = [a.domain[field], b.domain[field]];
    if (own === undefined || other === undefined) continue;
    domain[field] = united(own, other, a.unit[field]);
  }
  return domain;
}

function united(own: AxisDomain, other: AxisDomain, unit: AxisUnit | undefined): AxisDomain {
  if (unit === 'category') {
    const order = (a: unknown, b: unknown): number =>
      Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
    const isListed = canonicalJson(own) === canonicalJson(other);
    return isListed ? own : [...new Set([...own, ...other])].sort(order);
  }
  const value = (end: AxisDomain[number]): number | bigint => {
    if (unit === 'number' || unit === undefined) return Number(end);
    return parseTime(String(end)) ?? parseClock(String(end)) ?? 0n;
  };
  const low = value(own[0]!) <= value(other[0]!) ? own[0]! : other[0]!;
  const high = value(own[1]!) >= value(other[1]!) ? own[1]! : other[1]!;
  return [low, high];
}
