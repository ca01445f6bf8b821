import { LRUCache } from 'lru-cache';
import { FRAME_REVISION } from '../../protocol/media.js';
import type { Query } from '../../protocol/query.js';
import type { Engine, Frame } from '../engine/engine.js';
import type { Coding } from '../http/coding.js';
import type { Account } from '../memory/account.js';
import { keepInAccount } from '../memory/keep-in-account.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { BROTLI_QUALITY, compress, DENSE_BROTLI_QUALITY, MIN_CODED_BYTES } from './compress.js';
import type { FrameName, FrameStore } from './frame-store.js';
import { DEFAULT_SERVING, type ServingOf } from './serving.js';
import { createSingleFlight } from './single-flight.js';

/** A frame with the codings that were asked of it so far. */
export interface CachedFrame extends FrameName {
  frame: Frame;
  coded: ReadonlyMap<Coding, Buffer>;
  /** When it was made, in milliseconds since 1970. */
  storedAt: number;
}

/** How an answer was come by: from memory, from disk, by work of its own, by joining someone else's, or from a sample. */
export type CacheOutcome = 'hit' | 'disk' | 'miss' | 'joined' | 'sample';

/** A frame, how it was come by, and how long ago it was made. */
export interface CachedAnswer {
  entry: CachedFrame;
  outcome: CacheOutcome;
  ageMs: number;
}

export interface FrameCache {
  /** The frame of a canonical query, from memory or from the engine. Failures are not kept. */
  get(snapshot: Snapshot, key: string, query: Query, signal?: AbortSignal): Promise<CachedAnswer>;
  /** Whether the frame is in memory or on disk. */
  has(snapshot: Snapshot, key: string): boolean;
  /** The same for what is made in some other way: `make` is called at once where nobody makes it yet. */
  getMade(
    snapshot: Snapshot,
    key: string,
    make: (signal: AbortSignal) => Promise<Frame>,
    signal?: AbortSignal,
  ): Promise<CachedAnswer>;
  /**
   * The frame of a query from a sample of the rows, which is not kept: the exact one follows it. Null where the engine
   * would rather give that.
   */
  sample(
    snapshot: Snapshot,
    key: string,
    query: Query,
    signal?: AbortSignal,
  ): Promise<CachedAnswer | null>;
  /** The bytes as they are to be sent; each coding is made once. Small frames stay as they are. */
  bytes(entry: CachedFrame, coding: Coding): Promise<{ bytes: Buffer; coding: Coding }>;
  entries(): CachedFrame[];
  readonly bytesHeld: number;
  readonly maxBytes: number;
  /** Forgets the frames in memory of a dataset's snapshots but these. */
  keepOnly(dataset: string, snapshots: ReadonlySet<string>): void;
  /** Forgets what matches all that is given, on disk too; tells how many frames that were, and the bytes freed. */
  clear(which: { dataset?: string; key?: string }): Promise<{ frames: number; bytes: number }>;
}

// Metadata, map entries and strings of one frame.
const OVERHEAD_BYTES = 4096;
/** What is made in less time is made again as quickly as it is read from a disk. */
const WORTH_DISK_MS = 20;

