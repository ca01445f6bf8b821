/** Multiplying a row number by this and keeping 32 bits spreads the rows evenly (Knuth, TAOCP 6.4: Fibonacci hashing). */
const GOLDEN = 0x9e3779b1;

/** The rows sampled so far, and what decides over the next. */
export interface SamplerState {
  threshold: number;
  rows: Float64Array;
  seen: number;
}

/**
 * Chooses a fixed sample of the rows while their number is not known yet: the same rows for the same table, spread
 * evenly over it, and at least half of `capacity` of them once there are so many. A row is kept while its hash is below
 * a threshold that is halved whenever the sample is full.
 */
export class Sampler {
  readonly #capacity: number;
  #threshold = 2 ** 32;
  #rows: number[] = [];
  /** Rows of the snapshot seen so far. */
  #seen = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get state(): SamplerState {
    return { threshold: this.#threshold, rows: Float64Array.from(this.#rows), seen: this.#seen };
  }

  /** Goes on from the `state` of another sampler of the same capacity. */
  resume({ threshold, rows, seen }: SamplerState): void {
    this.#threshold = threshold;
    this.#rows = [...rows];
    this.#seen = seen;
  }

  /**
   * Takes the next rows. Returns the positions, within them, of those that are sampled, and which of the rows sampled
   * before are to be kept (their positions in the sample; undefined for all).
   */
  next(rows: number): { sample: Int32Array; kept: Int32Array | undefined } {
    let fresh = this.#among(rows);
    let kept: Int32Array | undefined;
    while (this.#rows.length + fresh.length > this.#capacity && this.#threshold > 1) {
      this.#threshold /= 2;
      const before = this.#rows;
      const positions: number[] = [];
      for (let i = 0; i < before.length; i++) {
        if (hashRow(before[i]!) < this.#threshold) positions.push(i);
      }
      this.#rows = positions.map((i) => before[i]!);
      kept = Int32Array.from(kept === undefined ? positions : positions.map((i) => kept![i]!));
      fresh = this.#among(rows);
    }
    for (const row of fresh) this.#rows.push(this.#seen + row);
    this.#seen += rows;
    return { sample: fresh, kept };
  }

  #among(rows: number): Int32Array {
    const found = new Int32Array(rows);
    let count = 0;
    for (let row = 0; row < rows; row++) {
      if (hashRow(this.#seen + row) < this.#threshold) found[count++] = row;
    }
    return found.subarray(0, count);
  }
}

function hashRow(row: number): number {
  return Math.imul(row, GOLDEN) >>> 0;
}
