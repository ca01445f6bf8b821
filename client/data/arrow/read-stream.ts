import type { Column } from './column.js';
import { FlatTable } from './flat-table.js';
import { readBatch } from './read-batch.js';
import { readField, type Field } from './read-field.js';

/** The columns of a frame, and the key-value metadata of its schema. */
export interface FrameColumns {
  metadata: ReadonlyMap<string, string>;
  columns: Column[];
  length: number;
}

// The kinds of headers in Arrow's Message.fbs.
const SCHEMA = 1;
const DICTIONARY_BATCH = 2;
const RECORD_BATCH = 3;

/**
 * Reads an Arrow IPC stream of one record batch, as frames are, without a copy: columns are views of `bytes`, which
 * are copied only where they do not lie at a multiple of 8. Follows the Arrow columnar format, "IPC streaming format".
 */
export function readStream(bytes: Uint8Array): FrameColumns {
  try {
    return readMessages(bytes.byteOffset % 8 === 0 ? bytes : bytes.slice());
  } catch (cause) {
    // What would reach beyond the bytes, and what is missing where it has to be.
    if (!(cause instanceof RangeError || cause instanceof TypeError)) throw cause;
    throw new Error('The answer is damaged: its parts are not where it says.', { cause });
  }
}

function readMessages(bytes: Uint8Array): FrameColumns {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const metadata = new Map<string, string>();
  const dictionaries = new Map<number, Column>();
  let fields: Field[] | undefined;
  for (let at = 0; ;) {
    //  0: 0xFFFFFFFF, the continuation mark
    //  4: int32 length of the metadata with its padding, 0 at the end
    //  8: metadata, then the body
    expectBytes(bytes, at + 8);
    if (view.getUint32(at, true) !== 0xffffffff) throw new Error('The answer is no Arrow stream.');
    const length = view.getInt32(at + 4, true);
    const bodyAt = at + 8 + length;
    if (length === 0) return { metadata, columns: (fields ?? []).map(emptyColumn), length: 0 };
    expectBytes(bytes, bodyAt);
    const message = FlatTable.root(new DataView(view.buffer, view.byteOffset + at + 8, length));
    const header = message.table(2)!;
    const bodyLength = message.long(3);
    expectBytes(bytes, bodyAt + bodyLength);
    const body = bytes.subarray(bodyAt, bodyAt + bodyLength);
    switch (message.byte(1)) {
      case SCHEMA:
        fields = header.tables(1).map(readField);
        for (const pair of header.tables(2)) metadata.set(pair.string(0)!, pair.string(1) ?? '');
        break;
      case DICTIONARY_BATCH: {
        const id = header.long(0);
        const field = fields?.find(({ dictionary }) => dictionary?.id === id);
        if (field === undefined || header.byte(2) !== 0) {
          throw new Error(`Dictionary ${id} is of no column, or comes in parts.`);
        }
        const values = { name: field.name, type: field.type, dictionary: null };
        dictionaries.set(id, readBatch(header.table(1)!, body, [values], dictionaries)[0]!);
        break;
      }
      case RECORD_BATCH: {
        const columns = readBatch(header, body, fields ?? [], dictionaries);
        return { metadata, columns, length: header.long(0) };
      }
      default:
        throw new Error('The answer holds a message that is neither schema, dictionary nor rows.');
    }
    at = bodyAt + bodyLength;
  }
}

function expectBytes(bytes: Uint8Array, end: number): void {
  if (end <= bytes.length) return;
  const [expected, read] = [end, bytes.length].map((count) => count.toLocaleString('en'));
  throw new Error(`The answer was cut off: expected ${expected} bytes at least, read ${read}.`);
}

const emptyColumn = ({ name, type, dictionary }: Field): Column => ({
  name,
  type,
  length: 0,
  nullCount: 0,
  validity: null,
  values: new Uint8Array(0),
  offsets: null,
  dictionary: dictionary === null ? null : emptyColumn({ name, type, dictionary: null }),
});