export function createFrameCache({
  engine,
  maxBytes = 256 * 2 ** 20,
  store,
  account,
  servingOf = () => DEFAULT_SERVING,
  now = Date.now,
}: {
  engine: Pick<Engine, 'frame' | 'sample'>;
  maxBytes?: number;
  /** Frames on disk. */
  store?: FrameStore;
  /** Where frames in memory are counted: they give way to columns and to what requests compute with. */
  account?: Account;
  servingOf?: ServingOf;
  /** Milliseconds since 1970. */
  now?: () => number;
}): FrameCache {
  const cache = new LRUCache<string, CachedFrame>({
    maxSize: maxBytes,
    sizeCalculation: sizeOf,
  });
  if (account !== undefined) keepInAccount(account, cache);
  const keep = (id: string, entry: CachedFrame): void => {
    cache.set(id, entry);
    account?.settle();
  };
  const flights = createSingleFlight<{ entry: CachedFrame; outcome: 'disk' | 'miss' }>();
  const samples = createSingleFlight<CachedFrame | null>();
  const codings = createSingleFlight<Buffer>();
  const idOf = ({ snapshot, key }: Pick<CachedFrame, 'snapshot' | 'key'>) =>
    `${snapshot}/${FRAME_REVISION}/${key}`;
  const nameOf = ({ manifest: { dataset, id } }: Snapshot, key: string): FrameName => ({
    dataset,
    snapshot: id,
    key,
  });

  const answered = (entry: CachedFrame, outcome: CacheOutcome): CachedAnswer => ({
    entry,
    outcome,
    ageMs: Math.max(0, now() - entry.storedAt),
  });

  /** From memory, or by `work`, which is begun at once where nobody has begun it. */
  async function shared(
    name: FrameName,
    work: (signal: AbortSignal) => Promise<{ frame: Frame; storedAt?: number }>,
    signal: AbortSignal | undefined,
  ): Promise<CachedAnswer> {
    const id = idOf(name);
    const found = cache.get(id);
    if (found !== undefined) return answered(found, 'hit');
    const compute = async (flightSignal: AbortSignal) => {
      const { frame, storedAt } = await work(flightSignal);
      const entry = { ...name, frame, coded: new Map(), storedAt: storedAt ?? now() };
      keep(id, entry);
      return { entry, outcome: storedAt === undefined ? ('miss' as const) : ('disk' as const) };
    };
    const { promise, joined } = flights.run(id, compute, signal);
    const { entry, outcome } = await promise;
    return answered(entry, joined ? 'joined' : outcome);
  }

  return {
    get(snapshot, key, query, signal) {
      const name = nameOf(snapshot, key);
      const { cache: tier } = servingOf(name.dataset);
      const work = async (flight: AbortSignal) => {
        const stored = tier === 'memory' ? undefined : await store?.read(name);
        if (stored !== undefined) return stored;
        const frame = await engine.frame(snapshot, query, flight);
        const { computeMs, encodeMs } = frame.timing;
        const isWorthIt = tier === 'disk' || computeMs + encodeMs >= WORTH_DISK_MS;
        if (tier !== 'memory' && isWorthIt) store?.write(name, frame);
        return { frame };
      };
      return shared(name, work, signal);
    },
    getMade: (snapshot, key, make, signal) =>
      shared(nameOf(snapshot, key), (flight) => make(flight).then((frame) => ({ frame })), signal),
    has(snapshot, key) {
      const name = nameOf(snapshot, key);
      return cache.has(idOf(name)) || (store?.has(name) ?? false);
    },
    async sample(snapshot, key, query, signal) {
      const { id: snapshotId, dataset } = snapshot.manifest;
      const compute = async (flightSignal: AbortSignal) => {
        const frame = await engine.sample(snapshot, query, flightSignal);
        const storedAt = now();
        return frame && { frame, coded: new Map(), dataset, snapshot: snapshotId, key, storedAt };
      };
      const entry = await samples.run(idOf({ snapshot: snapshotId, key }), compute, signal).promise;
      return entry && answered(entry, 'sample');
    },
    async bytes(entry, coding) {
      const plain = asBuffer(entry.frame.bytes);
      if (coding === 'identity' || plain.length < MIN_CODED_BYTES) {
        return { bytes: plain, coding: 'identity' };
      }
      const id = idOf(entry);
      const known = (cache.peek(id) ?? entry).coded.get(coding);
      if (known !== undefined) return { bytes: known, coding };
      const isDense = entry.frame.metadata.layout === 'dense';
      const quality = isDense ? DENSE_BROTLI_QUALITY : BROTLI_QUALITY;
      const code = (): Promise<Buffer> => compress(plain, coding, quality);
      const bytes = await codings.run(`${id}/${coding}`, code).promise;
      const latest = cache.peek(id);
      // A new entry, because the cache weighs an entry only when another value is set.
      if (latest !== undefined && !latest.coded.has(coding)) {
        keep(id, { ...latest, coded: new Map(latest.coded).set(coding, bytes) });
      }
      return { bytes, coding };
    },
    entries: () => [...cache.values()],
    get bytesHeld() {
      return cache.calculatedSize;
    },
    maxBytes,
    keepOnly(dataset, snapshots) {
      for (const entry of Array.from(cache.values())) {
        if (entry.dataset === dataset && !snapshots.has(entry.snapshot)) cache.delete(idOf(entry));
      }
    },
    async clear({ dataset, key }) {
      let [frames, bytes] = [0, 0];
      for (const entry of Array.from(cache.values())) {
        if (dataset !== undefined && entry.dataset !== dataset) continue;
        if (key !== undefined && entry.key !== key) continue;
        if (!cache.delete(idOf(entry))) continue;
        frames++;
        bytes += sizeOf(entry);
      }
      const stored = await store?.clear({
        ...(dataset === undefined ? {} : { dataset }),
        ...(key === undefined ? {} : { key }),
      });
      return { frames: frames + (stored?.frames ?? 0), bytes: bytes + (stored?.bytes ?? 0) };
    },
  };
}

function sizeOf({ frame, coded }: Pick<CachedFrame, 'frame' | 'coded'>): number {
  let size = frame.bytes.byteLength + OVERHEAD_BYTES;
  for (const bytes of coded.values()) size += bytes.byteLength;
  return size;
}

/** The same memory as a Buffer: Fastify refuses a bare Uint8Array over a SharedArrayBuffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
