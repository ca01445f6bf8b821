import { CancelWords } from '../engine/cancel-words.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { Account } from './account.js';
import { isBeside, type Unit } from './buffers.js';
import { createDerivedStore } from './derived.js';
import { columnsExhausted, scratchExhausted } from './exhausted.js';
import { LeasePlans } from './lease-plans.js';
import { LeaseUnitLists, type LeaseUnits } from './lease-units.js';
import { LeaseViews } from './lease-views.js';
import type { ColumnStore, Lease, LeaseOptions } from './lease.js';
import { readUnits, ReadWithdrawn, type ReadSpans, type UnitsRead } from './read-units.js';
import { Residents } from './residents.js';
import { openScratch } from './scratch.js';
import { WaitingLine } from './waiting-line.js';

export interface ColumnStoreOptions {
  read: ReadSpans;
  /** All that columns, indexes and requests may take together. */
  budgetBytes: number;
  /** The part of it that is left for requests to compute with. */
  scratchShare?: number;
  slabBytes?: number;
  /** How long a lease waits for others to end where they leave no room. */
  waitMs?: number;
}

export interface ColumnStoreStats {
  bytes: number;
  maxBytes: number;
  pinnedBytes: number;
  /** The limit of all that is in the account, and what is booked of it. */
  limitBytes: number;
  bookedBytes: number;
  /** The most that was ever booked at once. */
  peakBytes: number;
  /** What requests compute with now, beside the columns. */
  scratchBytes: number;
  /** What is kept of answers, which gives way to the others. */
  keptBytes: number;
  units: number;
  loads: number;
  evictions: number;
}

/** The column store that keeps columns in slabs of shared memory. */
export interface ResidentColumns extends ColumnStore {
  readonly account: Account;
  stats(): ColumnStoreStats;
  /** Gives up what no lease holds. */
  drop(): void;
  /** Gives up what no lease holds of the snapshots of a source; `kept` are all that are left of it. */
  keepOnly(kept: readonly Snapshot[]): void;
}

