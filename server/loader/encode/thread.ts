import { parentPort, workerData } from 'node:worker_threads';
import { SegmentWriter } from '../../snapshots/segment-writer.js';
import type { StagedBatch, StagedColumn } from '../staging.js';
import { LANE_BYTES } from '../types.js';
import type { ColumnEncoder, StagedView } from './encoded.js';
import { FloatEncoder } from './floats.js';
import { IntegerEncoder } from './integers.js';
import type { EncodeColumn, FromEncoder, ResumedEncoding, ToEncoder } from './messages.js';
import { Sampler } from './sampler.js';
import { BinaryEncoder, DictionaryEncoder } from './texts.js';

/** Rows that quantiles are taken from; fewer where a table has very many columns. */
const SAMPLE_ROWS = 65_536;
const SAMPLE_VALUES = 2 ** 24;

// The loader child's encoding thread: batches come in through shared memory, segments go to disk.
const { dir, columns, maxDictionaryBytes, resumed } = workerData as {
  dir: string;
  columns: EncodeColumn[];
  maxDictionaryBytes: number;
  resumed: ResumedEncoding | undefined;
};
const encoders = columns.map(createEncoder);
const writer = new SegmentWriter({
  dir,
  columns,
  dictionary: (index) => encoders[index]!.dictionary(),
  firstSegment: resumed?.segments ?? 0,
});
const sampler = new Sampler(
  Math.max(1024, Math.min(SAMPLE_ROWS, Math.floor(SAMPLE_VALUES / Math.max(1, columns.length)))),
);

if (resumed !== undefined) {
  const { state, dictionaries } = resumed;
  sampler.resume(state.sampler);
  for (const [i, encoder] of encoders.entries()) encoder.resume(state.columns[i]!, dictionaries[i]);
}

function createEncoder({ logical, lane }: EncodeColumn): ColumnEncoder {
  if (logical.kind === 'text') return new DictionaryEncoder(maxDictionaryBytes);
  if (logical.kind === 'binary') return new BinaryEncoder();
  if (logical.kind === 'float') return new FloatEncoder(logical);
  return new IntegerEncoder(logical, lane);
}

function encodeBatch({ rows, columns: staged }: StagedBatch): void {
  const { sample, kept } = sampler.next(rows);
  const encoded = encoders.map((encoder, i) =>
    encoder.encode(viewOf(staged[i]!, rows, sample), kept),
  );
  writer.append(rows, encoded);
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

parentPort!.on('message', (message: ToEncoder) => {
  try {
    if (message.type === 'batch') {
      encodeBatch(message.batch);
      answer({ type: 'encoded', index: message.index });
    } else {
      const segments = writer.finish();
      answer({
        type: 'finished',
        segments,
        summaries: encoders.map((one) => one.summary()),
        state: { columns: encoders.map((one) => one.state()), sampler: sampler.state },
      });
    }
  } catch (error) {
    writer.abandon();
    const { message: text, code } = error as NodeJS.ErrnoException;
    answer({ type: 'failed', message: text, ...(code === undefined ? {} : { code }) });
  }
});
