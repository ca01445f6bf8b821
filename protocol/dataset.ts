import { Type, type Static } from 'typebox';
import { ColumnInfo } from './column.js';
import { RefreshInfo } from './job.js';
import { Parameter, ParameterValue, type Parameters } from './parameters.js';
import { Problem } from './problem.js';
import { Progress } from './progress.js';

export { Progress };

/** One thing that was noticed at load: a line set aside, a value that became null, an encoding. */
export const Finding = Type.Object({
  code: Type.String(),
  /** One sentence. */
  message: Type.String(),
  file: Type.Optional(Type.String()),
  /** 1-based line of the file. */
  line: Type.Optional(Type.Number()),
  column: Type.Optional(Type.String()),
  value: Type.Optional(Type.String()),
});
export type Finding = Static<typeof Finding>;

/** What a load did with every line of its source: `rows + setAside = lines`, always. */
export const LoadReport = Type.Object({
  /** Records in the source, header not counted. */
  lines: Type.Number(),
  rows: Type.Number(),
  /** Records that are not rows of the snapshot, each listed among the findings up to their cap. */
  setAside: Type.Number(),
  /** Values that did not fit their column and became null. */
  nulled: Type.Number(),
  encoding: Type.Optional(Type.String()),
  dialect: Type.Optional(
    Type.Object({
      delimiter: Type.String(),
      quote: Type.String(),
      decimal: Type.String(),
      header: Type.Boolean(),
    }),
  ),
  /** Notes in sentences: what was converted, renamed, guessed. */
  warnings: Type.Array(Finding),
  /** The first findings of lines and values, at most 1,000; all of them are counted above. */
  findings: Type.Array(Finding),
  /** Milliseconds from the start of the load until the snapshot was published. */
  elapsedMs: Type.Number(),
});
export type LoadReport = Static<typeof LoadReport>;

export const DATASET_STATUS = ['loading', 'ready', 'failed'] as const;
export type DatasetStatus = (typeof DATASET_STATUS)[number];

/** One dataset as the API lists it. While `loading` for the first time, `columns` may be empty. */
export const DatasetInfo = Type.Object({
  name: Type.String(),
  status: Type.Unsafe<DatasetStatus>(
    Type.Union(DATASET_STATUS.map((status) => Type.Literal(status))),
  ),
  /** Where the rows come from, for people: file names without their folders. */
  source: Type.String(),
  snapshot: Type.Union([Type.String(), Type.Null()]),
  /** 1, 2, 3 … of the dataset's snapshots, over restarts too: how many newer ones there are is a difference. */
  sequence: Type.Union([Type.Number(), Type.Null()]),
  rows: Type.Number(),
  /** Bytes of the snapshot on disk. */
  bytes: Type.Number(),
  /** ISO 8601. */
  createdAt: Type.Union([Type.String(), Type.Null()]),
  columns: Type.Array(ColumnInfo),
  progress: Type.Optional(Progress),
  problem: Type.Optional(Problem),
  /**
   * True while a newer version is being loaded, after that failed, and where the source cannot be looked at: the old
   * snapshot goes on serving, and `problem` says why.
   */
  stale: Type.Optional(Type.Boolean()),
  report: Type.Optional(LoadReport),
  /** When it is loaded anew; absent without a schedule. */
  refresh: Type.Optional(RefreshInfo),
  /** Of a dataset that is computed with parameters: what each takes. */
  parameters: Type.Optional(Type.Unsafe<Parameters>(Type.Record(Type.String(), Parameter))),
  /** Of one combination of them: the dataset that has the parameters, and the values that differ from the defaults. */
  of: Type.Optional(
    Type.Object({
      dataset: Type.String(),
      values: Type.Unsafe<Readonly<Record<string, ParameterValue>>>(
        Type.Record(Type.String(), ParameterValue),
      ),
    }),
  ),
});
export type DatasetInfo = Static<typeof DatasetInfo>;
