import { LRUCache } from 'lru-cache';
import { FRAME_REVISION } from '../../protocol/media.js';
import type { Query } from '../../protocol/query.js';
import type { Engine, Frame } from '../engine/engine.js';
import type { Coding } from '../http/coding.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { BROTLI_QUALITY, compress, DENSE_BROTLI_QUALITY, MIN_CODED_BYTES } from './compress.js';
import { createSingleFlight } from './single-flight.js';

/** A frame with the codings that were asked of it so far. */
export interface CachedFrame {
  frame: Frame;
  coded: ReadonlyMap<Coding, Buffer>;
  dataset: string;
  snapshot: string;
  key: string;
}

/** How an answer was come by: from the cache, by work of its own, by joining someone else's, or from a sample. */
export type CacheOutcome = 'hit' | 'miss' | 'joined' | 'sample';

export interface FrameCache {
  /** The frame of a canonical query, from memory or from the engine. Failures are not kept. */
  get(
    snapshot: Snapshot,
    key: string,
    query: Query,
    signal?: AbortSignal,
  ): Promise<{ entry: CachedFrame; outcome: CacheOutcome }>;
  /** Whether the frame is in memory. */
  has(snapshot: Snapshot, key: string): boolean;
  /** The same for what is made in some other way: `make` is called at once where nobody makes it yet. */
  getMade(
    snapshot: Snapshot,
    key: string,
    make: (signal: AbortSignal) => Promise<Frame>,
    signal?: AbortSignal,
  ): Promise<{ entry: CachedFrame; outcome: CacheOutcome }>;
  /**
   * The frame of a query from a sample of the rows, which is not kept: the exact one follows it. Null where the engine
   * would rather give that.
   */
  sample(
    snapshot: Snapshot,
    key: string,
    query: Query,
    signal?: AbortSignal,
  ): Promise<{ entry: CachedFrame; outcome: CacheOutcome } | null>;
  /** The bytes as they are to be sent; each coding is made once. Small frames stay as they are. */
  bytes(entry: CachedFrame, coding: Coding): Promise<{ bytes: Buffer; coding: Coding }>;
  entries(): CachedFrame[];
  readonly bytesHeld: number;
  readonly maxBytes: number;
  /** Forgets what matches all that is given; tells how many frames that were. */
  clear(which: { dataset?: string; key?: string }): number;
}

// Metadata, map entries and strings of one frame.
const OVERHEAD_BYTES = 4096;

export function createFrameCache({
  engine,
  maxBytes = 256 * 2 ** 20,
}: {
  engine: Pick<Engine, 'frame' | 'sample'>;
  maxBytes?: number;
}): FrameCache {
  const cache = new LRUCache<string, CachedFrame>({
    maxSize: maxBytes,
    sizeCalculation: ({ frame, coded }) => {
      let size = frame.bytes.byteLength + OVERHEAD_BYTES;
      for (const bytes of coded.values()) size += bytes.byteLength;
      return size;
    },
  });
  const flights = createSingleFlight<CachedFrame>();
  const samples = createSingleFlight<CachedFrame | null>();
  const codings = createSingleFlight<Buffer>();
  const idOf = ({ snapshot, key }: Pick<CachedFrame, 'snapshot' | 'key'>) =>
    `${snapshot}/${FRAME_REVISION}/${key}`;

  return {
    get(snapshot, key, query, signal) {
      const make = (flight: AbortSignal) => engine.frame(snapshot, query, flight);
      return this.getMade(snapshot, key, make, signal);
    },
    async getMade(snapshot, key, make, signal) {
      const { id: snapshotId, dataset } = snapshot.manifest;
      const id = idOf({ snapshot: snapshotId, key });
      const found = cache.get(id);
      if (found !== undefined) return { entry: found, outcome: 'hit' };
      const compute = async (flightSignal: AbortSignal) => {
        const frame = await make(flightSignal);
        const entry: CachedFrame = { frame, coded: new Map(), dataset, snapshot: snapshotId, key };
        cache.set(id, entry);
        return entry;
      };
      const { promise, joined } = flights.run(id, compute, signal);
      return { entry: await promise, outcome: joined ? 'joined' : 'miss' };
    },
    has: (snapshot, key) => cache.has(idOf({ snapshot: snapshot.manifest.id, key })),
    async sample(snapshot, key, query, signal) {
      const { id: snapshotId, dataset } = snapshot.manifest;
      const compute = async (flightSignal: AbortSignal) => {
        const frame = await engine.sample(snapshot, query, flightSignal);
        return frame && { frame, coded: new Map(), dataset, snapshot: snapshotId, key };
      };
      const entry = await samples.run(idOf({ snapshot: snapshotId, key }), compute, signal).promise;
      return entry && { entry, outcome: 'sample' };
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
        cache.set(id, { ...latest, coded: new Map(latest.coded).set(coding, bytes) });
      }
      return { bytes, coding };
    },
    entries: () => [...cache.values()],
    get bytesHeld() {
      return cache.calculatedSize;
    },
    maxBytes,
    clear({ dataset, key }) {
      let cleared = 0;
      for (const entry of Array.from(cache.values())) {
        if (dataset !== undefined && entry.dataset !== dataset) continue;
        if (key !== undefined && entry.key !== key) continue;
        if (cache.delete(idOf(entry))) cleared++;
      }
      return cleared;
    },
  };
}

/** The same memory as a Buffer: Fastify refuses a bare Uint8Array over a SharedArrayBuffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
