import type { FrameMetadata, FramePlan } from '../../protocol/frame.js';
import type { ColumnValues } from '../../protocol/options.js';
import type { JsonValue } from '../../protocol/column.js';
import type { ActiveView } from '../../protocol/cube.js';
import type { Filter, Query } from '../../protocol/query.js';
import type { Snapshot } from '../snapshots/manifest.js';
import type { PlannedFrame } from './plan/planned-frame.js';

/** The answer to one query: an Arrow IPC stream, ready to be sent. The bytes are immutable and may be shared. */
export interface Frame {
  bytes: Uint8Array;
  metadata: FrameMetadata;
  plan: FramePlan;
  /** Milliseconds spent waiting, computing and encoding. */
  timing: { queueMs: number; computeMs: number; encodeMs: number };
}

export interface ValuesRequest {
  column: string;
  /** Keeps the values that contain it, by Unicode simple case folding. */
  search?: string;
  limit: number;
  /** The other filters. */
  filters: readonly Filter[];
}

/** One row in full: every value exact, as JSON gives it. */
export interface Row {
  row: number;
  values: Record<string, unknown>;
}

/** What the brush cubes of linked views are made of. */
export interface CubesAsk {
  active: ActiveView;
  /** Those of the request: they choose the rows over which an axis without a domain extends. */
  filters: readonly Filter[];
  views: CubeViewAsk[];
}

/** A view whose marks add up, and what it shows without a brush. */
export interface CubeViewAsk {
  /** With all its filters, those of the request among them. */
  query: Query;
  frame: Pick<Frame, 'metadata'>;
  /** The keys that a bar shows, each once, in its order. */
  keys: readonly JsonValue[];
}

/**
 * Answers queries over snapshots. The query has passed `checkQuery`; whatever does not fit the snapshot's columns
 * is rejected as a HalftoneError before any worker is asked. A signal withdraws the request.
 */
export interface Engine {
  frame(snapshot: Snapshot, query: Query, signal?: AbortSignal): Promise<Frame>;
  /** How the query would be answered now; nothing is computed. */
  plan(snapshot: Snapshot, query: Query): Promise<PlannedFrame>;
  /** The brush cubes of linked views, each as it is ready: see docs/reference/http.md. */
  cubes(snapshot: Snapshot, ask: CubesAsk, signal?: AbortSignal): Promise<Frame>[];
  /**
   * The same from a sample of the rows, where the exact answer is expected to take long; null where it is better to ask
   * for that.
   */
  sample(snapshot: Snapshot, query: Query, signal?: AbortSignal): Promise<Frame | null>;
  values(snapshot: Snapshot, request: ValuesRequest, signal?: AbortSignal): Promise<ColumnValues>;
  row(snapshot: Snapshot, row: number, signal?: AbortSignal): Promise<Row>;
  /**
   * Every matching row in row order, as Arrow IPC streams of one batch each (all columns in their declared
   * types, equal schemas), one after the other, never more than a few at once in memory.
   */
  rows(
    snapshot: Snapshot,
    filters: readonly Filter[],
    signal?: AbortSignal,
  ): AsyncIterable<Uint8Array>;
}
