export interface AccountOptions {
  /** What `--memory-limit` says. */
  limitBytes: number;
  /** The part of it that columns never take, so that there is room to compute. */
  scratchShare?: number;
}

/** What requests have together without being booked, of pictures and tables of usual size: part of what the process takes by itself. */
const SMALL_CHANGE = 32 * 2 ** 20;

/** Something that keeps what can be made again. */
export interface Keeper {
  readonly bytes: number;
  /** Lets go of at least so many bytes, or of all it has. */
  giveUp(bytes: number): void;
}

/**
 * The one account of memory. Columns and indexes lie in shared memory, whose pages stay with the process once they were
 * touched, whoever uses them next; what a request computes with beside them is given back; what is kept of answers gives
 * way to both. All of it together never exceeds the limit.
 */
export class Account {
  readonly limitBytes: number;
  /** The most that columns and indexes may take. */
  readonly columnBytes: number;
  /** The most that was ever booked at once. */
  peakBytes = 0;
  #touchedBytes = 0;
  #scratchBytes = 0;
  #smallChange = SMALL_CHANGE;
  // Those that are asked first to give something up come first.
  readonly #keepers: Keeper[] = [];

  constructor({ limitBytes, scratchShare = 0 }: AccountOptions) {
    this.limitBytes = limitBytes;
    this.columnBytes = Math.floor(limitBytes * (1 - scratchShare));
  }

  /** Pages of shared memory that were ever used. */
  get touchedBytes(): number {
    return this.#touchedBytes;
  }

  /** What requests compute with now. */
  get scratchBytes(): number {
    return this.#scratchBytes;
  }

  /** What is kept and can be made again. */
  get keptBytes(): number {
    return this.#keepers.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get bookedBytes(): number {
    return this.#touchedBytes + this.#scratchBytes + this.keptBytes;
  }

  /** The most that one request may have to compute with beside so many bytes of columns, when no other has any. */
  scratchRoomBeside(columnBytes: number): number {
    return this.limitBytes - Math.max(this.#touchedBytes, columnBytes);
  }

  /** Whether so many bytes of columns have room beside the scratch of now. */
  hasRoom(columnBytes: number): boolean {
    return columnBytes <= Math.min(this.columnBytes, this.limitBytes - this.#scratchBytes);
  }

  /** Books pages that are used for the first time; false where they have no room. */
  touch(bytes: number): boolean {
    if (!this.hasRoom(this.#touchedBytes + bytes)) return false;
    this.#touchedBytes += bytes;
    this.settle();
    return true;
  }

  /** Books memory for a request; false where it has no room now. */
  book(bytes: number): boolean {
    if (this.#touchedBytes + this.#scratchBytes + bytes > this.limitBytes) return false;
    this.#scratchBytes += bytes;
    this.settle();
    return true;
  }

  giveBack(bytes: number): void {
    if (bytes > this.#scratchBytes) {
      throw new Error(`Expected at most ${this.#scratchBytes} bytes back, got ${bytes}.`);
    }
    this.#scratchBytes -= bytes;
  }

  /** Hands out small change, up to so many bytes of what is left of it, and tells how many. */
  takeSmall(bytes: number): number {
    const taken = Math.max(0, Math.min(bytes, this.#smallChange));
    this.#smallChange -= taken;
    return taken;
  }

  giveSmallBack(bytes: number): void {
    this.#smallChange += bytes;
  }

  /** What is left of it. */
  get smallChange(): number {
    return this.#smallChange;
  }

  /** Counts in what somebody keeps, who calls `settle` whenever it has become more. */
  addKeeper(keeper: Keeper): void {
    this.#keepers.push(keeper);
  }

  /** Has keepers give up what exceeds the limit. */
  settle(): void {
    for (const keeper of this.#keepers) {
      const excess = this.bookedBytes - this.limitBytes;
      if (excess <= 0) break;
      keeper.giveUp(excess);
    }
    this.peakBytes = Math.max(this.peakBytes, this.bookedBytes);
  }
}
