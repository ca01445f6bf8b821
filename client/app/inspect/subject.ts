import type { Query } from '../../../protocol/query.js';
import type { FrameMetadata, FramePlan } from '../../../protocol/frame.js';

/** A picture that is looked into: what was asked, and what came of it. */
export interface Subject {
  title: string;
  /** The question whose answer is on the screen, its snapshot named. */
  query: Query;
  metadata: FrameMetadata;
  plan: FramePlan | undefined;
  /** Milliseconds by name: `queue`, `compute`, `encode`, `total` of the server; `fetch`, `decode`, `draw` of the page. */
  timing: Readonly<Record<string, number>>;
  /** Bytes of Arrow. */
  bytes: number;
  elapsedMs: number;
}
