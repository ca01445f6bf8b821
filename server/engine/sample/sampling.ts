/** When a sample answers, and how large it is. */
export interface Sampling {
  /** An exact answer that is expected to take no longer, in milliseconds, is given at once. */
  worthMs: number;
  /** What the scans of a sample may take, in nanoseconds of one thread. */
  budgetNs: number;
  /** Rows that are read in a row: the fewer, the more places of the table are seen, and the more a row costs. */
  runRows: number;
  /** Stands for the snapshot in tests. */
  seed?: number;
}

/** A wait of 50 ms is hardly seen; a sample of 20 ms of one thread's work is there in some 20. */
export const SAMPLING: Sampling = { worthMs: 50, budgetNs: 20e6, runRows: 256 };
