import type { Progress } from '../../protocol/dataset.js';
import type { ErrorCode, ErrorDetails } from '../errors.js';
import type { SourceKind, SourceVersion } from '../snapshots/manifest.js';
import type { PulledCopy } from '../snapshots/pulled-copy.js';
import type { AppendBase } from './append/append-base.js';
import type { LoadOutcome } from './context.js';
import type { DatasetSource } from './source.js';
import type { ClaimTask, Proof } from './verify/prove.js';

/** The cage of a child. */
export interface Cage {
  memoryBytes: number;
  threads: number;
  /** A task that takes longer is ended. */
  deadlineMs: number;
  /** No kernel keeps the cage: the child watches itself. */
  watch: boolean;
}

/** Loads a source into segments in `dir`. */
export interface LoadTask extends Cage {
  type: 'load';
  source: DatasetSource;
  dir: string;
  /** The variables of the source's command. */
  environment?: Readonly<Record<string, string>> | undefined;
  /** The version of the newest snapshot. */
  previous?: SourceVersion | undefined;
  /** The snapshot that the new one may begin with. */
  base?: AppendBase | undefined;
  /** Of a pulled source a Parquet file with its rows: it is pulled only where that cannot be read. */
  copy?: PulledCopy | undefined;
}

/** A file whose columns are asked for: of a kind that only a loader child may open. */
export interface FileToDescribe {
  path: string;
  kind: SourceKind;
}

/** Names the columns of files; `dir` is for what the database may spill. */
export interface DescribeTask extends Cage {
  type: 'describe';
  files: readonly FileToDescribe[];
  dir: string;
}

/** Holds a frame against its source; `dir` is for copies and what the database may spill. */
export interface VerifyTask extends Cage {
  type: 'verify';
  source: DatasetSource;
  claim: ClaimTask;
  dir: string;
}

/** What the parent tells a loader child: its one task, to stop it, or that it is still to come. */
export type ToChild =
  | LoadTask
  | DescribeTask
  | VerifyTask
  | { type: 'cancel' }
  | { type: 'prepare'; kind: SourceKind | undefined };

/** A HalftoneError on its way between processes. */
export interface Refusal {
  code: ErrorCode;
  message: string;
  details: ErrorDetails;
}

/** The columns of a file, or why it cannot be read. */
export type DescribedFile = { columns: string[] } | { failed: Refusal };

/** What a loader child tells its parent. */
export type FromChild =
  | { type: 'progress'; progress: Progress }
  /** A line for the log of the run: a command wrote it beside its rows, or it tells how the source was read. */
  | { type: 'log'; line: string }
  /** The process group of a command that was started: to be ended with the child. */
  | { type: 'group'; id: number }
  /** Without an outcome the source has the version of the newest snapshot still. */
  | { type: 'loaded'; outcome?: LoadOutcome | undefined }
  | { type: 'described'; files: DescribedFile[] }
  | { type: 'verified'; proof: Proof }
  | ({ type: 'failed' } & Refusal);

/** The child's exit code when it found itself over its memory. */
export const EXIT_OVER_MEMORY = 66;
