import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ColumnInfo } from '../../protocol/column.js';
import type { Finding } from '../../protocol/dataset.js';
import { BATCH_ROWS, BLOCK_ROWS } from '../../workers/columns.js';
import type { Logical } from '../../workers/storage.js';
import { HalftoneError } from '../errors.js';
import type { ManifestColumn, ManifestSegment } from '../snapshots/manifest.js';
import type { ColumnSummary } from './encode/encoded.js';
import { Encoder } from './encode/encoder.js';
import type { EncodingState, ResumedEncoding } from './encode/messages.js';
import { LANE_BYTES, type LoadedType } from './types.js';

export interface WriteOptions {
  /** A folder without segments. After a failure it has none again. */
  dir: string;
  /** The names in the snapshot, the declared types in DuckDB's words, and how each is loaded. */
  columns: readonly { name: string; type: string; load: LoadedType }[];
  /** What the reader of the source may take; the encoder takes its measure from it. */
  memoryBytes: number;
  signal: AbortSignal | undefined;
  /** The rows that these come behind. */
  resumed?: ResumedEncoding | undefined;
  /** Stages all rows and sends them; gives their number once it is sure that they are all. */
  fill: (encoder: Encoder) => Promise<number>;
}

export interface WrittenSegments {
  /** Those that `fill` gave. */
  rows: number;
  /** Of all rows, resumed ones too. */
  columns: ManifestColumn[];
  /** Those that were written. */
  segments: ManifestSegment[];
  /** What the next load needs to go on behind these rows. */
  encoding: EncodingState;
  /** Infinite dates and times, which became null. */
  nulled: number;
  /** One for each column that held such values. */
  warnings: Finding[];
}

/** A string is guessed to take so many bytes. */
const GUESSED_TEXT_BYTES = 24;
const MIB = 2 ** 20;

/** Writes what `fill` stages as segments, by an encoding thread of its own, and tells what they hold. */
export async function writeSegments(options: WriteOptions): Promise<WrittenSegments> {
  const { dir, columns, memoryBytes, signal, resumed, fill } = options;
  const encoder = new Encoder({
    dir,
    columns: columns.map(({ name, type, load: { logical, lane } }) => ({
      name,
      type,
      logical,
      lane,
    })),
    ...bounds(
      columns.map(({ load }) => load),
      memoryBytes,
    ),
    resumed,
  });
  try {
    signal?.throwIfAborted();
    const rows = await fill(encoder);
    const { segments, summaries, state } = await encoder.finish();
    return {
      rows,
      segments,
      encoding: state,
      columns: columns.map(({ name, type, load: { logical } }, i) => ({
        info: columnInfo(name, type, logical, summaries[i]!),
        logical,
      })),
      nulled: summaries.reduce((sum, { nulled }) => sum + nulled, 0),
      warnings: summaries.flatMap(({ nulled }, i) => infiniteValues(columns[i]!.name, nulled)),
    };
  } catch (error) {
    await encoder.close();
    await removeSegments(dir);
    if (signal?.aborted === true) {
      throw new HalftoneError('LOAD_CANCELLED', 'The load was cancelled.', { cause: error });
    }
    throw error;
  } finally {
    await encoder.close();
  }
}

/** Refuses a load that did not give all rows. */
export function incomplete(
  rows: number,
  expected: number | undefined,
  cause?: unknown,
): HalftoneError {
  const of = expected === undefined ? '' : ` of ${expected}`;
  return new HalftoneError('LOAD_INCOMPLETE', `The load ended after ${rows}${of} rows.`, {
    hint: 'Nothing was published. Try again with more memory (--memory-limit), or check the file.',
    cause,
  });
}

/**
 * What the encoder may take beside the reader of the source: two staged batches, the dictionaries, and what growing costs. Very wide tables and
 * very long texts get shorter batches.
 */
function bounds(loads: readonly LoadedType[], memoryBytes: number) {
  const share = Math.max(16 * MIB, Math.min(256 * MIB, memoryBytes / 8));
  let bytes = 1;
  for (const { lane } of loads) {
    bytes += 1 + LANE_BYTES[lane] + (lane === 'string' ? 8 + GUESSED_TEXT_BYTES : 0);
  }
  const fitting = 2 ** Math.floor(Math.log2(share / bytes));
  return {
    batchRows: Math.min(BATCH_ROWS, Math.max(BLOCK_ROWS, fitting)),
    maxTextBytes: share / 2,
    maxDictionaryBytes: share,
  };
}

function columnInfo(
  name: string,
  type: string,
  logical: Logical,
  { nulled: _nulled, ...summary }: ColumnSummary,
): ColumnInfo {
  const kind =
    logical.kind === 'integer' || logical.kind === 'float' || logical.kind === 'decimal'
      ? 'number'
      : logical.kind;
  const isWhole = logical.kind === 'integer' || (logical.kind === 'decimal' && logical.scale === 0);
  return {
    name,
    type,
    kind,
    ...(isWhole ? { integer: true } : {}),
    ...(logical.kind === 'time' ? { unit: logical.unit, zoned: logical.zoned } : {}),
    ...(logical.kind === 'clock' ? { unit: logical.unit } : {}),
    ...summary,
  };
}

function infiniteValues(column: string, count: number): Finding[] {
  if (count === 0) return [];
  const what = count === 1 ? 'One infinite time' : `${count} infinite times`;
  return [{ code: 'INFINITE_TIME', message: `${what} in column "${column}" became null.`, column }];
}

async function removeSegments(dir: string): Promise<void> {
  for (const file of await readdir(dir)) if (file.endsWith('.arrow')) await rm(join(dir, file));
}
