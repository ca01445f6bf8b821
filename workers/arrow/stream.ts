import { batchMessage } from './batch-template.js';
import {
  encodeDictionaryMessage,
  encodeSchemaMessage,
  type BatchLayout,
  type BufferRange,
} from './message.js';
import { schemaMessage } from './schema-template.js';
import type { Field } from './types.js';

/** The bytes that one column of a frame needs: its buffers in Arrow's order, without its children. */
export interface ColumnSize {
  nulls: number;
  /** Bytes of each buffer: validity (0 where `nulls` is 0), then offsets and bytes, or values. */
  buffers: readonly number[];
}

/** The values of a dictionary: size + 1 int32 offsets and the bytes of the strings. */
export interface DictionaryValues {
  id: number;
  offsets: Int32Array;
  bytes: Uint8Array;
}

/** A stream whose buffers wait to be filled in place. */
export interface OpenStream {
  /** The whole stream; it belongs to the caller, and nothing else refers to its memory. */
  bytes: Uint8Array<ArrayBuffer>;
  /** For each column its buffers, as views into `bytes`, 8-byte aligned. */
  columns: Uint8Array<ArrayBuffer>[][];
}

const END_OF_STREAM = 8;

/**
 * Lays out an Arrow IPC stream of exactly one record batch, so that results are written where they are sent from.
 * Follows the Arrow columnar format, "IPC streaming format"; all buffers are 8-byte aligned.
 */
export function openStream(
  fields: readonly Field[],
  metadata: Readonly<Record<string, string>>,
  rows: number,
  sizes: readonly ColumnSize[],
  dictionaries: readonly DictionaryValues[] = [],
): OpenStream {
  const [entry, ...others] = Object.entries(metadata);
  const schema =
    entry !== undefined && others.length === 0
      ? schemaMessage(fields, ...entry)
      : encodeSchemaMessage(fields, metadata);
  const dictionaryMessages = dictionaries.map((dictionary) => {
    const size = dictionary.offsets.length - 1;
    const layout = layOut(size, [
      { nulls: 0, buffers: [0, dictionary.offsets.byteLength, dictionary.bytes.length] },
    ]);
    return { dictionary, layout, message: encodeDictionaryMessage(dictionary.id, layout) };
  });
  const layout = layOut(rows, sizes);
  const batch = batchMessage(layout);

  let length = schema.length + batch.length + layout.bodyLength + END_OF_STREAM;
  for (const { layout, message } of dictionaryMessages)
    length += message.length + layout.bodyLength;
  const bytes = new Uint8Array(length);

  let at = 0;
  const put = (part: Uint8Array): void => {
    bytes.set(part, at);
    at += part.length;
  };
  put(schema);
  for (const { dictionary, layout, message } of dictionaryMessages) {
    put(message);
    const { offsets } = dictionary;
    bytes.set(
      new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength),
      at + layout.buffers[1]!.offset,
    );
    bytes.set(dictionary.bytes, at + layout.buffers[2]!.offset);
    at += layout.bodyLength;
  }
  put(batch);
  let next = 0;
  const columns = sizes.map(({ buffers }) =>
    buffers.map(() => {
      const { offset, length } = layout.buffers[next++]!;
      return bytes.subarray(at + offset, at + offset + length);
    }),
  );
  new DataView(bytes.buffer).setUint32(at + layout.bodyLength, 0xffffffff, true);
  return { bytes, columns };
}

function layOut(rows: number, sizes: readonly ColumnSize[]): BatchLayout {
  const buffers: BufferRange[] = [];
  let offset = 0;
  for (const size of sizes) {
    for (const length of size.buffers) {
      buffers.push({ offset, length });
      offset += Math.ceil(length / 8) * 8;
    }
  }
  return { rows, nodes: sizes.map(({ nulls }) => ({ rows, nulls })), buffers, bodyLength: offset };
}
