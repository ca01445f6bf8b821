export interface AccountOptions {
  /** What `--memory-limit` says. */
  limitBytes: number;
  /** The part of it that columns never take, so that there is room to compute. */
  scratchShare?: number;
}

/**
 * The one account of memory. Columns and indexes lie in shared memory, whose pages stay with the process once they were
 * touched, whoever uses them next; what a request computes with beside them is given back. Touched pages and scratch
 * never exceed the limit together.
 */
export class Account {
  readonly limitBytes: number;
  /** The most that columns and indexes may take. */
  readonly columnBytes: number;
  /** The most that was ever booked at once. */
  peakBytes = 0;
  #touchedBytes = 0;
  #scratchBytes = 0;

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

  /** The most that one request may have to compute with, when no other has any. */
  get scratchRoom(): number {
    return this.limitBytes - this.#touchedBytes;
  }

  /** Whether so many bytes of columns have room beside the scratch of now. */
  hasRoom(columnBytes: number): boolean {
    return columnBytes <= Math.min(this.columnBytes, this.limitBytes - this.#scratchBytes);
  }

  /** Books pages that are used for the first time; false where they have no room. */
  touch(bytes: number): boolean {
    if (!this.hasRoom(this.#touchedBytes + bytes)) return false;
    this.#touchedBytes += bytes;
    this.#note();
    return true;
  }

  /** Books memory for a request; false where it has no room now. */
  book(bytes: number): boolean {
    if (this.#touchedBytes + this.#scratchBytes + bytes > this.limitBytes) return false;
    this.#scratchBytes += bytes;
    this.#note();
    return true;
  }

  giveBack(bytes: number): void {
    if (bytes > this.#scratchBytes) {
      throw new Error(`Expected at most ${this.#scratchBytes} bytes back, got ${bytes}.`);
    }
    this.#scratchBytes -= bytes;
  }

  #note(): void {
    this.peakBytes = Math.max(this.peakBytes, this.#touchedBytes + this.#scratchBytes);
  }
}
