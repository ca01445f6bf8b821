import { join } from 'node:path';
import type { Span } from '../../workers/columns.js';
import type { ReadFault, ReadSpansTask, SpanRead } from '../../workers/read-spans.js';
import { HalftoneError } from '../errors.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { readsOf, type Unit } from './buffers.js';
import { planLease } from './lease-plan.js';
import type { ColumnStore, Lease, LeaseOptions } from './lease.js';
import { Slabs } from './slabs.js';

/** A unit in memory, or on its way there. */
interface Resident {
  run: Span;
  /** Leases that hold it, and the worker that reads into it: its run belongs to nobody else before both are gone. */
  pins: number;
  /** Resolves once the bytes are there and checked. */
  ready: Promise<void>;
  /** It could not be read: it goes as soon as nobody waits for it. */
  failed?: boolean;
}

export interface ColumnStoreOptions {
  /** Reads and checks buffers of one file: a task of the workers. */
  read: (task: ReadSpansTask) => Promise<ReadFault>;
  budgetBytes: number;
  slabBytes?: number;
  /** How long a lease waits for others to end where they leave no room. */
  waitMs?: number;
  /** Told of a buffer that is not what was written, so that the snapshot can be rebuilt. */
  onDamage?: (snapshot: Snapshot, error: HalftoneError) => void;
}

export interface ColumnStoreStats {
  bytes: number;
  maxBytes: number;
  pinnedBytes: number;
  units: number;
  loads: number;
  evictions: number;
}

/** The column store that keeps columns in slabs of shared memory. */
export interface ResidentColumns extends ColumnStore {
  stats(): ColumnStoreStats;
  /** Lets go of what lies in memory of a snapshot's folder and is not pinned; of all without one. */
  drop(dir?: string): void;
}

/** A task of the workers reads about so many bytes: some 20 ms. */
const TASK_BYTES = 16 * 1024 * 1024;

/**
 * Brings columns into shared memory batch by batch as leases need them, within a budget. What was used longest ago is
 * given up first, and nothing that a lease pins.
 */
