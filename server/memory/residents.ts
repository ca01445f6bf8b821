import type { Span } from '../../workers/columns.js';
import { Account } from './account.js';
import { Slabs, type SlabsOptions } from './slabs.js';

/** What is brought into memory as one. */
export interface MemoryUnit {
  /** Unlike that of any other unit. */
  key: string;
  bytes: number;
}

/** A unit in memory, or on its way there. */
interface Resident {
  run: Span;
  /** Leases that hold it, and the worker that reads into it: its run belongs to nobody else before both are gone. */
  pins: number;
  /** Resolves once the bytes are there and checked; absent from then on. */
  ready?: Promise<void>;
  /** It could not be read: it goes as soon as nobody waits for it. */
  failed?: boolean;
}

/**
 * What lies in memory, and who needs it: units in runs of shared memory. What was used longest ago gives way first,
 * and nothing that is pinned.
 */
export class Residents {
  evictions = 0;
  readonly #slabs: Slabs;
  readonly #account: Account;
  // In the order of their last use: Map keeps the order of insertion.
  readonly #units = new Map<string, Resident>();
  #pinnedBytes = 0;

  constructor(options: SlabsOptions) {
    this.#account = options.account ?? new Account({ limitBytes: options.budgetBytes });
    this.#slabs = new Slabs({ ...options, account: this.#account });
  }

  get slabs(): readonly SharedArrayBuffer[] {
    return this.#slabs.buffers;
  }

  get budgetBytes(): number {
    return this.#slabs.budgetBytes;
  }

  get usedBytes(): number {
    return this.#slabs.usedBytes;
  }

  get pinnedBytes(): number {
    return this.#pinnedBytes;
  }

  get count(): number {
    return this.#units.size;
  }

  /** Bytes of memory that the units take. */
  roundUp(units: readonly MemoryUnit[]): number {
    return units.reduce((sum, { bytes }) => sum + this.#slabs.roundUp(bytes), 0);
  }

  runOf({ key }: MemoryUnit): Span {
    return this.#units.get(key)!.run;
  }

  /** Resolves once all units are there and checked; undefined where they are. */
  readyOf(units: readonly MemoryUnit[]): Promise<unknown> | undefined {
    const missing: Promise<void>[] = [];
    for (const { key } of units) {
      const { ready } = this.#units.get(key)!;
      if (ready !== undefined) missing.push(ready);
    }
    return missing.length === 0 ? undefined : Promise.all(missing);
  }

  /** Whether nobody but the worker that reads into it needs a unit. */
  isOnlyRead({ key }: MemoryUnit): boolean {
    return (this.#units.get(key)?.pins ?? 0) <= 1;
  }

  /**
   * Pins all units, or none where they do not fit beside what is pinned. Gives those that have to be read: the caller
   * starts that and calls `setReady` before anybody else can ask for them.
   */
  pin<U extends MemoryUnit>(units: readonly U[]): U[] | undefined {
    if (!this.#mayFit(units)) return undefined;
    // What is already there first, so that making room for the others cannot push it out.
    const present = units.filter(({ key }) => this.#units.has(key));
    for (const unit of present) {
      const resident = this.#units.get(unit.key)!;
      this.#units.delete(unit.key);
      this.#units.set(unit.key, resident);
      this.#addPin(resident);
    }
    const missing: U[] = [];
    for (const unit of units) {
      if (this.#units.has(unit.key)) continue;
      const run = this.#allocate(unit.bytes);
      if (run === undefined) {
        for (const { key } of missing) this.#remove(key);
        this.unpin(present);
        return undefined;
      }
      const resident = { run, pins: 0, ready: NEVER };
      this.#units.set(unit.key, resident);
      this.#addPin(resident);
      missing.push(unit);
    }
    return missing;
  }

  /** Takes in that `units` are being read: they stay pinned until `ready` settles, and go where it rejects. */
  setReady(units: readonly MemoryUnit[], ready: Promise<void>): void {
    for (const { key } of units) {
      const resident = this.#units.get(key)!;
      resident.ready = ready;
      this.#addPin(resident);
      // Who waits hears of a failure from `ready` itself.
      ready.then(
        () => delete resident.ready,
        () => {},
      );
    }
  }

  /** Lets go of units; those that could not be read go with the last who waited for them. */
  unpin(units: readonly MemoryUnit[], failed = false): void {
    for (const { key } of units) {
      const resident = this.#units.get(key)!;
      resident.failed ||= failed;
      resident.pins--;
      if (resident.pins > 0) continue;
      this.#pinnedBytes -= resident.run.length;
      if (resident.failed === true) this.#remove(key);
    }
  }

  /** Gives up a unit unless it is pinned; false where it stays. */
  discard({ key }: Pick<MemoryUnit, 'key'>): boolean {
    const resident = this.#units.get(key);
    if (resident === undefined) return true;
    if (resident.pins > 0) return false;
    this.#remove(key);
    return true;
  }

  /** Gives up those that are gone for good; what is pinned goes in its turn. */
  forget(isGone: (key: string) => boolean): void {
    for (const [key, { pins }] of this.#units) {
      if (pins === 0 && isGone(key)) this.#remove(key);
    }
  }

  /** Gives up what is not pinned. */
  drop(): void {
    while (this.#evictOne());
  }

  #addPin(resident: Resident): void {
    if (resident.pins++ === 0) this.#pinnedBytes += resident.run.length;
  }

  /** Whether units fit beside what others have pinned: where not, nothing need be given up in vain. */
  #mayFit(units: readonly MemoryUnit[]): boolean {
    let bytes = this.#pinnedBytes;
    for (const unit of units) {
      const resident = this.#units.get(unit.key);
      if (resident === undefined) bytes += this.#slabs.roundUp(unit.bytes);
      else if (resident.pins === 0) bytes += resident.run.length;
    }
    return bytes <= this.budgetBytes && this.#account.hasRoom(bytes);
  }

  #allocate(bytes: number): Span | undefined {
    for (;;) {
      const run = this.#slabs.allocate(bytes);
      if (run !== undefined || !this.#evictOne()) return run;
    }
  }

  #evictOne(): boolean {
    for (const [key, { pins }] of this.#units) {
      if (pins > 0) continue;
      this.#remove(key);
      this.evictions++;
      return true;
    }
    return false;
  }

  #remove(key: string): void {
    const { run, pins } = this.#units.get(key)!;
    if (pins > 0) this.#pinnedBytes -= run.length;
    this.#slabs.free(run);
    this.#units.delete(key);
  }
}

// Between `pin` and `setReady` nobody else runs: nobody ever waits on this.
const NEVER = new Promise<void>(() => {});
