import type { DataType, Field } from 'apache-arrow';
import type { CompressionType } from 'apache-arrow/fb/compression-type';
import type { DictionaryBatch, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import type { Finding } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import type { LoadContext, LoadOutcome } from '../context.js';
import type { Encoder } from '../encode/encoder.js';
import { MAX_COLUMNS } from '../limits.js';
import { uniqueNames } from '../names.js';
import { toRefusal } from '../refusal.js';
import type { LaneRows } from '../staging.js';
import { incomplete, writeSegments } from '../write-segments.js';
import { NotDays, refusing } from './arrow-fault.js';
import { openArrow, type ArrowFile, type BatchPlace } from './arrow-file.js';
import { columnOf, type ArrowColumn } from './column-type.js';
import { constantRows, uniteArrow, type UnitedArrowColumn } from './unite-arrow.js';
import { unpackerOf } from './unpack-body.js';
import { VectorReader, type ArrowVector, type DictionaryValues } from './vector.js';

/** Rows that are converted at a time. */
const SLICE_ROWS = 32_768;
/** The part of the cage that the encoder takes its measure from: the rest is for a batch in memory. */
const ENCODER_SHARE = 0.55;
/** Version 5 of the metadata, numbered 4: unions have no validity any more. */
const VERSION_5 = 4;

/** Loads one Arrow file or stream, or several as one table. */
export async function loadArrow(context: LoadContext): Promise<LoadOutcome> {
  const { source, signal, dir, memoryBytes } = context;
  const files: ArrowFile[] = [];
  try {
    for (const path of source.files) files.push(openArrow(path));
    const rowsTotal = files.reduce((sum, { rows }) => sum + rows, 0);
    const load = async (asTimes: ReadonlySet<string>) => {
      const described = files.map((file) => columnsOf(file, asTimes));
      const columns = uniteArrow(source, described);
      refuseWide(columns.length, source.name);
      const written = await writeSegments({
        dir,
        columns,
        memoryBytes: memoryBytes * ENCODER_SHARE,
        signal,
        async fill(encoder) {
          const rows = await stageFiles(files, columns, encoder, context, rowsTotal);
          if (rows !== rowsTotal) throw incomplete(rows, rowsTotal);
          return rows;
        },
      });
      return { ...written, warnings: [...warningsOf(files, described), ...written.warnings] };
    };
    const { rows, columns, segments, nulled, warnings } = await load(new Set()).catch(
      (error: unknown) => {
        if (!(error instanceof NotDays)) throw error;
        return load(new Set(files.flatMap(({ schema }) => schema.fields.map(({ name }) => name))));
      },
    );
    const report = { lines: rows, rows, setAside: 0, nulled, warnings, findings: [] };
    return { rows, columns, segments, report };
  } catch (error) {
    throw toRefusal(
      error,
      'SOURCE_CORRUPT',
      source.files.length === 1 ? source.files[0] : undefined,
    );
  } finally {
    for (const file of files) file.close();
  }
}

/** The names of an Arrow file's columns, without a look at its batches' values. */
export function arrowColumnNames(path: string): string[] {
  const file = openArrow(path);
  file.close();
  return uniqueNames(file.schema.fields.map(({ name }) => name));
}

/** What becomes of the columns of a file. */
function columnsOf(
  { name: file, schema }: ArrowFile,
  asTimes: ReadonlySet<string>,
): (ArrowColumn & { arrow: DataType })[] {
  refuseWide(schema.fields.length, file);
  const names = uniqueNames(schema.fields.map(({ name }) => name));
  return schema.fields.map((field: Field, i) => {
    const column = refusing(file, `column "${names[i]}"`, () =>
      columnOf(field, asTimes.has(field.name)),
    );
    return { ...column, name: names[i]!, arrow: field.type as DataType };
  });
}

function refuseWide(columns: number, name: string): void {
  if (columns <= MAX_COLUMNS) return;
  throw new HalftoneError(
    'SOURCE_TOO_WIDE',
    `${name} has ${columns} columns; at most ${MAX_COLUMNS} can be loaded.`,
    { hint: 'Write a file of those that you need.' },
  );
}

function warningsOf(
  files: readonly ArrowFile[],
  described: readonly (readonly ArrowColumn[])[],
): Finding[] {
  const names = { s: 'seconds', ms: 'milliseconds', us: 'microseconds', ns: 'nanoseconds' };
  return files.flatMap(({ name: file, warnings }, i) => [
    ...warnings,
    ...described[i]!.flatMap(({ name: column, durationUnit }) => {
      if (durationUnit === undefined) return [];
      const unit = names[durationUnit];
      const message = `${file}: the durations of column "${column}" are numbers of ${unit} here.`;
      return [{ code: 'ARROW_DURATION', message, file, column }];
    }),
  ]);
}

/** Stages the rows of all files in their order and returns how many those were. */
async function stageFiles(
  files: readonly ArrowFile[],
  columns: readonly UnitedArrowColumn[],
  encoder: Encoder,
  context: LoadContext,
  rowsTotal: number,
): Promise<number> {
  const { signal, bytesTotal } = context;
  let staging = await encoder.take();
  let done = 0;
  for (const [i, file] of files.entries()) {
    const readers = columns.map(({ load, files: own }) => ({ load, own: own[i] }));
    const batches = readBatches(file);
    for (const { place, vectors, rows } of batches) {
      for (let from = 0; from < rows;) {
        signal.throwIfAborted();
        const room = staging.capacity - staging.rows;
        let to = Math.min(rows, from + SLICE_ROWS, from + room);
        for (;;) {
          const slice = readSlice(file, place, readers, vectors, from, to);
          if (staging.appendRows(slice, to - from)) break;
          // Long texts: into an empty batch as many as fit, at least one.
          if (staging.rows === 0) to = from + Math.max(1, (to - from) >>> 1);
          else {
            encoder.send(staging);
            staging = await encoder.take();
          }
        }
        done += to - from;
        from = to;
        if (staging.rows === staging.capacity) {
          encoder.send(staging);
          staging = await encoder.take();
        }
        const bytes = rowsTotal === 0 ? bytesTotal : Math.round((bytesTotal * done) / rowsTotal);
        context.onProgress({ stage: 'reading', rows: done, rowsTotal, bytes, bytesTotal });
      }
    }
  }
  if (staging.rows > 0) encoder.send(staging);
  return done;
}

interface Reader {
  load: UnitedArrowColumn['load'];
  own: UnitedArrowColumn['files'][number];
}

function readSlice(
  file: ArrowFile,
  place: string,
  readers: readonly Reader[],
  vectors: readonly ArrowVector[],
  from: number,
  to: number,
): LaneRows[] {
  return readers.map(({ load, own }) => {
    if (own === undefined) return constantRows(load, null, to - from);
    if ('constant' in own) return constantRows(load, own.constant, to - from);
    const { position, read } = own;
    const column = file.schema.fields[position]!.name;
    return refusing(file.name, `${place}, column "${column}"`, () =>
      read(vectors[position]!, from, to),
    );
  });
}

interface ReadBatch {
  /** For sentences: "batch 3". */
  place: string;
  vectors: ArrowVector[];
  rows: number;
}

/** The batches of rows one after the other, each with the dictionaries as they are at its place. */
function* readBatches(file: ArrowFile): Generator<ReadBatch> {
  const dictionaries = new Map<number, DictionaryValues>();
  let nr = 0;
  for (const batch of file.batches) {
    if (batch.kind === 'dictionary') {
      refusing(file.name, `the dictionary at byte ${batch.at}`, () =>
        readDictionaryBatch(file, batch, dictionaries),
      );
      continue;
    }
    const place = `batch ${++nr}`;
    const vectors = refusing(file.name, place, () => {
      const header = file.header(batch) as RecordBatch;
      const reader = vectorReader(file, batch, header, dictionaries);
      const read = file.schema.fields.map((field: Field) =>
        refusing(file.name, `${place}, column "${field.name}"`, () =>
          reader.read(field.type as DataType, batch.rows),
        ),
      );
      reader.finish();
      return read;
    });
    yield { place, vectors, rows: batch.rows };
  }
}

function readDictionaryBatch(
  file: ArrowFile,
  batch: BatchPlace,
  dictionaries: Map<number, DictionaryValues>,
): void {
  const { id, isDelta, data } = file.header(batch) as DictionaryBatch;
  const type = file.schema.dictionaries.get(id) as DataType | undefined;
  // Nobody uses it.
  if (type === undefined) return;
  const reader = vectorReader(file, batch, data, dictionaries);
  const values = reader.read(type, batch.rows);
  reader.finish();
  const before = isDelta ? (dictionaries.get(id)?.chunks ?? []) : [];
  dictionaries.set(id, { chunks: [...before, values] });
}

function vectorReader(
  file: ArrowFile,
  { bodyAt, bodyBytes }: BatchPlace,
  { nodes, buffers, variadicBufferCounts, compression }: RecordBatch,
  dictionaries: ReadonlyMap<number, DictionaryValues>,
): VectorReader {
  const unpack =
    compression === null ? undefined : unpackerOf(file.name, compression.type as CompressionType);
  return new VectorReader({
    nodes,
    buffers,
    variadicBufferCounts,
    bodyBytes,
    read: (offset, length) => {
      const bytes = file.read(bodyAt + offset, length);
      return unpack === undefined ? bytes : unpack(bytes);
    },
    dictionaries,
    unionValidity: file.schema.metadataVersion < VERSION_5,
  });
}
