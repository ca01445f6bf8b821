import { tableFromIPC, type Table } from 'apache-arrow';
import type { FrameMetadata } from '../../protocol/frame.js';
import type { Filter } from '../../protocol/query.js';
import { checkCancel, unlessWithdrawn, type CancelWord } from '../scan/cancel.js';
import { writeFrame } from '../scan/frame.js';
import type { MarkedFrame } from '../scan/mark.js';
import { compareCells } from './compare-cells.js';
import { compareGroups, type GroupsAsk } from './compare-groups.js';

/** Two frames of the same mark over the same domain, whose difference is asked for. */
export interface CompareTask extends GroupsAsk {
  /** Arrow IPC streams. */
  ours: Uint8Array;
  theirs: Uint8Array;
  /** The other filters, where they are others. */
  filters?: readonly Filter[];
  cancel?: CancelWord;
}

/** The signed difference of two frames, ours less theirs, as a frame. */
export function compareFrames(
  task: CompareTask,
): ({ withdrawn: false } & MarkedFrame) | { withdrawn: true } {
  return unlessWithdrawn(() => ({ withdrawn: false, ...difference(task) }));
}

function difference(task: CompareTask): MarkedFrame {
  const { metadata, filters, cancel } = task;
  const check = (): void => checkCancel(cancel);
  check();
  const [ours, theirs] = [readTable(task.ours), readTable(task.theirs)];
  check();
  const { width, height, method } = metadata.ours;
  const compared =
    method === 'density'
      ? { ...compareCells(ours, theirs, width * height, check), rowCounts: undefined }
      : compareGroups(ours, theirs, task, check);
  const { rowCounts = { ours: metadata.ours.rows, theirs: metadata.theirs.rows } } = compared;
  const told: FrameMetadata = {
    ...metadata.ours,
    ...compared.metadata,
    exact: metadata.ours.exact && metadata.theirs.exact,
    rows: rowCounts.ours,
    against: {
      snapshot: metadata.theirs.snapshot,
      ...(filters !== undefined && { filters: [...filters] }),
      rows: rowCounts.theirs,
    },
  };
  return writeFrame(told, compared.rows, compared.columns);
}

function readTable(bytes: Uint8Array): Table {
  // Text cannot be decoded out of shared memory; slice() makes a copy that is not shared.
  return tableFromIPC(bytes.buffer instanceof SharedArrayBuffer ? bytes.slice() : bytes);
}
