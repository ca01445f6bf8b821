import type { Table, Vector } from 'apache-arrow';
import type { FrameMetadata, FramePlan } from '../../../protocol/frame.js';
import type { Query } from '../../../protocol/query.js';
import type { Problem } from '../../../protocol/problem.js';
import { canonicalJson } from '../../../protocol/canonical.js';
import { API, FRAME_REVISION, METADATA_KEY, PLAN_HEADER } from '../../../protocol/media.js';
import { ApiError } from './api.js';

/** One answer as the page reads it. */
export interface Frame {
  metadata: FrameMetadata;
  plan: FramePlan | undefined;
  table: Table;
  /** From the question to the answer, in milliseconds. */
  elapsedMs: number;
  /** As they came over the network; 0 where nothing did. */
  bytes: number;
}

/** The page's way to frames: equal questions share an answer, and old answers are remembered. */
export interface Frames {
  ask(query: Query, signal?: AbortSignal): Promise<Frame>;
}

/** One bar of a histogram; its ends are numbers, or milliseconds since 1970 on a time column. */
export interface Bin {
  lo: number;
  hi: number;
  count: number;
}

/** The bins of a histogram's frame. */
export function readBins({ table, metadata }: Frame): Bin[] {
  const [lo, hi, count] = ['lo', 'hi', 'count'].map((name) => table.getChild(name));
  if (!lo || !hi || !count) return [];
  const low = positions(lo, metadata.unit.x);
  const high = positions(hi, metadata.unit.x);
  return Array.from({ length: table.numRows }, (_, i) => ({
    lo: low(i),
    hi: high(i),
    count: Number(count.get(i)),
  }));
}

const PER_MS: Readonly<Record<string, number>> = {
  s: 1000,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
  day: 86_400_000,
};

/** Reads stored integers of a time axis, because Arrow's own getters differ between versions in their unit. */
function positions(vector: Vector, unit: FrameMetadata['unit']['x']): (index: number) => number {
  const scale = (unit && PER_MS[unit]) ?? 1;
  const values = vector.data[0]?.values as ArrayLike<number | bigint> | undefined;
  return (index) => Number(values?.[index] ?? Number.NaN) * scale;
}

/** Opens the page's way to frames. */
export function openFrames(): Frames {
  return {
    async ask(query, signal) {
      const { tableFromIPC } = await import('apache-arrow');
      const startedAt = performance.now();
      const json = new TextEncoder().encode(canonicalJson(query));
      const q = btoa(String.fromCharCode(...json))
        .replace(/\+/g, '-')
        .replace(/\//g, '_')
        .replace(/=+$/, '');
      const response = await fetch(
        `${API}/frame?q=${q}&r=${FRAME_REVISION}`,
        signal ? { signal } : {},
      );
      if (!response.ok)
        throw new ApiError((await response.json()) as Partial<Problem>, response.status);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const table = tableFromIPC(bytes);
      const plan = response.headers.get(PLAN_HEADER);
      return {
        table,
        metadata: JSON.parse(table.schema.metadata.get(METADATA_KEY)!) as FrameMetadata,
        plan: plan === null ? undefined : (JSON.parse(plan) as FramePlan),
        elapsedMs: performance.now() - startedAt,
        bytes: bytes.length,
      };
    },
  };
}
