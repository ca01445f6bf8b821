import type { RunTrigger } from '../../protocol/run.js';
import type { OpenRun } from '../jobs/runs.js';
import type { PulledCopy } from '../snapshots/pulled-copy.js';

/** Why a dataset is loaded, and how its load is told. */
export interface LoadCause {
  trigger: RunTrigger;
  /** Its record, where it was asked for; else one is made once the source is to be read. */
  run?: OpenRun;
  /** Takes whatever comes, guards or not. */
  force?: boolean;
}

/** How the rows of a load are got and told. */
export interface LoadHow {
  signal: AbortSignal;
  run: OpenRun;
  /** Takes whatever comes, guards or not. */
  force: boolean;
  /** What is read in place of the source. */
  copy?: PulledCopy;
}
