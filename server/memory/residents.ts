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
  /** When it was pinned last, by a clock of pins. */
  usedAt: number;
  /** Resolves once the bytes are there and checked; absent from then on. */
  ready?: Promise<void>;
  /** It could not be read: it goes as soon as nobody waits for it. */
  failed?: boolean;
}

/** The residents of a list of units that are all there, as long as no unit of any list comes or goes. */
interface Present {
  version: number;
  residents: readonly Resident[];
}

/**
 * What lies in memory, and who needs it: units in runs of shared memory. What was used longest ago gives way first,
 * and nothing that is pinned.
 */
export class Residents {
  evictions = 0;
  readonly #slabs: Slabs;
  readonly #account: Account;
  readonly #units = new Map<string, Resident>();
  // By the list, which leases keep: see `LeaseUnits`.
  readonly #present = new WeakMap<readonly MemoryUnit[], Present>();
  #version = 0;
  #clock = 0;
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

  /** Another one whenever a unit has come or gone: until then each has the run that it had. */
  get version(): number {
    return this.#version;
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
    for (const { ready } of this.#residentsOf(units)) {
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
    this.#clock++;
    const residents = this.#presentOf(units);
    if (residents !== undefined) return this.#pinPresent(residents) ? [] : undefined;
    if (!this.#mayFit(units)) return undefined;
    // What is already there first, so that making room for the others cannot push it out.
    const present = units.filter(({ key }) => this.#units.has(key));
    for (const unit of present) {
      this.#addPin(this.#units.get(unit.key)!);
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
      const resident = { run, pins: 0, usedAt: 0, ready: NEVER };
      this.#units.set(unit.key, resident);
      this.#version++;
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
    for (const [i, resident] of this.#residentsOf(units).entries()) {
      if (failed) resident.failed = true;
      resident.pins--;
      if (resident.pins > 0) continue;
      this.#pinnedBytes -= resident.run.length;
      if (resident.failed === true) this.#remove(units[i]!.key);
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
    for (const [key, { pins }] of this.#units) {
      if (pins === 0) this.#evict(key);
    }
  }

  /** Of units that are all there; undefined where one is not. */
  #presentOf(units: readonly MemoryUnit[]): readonly Resident[] | undefined {
    const known = this.#present.get(units);
    if (known?.version === this.#version) return known.residents;
    const residents: Resident[] = [];
    for (const { key } of units) {
      const resident = this.#units.get(key);
      if (resident === undefined) return undefined;
      residents.push(resident);
    }
    this.#present.set(units, { version: this.#version, residents });
    return residents;
  }

  /** Of units that somebody holds. */
  #residentsOf(units: readonly MemoryUnit[]): readonly Resident[] {
    const residents = this.#presentOf(units);
    if (residents === undefined) throw new Error('A unit that is held is not in memory.');
    return residents;
  }

  /** Pins what is there; false where it does not fit beside what is pinned. */
  #pinPresent(residents: readonly Resident[]): boolean {
    let bytes = this.#pinnedBytes;
    for (const { pins, run } of residents) if (pins === 0) bytes += run.length;
    if (!this.#hasRoom(bytes)) return false;
    for (const resident of residents) this.#addPin(resident);
    return true;
  }

  #addPin(resident: Resident): void {
    resident.usedAt = this.#clock;
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
    return this.#hasRoom(bytes);
  }

  #hasRoom(pinnedBytes: number): boolean {
    return pinnedBytes <= this.budgetBytes && this.#account.hasRoom(pinnedBytes);
  }

  #allocate(bytes: number): Span | undefined {
    for (;;) {
      const run = this.#slabs.allocate(bytes);
      if (run !== undefined || !this.#evictOne()) return run;
    }
  }

  /** Gives up what was used longest ago; false where all is pinned. */
  #evictOne(): boolean {
    let oldest: string | undefined;
    let usedAt = Infinity;
    for (const [key, resident] of this.#units) {
      if (resident.pins > 0 || resident.usedAt >= usedAt) continue;
      oldest = key;
      usedAt = resident.usedAt;
    }
    if (oldest === undefined) return false;
    this.#evict(oldest);
    return true;
  }

  #evict(key: string): void {
    this.#remove(key);
    this.evictions++;
  }

  #remove(key: string): void {
    const { run, pins } = this.#units.get(key)!;
    if (pins > 0) this.#pinnedBytes -= run.length;
    this.#slabs.free(run);
    this.#units.delete(key);
    this.#version++;
  }
}

// Between `pin` and `setReady` nobody else runs: nobody ever waits on this.
const NEVER = new Promise<void>(() => {});
