import type { DataType, Field } from 'apache-arrow';
import type { CompressionType } from 'apache-arrow/fb/compression-type';
import type { DictionaryBatch, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { refusing } from './arrow-fault.js';
import type { ArrowFile, BatchPlace } from './arrow-file.js';
import { unpackerOf } from './unpack-body.js';
import { VectorReader, type ArrowVector, type DictionaryValues } from './vector.js';

/** Version 5 of the metadata, numbered 4: unions have no validity any more. */
const VERSION_5 = 4;

/** The rows of a record batch, not yet read. */
export interface ReadBatch {
  /** For sentences: "batch 3". */
  place: string;
  vectors: ArrowVector[];
  rows: number;
}

/** The batches of rows one after the other, each with the dictionaries as they are at its place. */
export function* readBatches(file: ArrowFile): Generator<ReadBatch> {
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
