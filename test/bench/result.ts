/** One line of the bench table: what was measured against what, behind which gate, and how it compares with its bar. */
export interface BenchResult {
  /** What was measured: `load Parquet, 10 M rows`. */
  name: string;
  /** What it was measured against, in the same run. */
  against: string;
  /** The measured figure: a ratio, or bytes, or milliseconds, as `unit` says. */
  value: number;
  unit:
    '×' | 'kB' | 'MB' | 'MB/min' | 'ms' | 'B/row' | '%' | '/ 255' | 'frames' | 'views' | 'files';
  /** The bar: at most or at least this. */
  bar: number;
  want: 'at most' | 'at least';
  /** Bytes of columns and indexes that our side reads for one answer, where it is one that reads them. */
  bytesTouched?: number;
  /** The correctness gate that held before anything was timed. */
  gate: string;
  /** Medians and other figures behind the ratio, in words. */
  detail: string;
}

/** What a `*.bench.ts` file exports. It throws when its gate fails: a fast wrong answer is no result. */
export type RunBench = (report: (result: BenchResult) => void) => Promise<void>;