/** Brings columns into shared memory batch by batch as leases need them, within a budget. */
export function createColumnStore({
  read,
  budgetBytes,
  scratchShare = 0,
  slabBytes,
  waitMs = 20_000,
}: ColumnStoreOptions): ResidentColumns {
  const account = new Account({ limitBytes: budgetBytes, scratchShare });
  const residents = new Residents({
    account,
    budgetBytes: account.columnBytes,
    ...(slabBytes === undefined ? {} : { slabBytes }),
  });
  const line = new WaitingLine();
  const plans = new LeasePlans();
  const lists = new LeaseUnitLists(residents);
  const views = new LeaseViews(residents);
  const words = new CancelWords();
  // By the key of each unit that is on its way.
  const reading = new Map<string, UnitsRead>();
  const held = new WeakMap<Lease, () => number>();
  let loads = 0;

  function release(units: readonly Unit[], failed = false): void {
    residents.unpin(units, failed);
    line.advance();
  }

  /**
   * Pins all units at once, or none, and starts to read those that are missing: in one go, so that nobody finds a unit
   * that is neither there nor on its way. Gives the bytes to be read.
   */
  function take(snapshot: Snapshot, all: readonly Unit[]): number | undefined {
    const missing = residents.pin(all);
    if (missing === undefined) return undefined;
    loads += missing.length;
    for (const one of readUnits(read, snapshot, missing, residents, words)) {
      const { units, ready } = one;
      residents.setReady(units, ready);
      for (const { key } of units) reading.set(key, one);
      const end = (failed: boolean): void => {
        for (const { key } of units) reading.delete(key);
        release(units, failed);
      };
      // Everyone who waits hears of a failure; without anyone it must not end the process.
      ready.then(
        () => end(false),
        () => end(true),
      );
    }
    return missing.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Gives up the reads of these units that nobody waits for any more. */
  function withdrawReads(units: readonly Unit[]): void {
    for (const one of new Set(units.flatMap(({ key }) => reading.get(key) ?? []))) {
      if (one.units.every((unit) => residents.isOnlyRead(unit))) one.withdraw();
    }
  }

  /** Takes units, and scratch with them, in the order of asking. */
  async function takeInTurn(
    snapshot: Snapshot,
    { all: units, bytes: columnBytes }: LeaseUnits,
    { scratch = NO_SCRATCH, pieceOf, signal }: LeaseOptions,
  ): Promise<number> {
    signal?.throwIfAborted();
    const isPiece = pieceOf !== undefined;
    const isNothing = units.length + scratch.bytes === 0;
    const attempt = (): number | undefined => {
      if (!account.book(scratch.bytes)) return undefined;
      const bytesRead = take(snapshot, units);
      if (bytesRead === undefined) account.giveBack(scratch.bytes);
      return bytesRead;
    };
    const isHopeless = (): boolean =>
      columnBytes > residents.budgetBytes ||
      scratch.bytes > account.scratchRoomBeside(columnBytes) ||
      // Where nobody else holds anything, no one will ever let go of it.
      residents.pinnedBytes + account.scratchBytes <= (pieceOf === undefined ? 0 : heldBy(pieceOf));
    let got = line.isEmpty || isNothing || isPiece ? attempt() : undefined;
    if (got === undefined && !isHopeless()) {
      const later = (): number | 'never' | undefined =>
        attempt() ?? (isHopeless() ? 'never' : undefined);
      const found = await line.wait(later, { ms: waitMs, signal, isFirst: isPiece });
      got = found === 'never' ? undefined : found;
    }
    if (got !== undefined) return got;
    signal?.throwIfAborted();
    if (scratch.bytes > 0) throw scratchExhausted(scratch.what, scratch.bytes, account);
    throw columnsExhausted(columnBytes, residents.pinnedBytes, residents.budgetBytes);
  }

  /** What a lease has of the memory. */
  function heldBy(lease: Lease): number {
    return held.get(lease)?.() ?? 0;
  }

  function unitsOf(
    snapshot: Snapshot,
    columns: readonly string[],
    { batches, parts = [] }: LeaseOptions,
  ): LeaseUnits {
    return lists.of(plans.of(snapshot, columns, batches), snapshot, parts);
  }

  async function lease(
    snapshot: Snapshot,
    columns: readonly string[],
    options: LeaseOptions = {},
  ): Promise<Lease> {
    for (;;) {
      const leased = await tryLease(snapshot, columns, options);
      if (leased !== undefined) return leased;
      // Who else heard that the read was withdrawn lets go of it before it is begun anew.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Undefined where a read was given up for want of others that waited, just as this lease came to need it. */
  async function tryLease(
    snapshot: Snapshot,
    columns: readonly string[],
    options: LeaseOptions,
  ): Promise<Lease | undefined> {
    const needed = unitsOf(snapshot, columns, options);
    const { all: units, bytes: columnBytes } = needed;
    const { signal, pieceBytes } = options;
    const bytesRead = await takeInTurn(snapshot, needed, options);
    const scratch = openScratch({
      account,
      line,
      reservedBytes: options.scratch?.bytes ?? 0,
      columnBytes: columnBytes + (pieceBytes ?? 0),
      waiting: pieceBytes === undefined ? undefined : { ms: waitMs, signal },
    });
    try {
      const ready = residents.readyOf(units);
      if (ready !== undefined) await unlessAborted(ready, signal);
      else signal?.throwIfAborted();
    } catch (error) {
      scratch.close();
      release(units);
      if (signal?.aborted === true) withdrawReads(units);
      else if (error instanceof ReadWithdrawn) return undefined;
      throw error;
    }
    let isReleased = false;
    const leased: Lease = {
      bytesRead,
      scratch,
      release: () => {
        if (isReleased) return;
        isReleased = true;
        scratch.close();
        release(units);
      },
      ...views.of(needed),
    };
    held.set(leased, () => columnBytes + scratch.bookedBytes);
    return leased;
  }

  return {
    lease,
    sizeOf: (snapshot, columns, options = {}) => ({
      bytes: unitsOf(snapshot, columns, options).bytes,
      maxBytes: residents.budgetBytes,
    }),
    account,
    derived: createDerivedStore(residents, line),
    stats: () => ({
      bytes: residents.usedBytes,
      maxBytes: residents.budgetBytes,
      pinnedBytes: residents.pinnedBytes,
      limitBytes: account.limitBytes,
      bookedBytes: account.bookedBytes,
      peakBytes: account.peakBytes,
      scratchBytes: account.scratchBytes,
      keptBytes: account.keptBytes,
      units: residents.count,
      loads,
      evictions: residents.evictions,
    }),
    drop: () => residents.drop(),
    keepOnly: (kept) => residents.forget(isBeside(kept)),
  };
}

const NO_SCRATCH = { bytes: 0, what: '' };

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
