import type { ColumnInfo } from '../../protocol/column.js';
import type { Logical } from '../../workers/storage.js';
import { HalftoneError } from '../errors.js';
import type { BatchColumn, Snapshot } from '../snapshots/manifest.js';
import { nearest } from '../nearest.js';

/** A column that a query reads. */
export interface ColumnRef {
  /** Its position in the TableView of the query's tasks. */
  position: number;
  name: string;
  info: ColumnInfo;
  logical: Logical;
  /** Extremes over all rows: integers as bigint, doubles as number; undefined without a finite value. */
  low: number | bigint | undefined;
  high: number | bigint | undefined;
  nulls: number;
  /** NaN and infinite values. */
  notFinite: number;
  /** Where its exact integers are worked with: see Predicate. `none` for floats, text, booleans and binary. */
  integers: 'raw' | 'i64' | 'wide' | 'none';
  /** What is known of each batch of the snapshot, in order. */
  batches: BatchColumn[];
}

/** Finds columns by name and remembers which a query reads: only these are brought into memory. */
export class ColumnScope {
  readonly snapshot: Snapshot;
  readonly used: ColumnRef[] = [];
  readonly batchRows: readonly number[];
  /** The first batch of each segment. */
  readonly segmentStarts: readonly number[];
  readonly #facts: SnapshotFacts;

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
    this.#facts = factsOf(snapshot);
    this.batchRows = this.#facts.batchRows;
    this.segmentStarts = this.#facts.segmentStarts;
  }

  get rows(): number {
    return this.snapshot.manifest.rows;
  }

  /** Bytes of the columns in use. */
  get bytes(): number {
    let bytes = 0;
    for (let batch = 0; batch < this.batchRows.length; batch++) bytes += this.bytesOf(batch);
    return bytes;
  }

  /** Bytes of the columns in use in one batch. */
  bytesOf(batch: number): number {
    let bytes = 0;
    for (const { batches } of this.used) {
      const { data, offsets, validity } = batches[batch]!;
      bytes += (data?.length ?? 0) + (offsets?.length ?? 0) + (validity?.length ?? 0);
    }
    return bytes;
  }

  /** The column that `field` of the query names; an unknown one is the caller's error. */
  use(name: string, field: string): ColumnRef {
    const known = this.used.find((ref) => ref.name === name);
    if (known !== undefined) return known;
    const { columns, dataset } = this.snapshot.manifest;
    const index = columns.findIndex(({ info }) => info.name === name);
    if (index < 0) {
      const names = columns.map(({ info }) => info.name);
      const like = nearest(name, names);
      throw new HalftoneError(
        'COLUMN_UNKNOWN',
        `The dataset "${dataset}" has no column "${name}".`,
        {
          field,
          hint:
            like === undefined
              ? `Its columns are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}.`
              : `Did you mean "${like}"?`,
        },
      );
    }
    const position = this.used.length;
    const refs = (this.#facts.refs[index] ??= []);
    const ref = (refs[position] ??= { position, ...describe(this.snapshot, index) });
    this.used.push(ref);
    return ref;
  }
}

/** What is known of a column whoever asks for it. */
type ColumnFacts = Omit<ColumnRef, 'position'>;

interface SnapshotFacts {
  batchRows: readonly number[];
  segmentStarts: readonly number[];
  /** Of the columns that were asked for, by the position in a table that they had there; nobody changes them. */
  refs: (ColumnRef | undefined)[][];
}

// A frame of a window of a few rows takes some 0.2 ms: to gather this from a hundred batches anew took as long.
const known = new WeakMap<Snapshot, SnapshotFacts>();

function factsOf(snapshot: Snapshot): SnapshotFacts {
  let facts = known.get(snapshot);
  if (facts === undefined) {
    const { segments } = snapshot.manifest;
    const batchRows = segments.flatMap(({ batches }) => batches.map(({ rows }) => rows));
    let start = 0;
    const segmentStarts = segments.map(({ batches }) => (start += batches.length) - batches.length);
    known.set(snapshot, (facts = { batchRows, segmentStarts, refs: [] }));
  }
  return facts;
}

function describe({ manifest }: Snapshot, index: number): ColumnFacts {
  const { columns, segments } = manifest;
  const { info, logical } = columns[index]!;
  const batches = segments.flatMap((segment) =>
    segment.batches.map(({ columns }) => columns[index]!),
  );
  const float = logical.kind === 'float';
  let low: number | bigint | undefined;
  let high: number | bigint | undefined;
  let notFinite = 0;
  let nulls = 0;
  for (const batch of batches) {
    nulls += batch.nulls;
    notFinite += batch.notFinite ?? 0;
    if (batch.min === undefined || batch.max === undefined) continue;
    const min = float ? Number(batch.min) : BigInt(batch.min);
    const max = float ? Number(batch.max) : BigInt(batch.max);
    if (low === undefined || min < low) low = min;
    if (high === undefined || max > high) high = max;
  }
  const isWide = segments.some(({ columns }) => columns[index]!.storage === 'decimal128');
  return {
    name: info.name,
    info,
    logical,
    low,
    high,
    nulls,
    notFinite,
    integers: integerForm(logical, low, high, isWide),
    batches,
  };
}

const SAFE = 2n ** 53n;
const INT64 = 2n ** 63n;

function integerForm(
  { kind }: Logical,
  low: number | bigint | undefined,
  high: number | bigint | undefined,
  isWide: boolean,
): ColumnRef['integers'] {
  if (kind === 'float' || kind === 'text' || kind === 'binary' || kind === 'boolean') return 'none';
  if (low === undefined || high === undefined) return 'raw';
  if (low >= -SAFE && high <= SAFE) return 'raw';
  return !isWide && low >= -INT64 && high < INT64 ? 'i64' : 'wide';
}
