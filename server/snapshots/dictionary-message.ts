import { encodeDictionaryMessage, type BatchLayout } from '../../workers/arrow/message.js';
import type { EncodedDictionary } from './encoded-column.js';
import type { BufferRef } from './manifest.js';
import { ALIGNMENT, bytesOf, put, type Body } from './message-body.js';

const NO_STRINGS: EncodedDictionary = {
  size: 0,
  offsets: new Int32Array(1),
  bytes: new Uint8Array(0),
};

/** A dictionary batch that is ready to be written. */
export interface DictionaryMessage {
  column: number;
  size: number;
  layout: BatchLayout & { bodyLength: number };
  message: Uint8Array;
  body: Body;
  /** Bytes of the message and its body. */
  bytes: number;
  place: (start: number) => { offsets: BufferRef; bytes: BufferRef };
}

/** Lays out the batch that holds the values of the dictionary of `column`. */
export function dictionaryMessage(column: number, dictionary = NO_STRINGS): DictionaryMessage {
  const { size, offsets, bytes } = dictionary;
  const body: Body = { parts: [], refs: [{ offset: 0, length: 0 }], length: 0 };
  const offsetsAt = put(body, bytesOf(offsets.subarray(0, size + 1)));
  const bytesAt = put(body, bytes.subarray(0, offsets[size]!));
  const layout = {
    rows: size,
    nodes: [{ rows: size, nulls: 0 }],
    buffers: body.refs,
    bodyLength: body.length,
  };
  const message = encodeDictionaryMessage(column, layout, ALIGNMENT);
  return {
    column,
    size,
    layout,
    message,
    body,
    bytes: message.length + body.length,
    place: (start) => ({ offsets: offsetsAt(start), bytes: bytesAt(start) }),
  };
}

/** Makes a message `spare` bytes longer, by padding at the end of its body. */
export function padMessage(message: DictionaryMessage, spare: number): void {
  message.layout.bodyLength += spare;
  message.message = encodeDictionaryMessage(message.column, message.layout, ALIGNMENT);
}
