import { parentPort } from 'node:worker_threads';
import { SegmentWriter } from '../../snapshots/segment-writer.js';
import type { StagedBatch, StagedColumn } from '../staging.js';
import { LANE_BYTES } from '../types.js';
import type { ColumnEncoder, StagedView } from './encoded.js';
import { FloatEncoder } from './floats.js';
import { IntegerEncoder } from './integers.js';
import type { EncodeColumn, FromEncoder, TableToEncode, ToEncoder } from './messages.js';
import { Sampler } from './sampler.js';
import { BinaryEncoder, DictionaryEncoder } from './texts.js';

/** Rows that quantiles are taken from; fewer where a table has very many columns. */
const SAMPLE_ROWS = 65_536;
const SAMPLE_VALUES = 2 ** 24;

// A loader child's encoding thread: batches come in through shared memory, segments go to disk, table after table.

/** Encodes the batches of one table. */
class TableEncoder {
  readonly #encoders: ColumnEncoder[];
  readonly #writer: SegmentWriter;
  readonly #sampler: Sampler;

  constructor({ dir, columns, maxDictionaryBytes, resumed }: TableToEncode) {
    this.#encoders = columns.map((column) => createEncoder(column, maxDictionaryBytes));
    this.#writer = new SegmentWriter({
      dir,
      columns,
      dictionary: (index) => this.#encoders[index]!.dictionary(),
      firstSegment: resumed?.segments ?? 0,
    });
    this.#sampler = new Sampler(
      Math.max(
        1024,
        Math.min(SAMPLE_ROWS, Math.floor(SAMPLE_VALUES / Math.max(1, columns.length))),
      ),
    );
    if (resumed === undefined) return;
    const { state, dictionaries } = resumed;
    this.#sampler.resume(state.sampler);
    for (const [i, encoder] of this.#encoders.entries())
      encoder.resume(state.columns[i]!, dictionaries[i]);
  }

  encode({ rows, columns }: StagedBatch): void {
    const { sample, kept } = this.#sampler.next(rows);
    const encoded = this.#encoders.map((encoder, i) =>
      encoder.encode(viewOf(columns[i]!, rows, sample), kept),
    );
    this.#writer.append(rows, encoded);
  }

  finish(): Omit<Extract<FromEncoder, { type: 'finished' }>, 'type'> {
    return {
      segments: this.#writer.finish(),
      summaries: this.#encoders.map((one) => one.summary()),
      state: { columns: this.#encoders.map((one) => one.state()), sampler: this.#sampler.state },
    };
  }

  abandon(): void {
    this.#writer.abandon();
  }
}

function createEncoder({ logical, lane }: EncodeColumn, maxDictionaryBytes: number): ColumnEncoder {
  if (logical.kind === 'text') return new DictionaryEncoder(maxDictionaryBytes);
  if (logical.kind === 'binary') return new BinaryEncoder();
  if (logical.kind === 'float') return new FloatEncoder(logical);
  return new IntegerEncoder(logical, lane);
}

function viewOf(column: StagedColumn, rows: number, sample: Int32Array): StagedView {
  const { lane, data, valid, hasNulls, starts, lengths, bytes } = column;
  return {
    rows,
    sample,
    data:
      data === undefined
        ? new Uint8Array(bytes!)
        : new Uint8Array(data, 0, rows * LANE_BYTES[lane]),
    ...(hasNulls ? { valid: new Uint8Array(valid, 0, rows) } : {}),
    ...(starts === undefined ? {} : { starts: new Int32Array(starts, 0, rows) }),
    ...(lengths === undefined ? {} : { lengths: new Int32Array(lengths, 0, rows) }),
  };
}

function answer(message: FromEncoder): void {
  parentPort!.postMessage(message);
}

let table: TableEncoder | undefined;

parentPort!.on('message', (message: ToEncoder) => {
  try {
    if (message.type === 'open') table = new TableEncoder(message.table);
    else if (message.type === 'batch') {
      table!.encode(message.batch);
      answer({ type: 'encoded', index: message.index });
    } else {
      answer({ type: 'finished', ...table!.finish() });
      table = undefined;
    }
  } catch (error) {
    table?.abandon();
    const { message: text, code } = error as NodeJS.ErrnoException;
    answer({ type: 'failed', message: text, ...(code === undefined ? {} : { code }) });
  }
});
