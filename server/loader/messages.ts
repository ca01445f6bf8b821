import type { Progress } from '../../protocol/dataset.js';
import type { ErrorCode, ErrorDetails } from '../errors.js';
import type { LoadOutcome } from './context.js';
import type { DatasetSource } from './source.js';

/** What the parent tells a loader child. The first message starts its one task. */
export type ToChild =
  | {
      type: 'load';
      source: DatasetSource;
      dir: string;
      memoryBytes: number;
      threads: number;
      /** No kernel keeps the cage: the child watches itself. */
      watch: boolean;
    }
  | { type: 'cancel' };

/** What a loader child tells its parent. */
export type FromChild =
  | { type: 'progress'; progress: Progress }
  | { type: 'loaded'; outcome: LoadOutcome }
  | { type: 'failed'; code: ErrorCode; message: string; details: ErrorDetails };

/** The child's exit code when it found itself over its memory. */
export const EXIT_OVER_MEMORY = 66;
