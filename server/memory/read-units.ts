import { join } from 'node:path';
import type { ReadFault, ReadSpansTask } from '../../workers/read-spans.js';
import type { CancelWords } from '../engine/cancel-words.js';
import { HalftoneError } from '../errors.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { readsOf, type Unit } from './buffers.js';
import { IndexDamaged } from './lease.js';
import type { Residents } from './residents.js';

/** Reads and checks buffers of one file: a task of the workers. */
export type ReadSpans = (task: ReadSpansTask) => Promise<ReadFault>;

/** A task of the workers reads about so many bytes: some 20 ms. */
const TASK_BYTES = 16 * 1024 * 1024;

/** Units that one task reads, and its end: rejects with CACHE_DAMAGED, IndexDamaged or ReadWithdrawn. */
export interface UnitsRead {
  units: readonly Unit[];
  ready: Promise<void>;
  /** Asks the task to stop, where it has not ended. */
  withdraw: () => void;
}

/** A read was given up because nobody waited for it: who came meanwhile begins it anew. */
export class ReadWithdrawn extends Error {
  constructor() {
    super('The read was withdrawn.');
    this.name = 'ReadWithdrawn';
  }
}

/** Starts to read units of a snapshot into their runs of memory, split over the workers. */
export function readUnits(
  read: ReadSpans,
  snapshot: Snapshot,
  units: readonly Unit[],
  residents: Residents,
  words: CancelWords,
): UnitsRead[] {
  return groupByTask(units).map((group) => {
    const path = join(snapshot.dir, group[0]!.file);
    const reads = group.flatMap((unit) => readsOf(unit, residents.runOf(unit)));
    const cancel = words.take();
    let hasEnded = false;
    const task = { path, slabs: residents.slabs, reads, ...(cancel && { cancel }) };
    const end = (): void => {
      hasEnded = true;
      if (cancel !== undefined) words.release(cancel);
    };
    const answer = read(task).finally(end);
    const ready = answer.then((fault) => {
      if (fault === null) return;
      if (fault.withdrawn === true) throw new ReadWithdrawn();
      const { file, isIndex } = group[0]!;
      throw isIndex === true
        ? new IndexDamaged(file, fault.reason)
        : damaged(snapshot, group, fault);
    });
    const withdraw = (): void => {
      if (cancel !== undefined && !hasEnded) words.set(cancel);
    };
    return { units: group, ready, withdraw };
  });
}

function groupByTask(units: readonly Unit[]): Unit[][] {
  const groups: Unit[][] = [];
  let bytes = 0;
  for (const unit of units) {
    const last = groups.at(-1);
    if (last === undefined || last[0]!.file !== unit.file || bytes + unit.bytes > TASK_BYTES) {
      groups.push([unit]);
      bytes = unit.bytes;
    } else {
      last.push(unit);
      bytes += unit.bytes;
    }
  }
  return groups;
}

function damaged(
  { manifest }: Snapshot,
  group: readonly Unit[],
  { offset, reason }: NonNullable<ReadFault>,
): HalftoneError {
  // A file that cannot be opened fails at 0, where no buffer begins: it is told by the first unit.
  const { file, column, batch } =
    group.find(({ refs }) => refs.some((ref) => ref.offset === offset)) ?? group[0]!;
  const { name } = manifest.columns[column]!.info;
  const part = batch === undefined ? 'the dictionary' : `batch ${batch}`;
  return new HalftoneError(
    'CACHE_DAMAGED',
    `The cache of "${manifest.dataset}" is damaged at column "${name}", ${part}, byte ${offset} of "${file}" in snapshot ${manifest.id}: ${reason}`,
    { hint: 'The dataset is loaded again from its source.', column: name },
  );
}