export function createColumnStore({
  read,
  budgetBytes,
  slabBytes,
  waitMs = 20_000,
  onDamage,
}: ColumnStoreOptions): ResidentColumns {
  const slabs = new Slabs({ budgetBytes, ...(slabBytes === undefined ? {} : { slabBytes }) });
  // In the order of their last use: Map keeps the order of insertion.
  const residents = new Map<string, Resident>();
  const waiting = new Set<() => void>();
  const counters = { loads: 0, evictions: 0 };

  function evictOne(): boolean {
    for (const [key, resident] of residents) {
      if (resident.pins > 0) continue;
      slabs.free(resident.run);
      residents.delete(key);
      counters.evictions++;
      return true;
    }
    return false;
  }

  function pinnedBytes(): number {
    let bytes = 0;
    for (const { pins, run } of residents.values()) if (pins > 0) bytes += run.length;
    return bytes;
  }

  function allocate(bytes: number): Span | undefined {
    for (;;) {
      const run = slabs.allocate(bytes);
      if (run !== undefined || !evictOne()) return run;
    }
  }

  function release(units: readonly Unit[]): void {
    for (const { key } of units) {
      const resident = residents.get(key)!;
      resident.pins--;
      if (resident.pins > 0 || resident.failed !== true) continue;
      slabs.free(resident.run);
      residents.delete(key);
    }
    for (const wake of waiting) wake();
  }

  /** Pins all units at once, or none; those that have to be read are returned beside. */
  function pin(units: readonly Unit[]): Unit[] | undefined {
    const pinned: Unit[] = [];
    const missing: Unit[] = [];
    // What is already there first, so that making room for the others cannot push it out.
    for (const unit of units) {
      const resident = residents.get(unit.key);
      if (resident === undefined) continue;
      resident.pins++;
      residents.delete(unit.key);
      residents.set(unit.key, resident);
      pinned.push(unit);
    }
    for (const unit of units) {
      if (residents.has(unit.key)) continue;
      const run = allocate(unit.bytes);
      if (run === undefined) {
        for (const { key } of missing) {
          slabs.free(residents.get(key)!.run);
          residents.delete(key);
        }
        release(pinned);
        return undefined;
      }
      residents.set(unit.key, { run, pins: 1, ready: NEVER });
      missing.push(unit);
    }
    return missing;
  }

  async function pinOrWait(
    units: readonly Unit[],
    signal: AbortSignal | undefined,
  ): Promise<Unit[]> {
    const needed = units.reduce((sum, { bytes }) => sum + slabs.roundUp(bytes), 0);
    const deadline = performance.now() + waitMs;
    for (;;) {
      signal?.throwIfAborted();
      const missing = pin(units);
      if (missing !== undefined) return missing;
      const pinned = pinnedBytes();
      const left = deadline - performance.now();
      // Where nobody holds anything, no one will ever let go of it.
      if (left <= 0 || pinned === 0 || needed > slabs.budgetBytes)
        throw exhausted(needed, pinned, slabs.budgetBytes);
      await untilReleased(left, signal);
    }
  }

  function untilReleased(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        waiting.delete(wake);
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener('abort', wake);
      waiting.add(wake);
    });
  }

  /** Starts to read the missing units, split over the workers; each becomes ready with its task. */
  function load(snapshot: Snapshot, missing: readonly Unit[]): void {
    for (const group of groupByTask(missing)) {
      const reads: SpanRead[] = group.flatMap((unit) =>
        readsOf(unit, residents.get(unit.key)!.run),
      );
      const task = { path: join(snapshot.dir, group[0]!.file), slabs: slabs.buffers, reads };
      counters.loads += group.length;
      const ready = read(task).then((fault) => {
        if (fault === null) return;
        const error = damaged(snapshot, group, fault);
        onDamage?.(snapshot, error);
        throw error;
      });
      const members = group.map(({ key }) => residents.get(key)!);
      for (const member of members) {
        member.ready = ready;
        member.pins++;
      }
      // Everyone who waits hears of a failure; without anyone it must not end the process.
      ready.then(
        () => release(group),
        () => {
          for (const member of members) member.failed = true;
          release(group);
        },
      );
    }
  }

  async function lease(
    snapshot: Snapshot,
    columns: readonly string[],
    { batches, signal }: LeaseOptions = {},
  ): Promise<Lease> {
    const plan = planLease(snapshot, columns, batches);
    const missing = await pinOrWait(plan.units, signal);
    load(snapshot, missing);
    try {
      await unlessAborted(
        Promise.all(plan.units.map(({ key }) => residents.get(key)!.ready)),
        signal,
      );
    } catch (error) {
      release(plan.units);
      throw error;
    }
    let isReleased = false;
    return {
      table: plan.view((unit) => residents.get(unit.key)!.run, slabs.buffers),
      bytesRead: missing.reduce((sum, { bytes }) => sum + bytes, 0),
      release: () => {
        if (isReleased) return;
        isReleased = true;
        release(plan.units);
      },
    };
  }

  return {
    lease,
    stats: () => ({
      bytes: slabs.usedBytes,
      maxBytes: slabs.budgetBytes,
      pinnedBytes: pinnedBytes(),
      units: residents.size,
      ...counters,
    }),
    drop: (dir) => {
      for (const [key, { pins, run }] of residents) {
        if (pins > 0 || (dir !== undefined && !key.startsWith(`${dir}/`))) continue;
        slabs.free(run);
        residents.delete(key);
      }
    },
  };
}

// A unit is listed before its reading starts, in the same turn of the event loop: nobody ever waits on this.
const NEVER = new Promise<void>(() => {});

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

/** Settles with the work, or rejects as soon as the signal is aborted: the work goes on, and is awaited by nobody. */
function unlessAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function exhausted(needed: number, pinned: number, budget: number): HalftoneError {
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
  const why =
    needed > budget
      ? `only ${megabytes(budget)} of columns may be in memory at all`
      : `${megabytes(pinned)} of the ${megabytes(budget)} for columns are in use by others`;
  return new HalftoneError(
    'MEMORY_EXHAUSTED',
    `This query needs ${megabytes(needed)} of columns, and ${why}.`,
    { hint: 'Ask for fewer columns at once, or start with a larger --memory-limit.' },
  );
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
