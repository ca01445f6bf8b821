import { ByteBuffer } from 'flatbuffers';

// Arrow's Message.fbs: the kind of header that a schema has.
const SCHEMA = 1;
/** A continuation mark and a length of 0. */
const END_OF_STREAM = Buffer.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/**
 * Makes one Arrow IPC stream of many with equal schemas: the schema once, every batch, one end. Only the frames around
 * the messages are read; the bytes are handed on as they are.
 */
export async function* joinStreams(streams: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const bytes of streams) {
    for (const { kind, from, to } of messagesOf(bytes)) {
      if (isFirst || kind !== SCHEMA) yield bytes.subarray(from, to);
    }
    isFirst = false;
  }
  yield END_OF_STREAM;
}

/** The messages of a stream, each with its body, up to the end mark. */
function* messagesOf(bytes: Uint8Array): Generator<{ kind: number; from: number; to: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let from = 0; from + 8 <= bytes.length;) {
    //  0: 0xFFFFFFFF, the continuation mark
    //  4: int32 length of the metadata with its padding, 0 at the end
    //  8: metadata, then the body
    const length = view.getInt32(from + 4, true);
    if (length === 0) return;
    const message = new ByteBuffer(bytes.subarray(from + 8, from + 8 + length));
    const table = message.readInt32(0);
    const field = (id: number) => {
      const offset = message.__offset(table, 4 + id * 2);
      return offset === 0 ? 0 : table + offset;
    };
    const [kindAt, bodyAt] = [field(1), field(3)];
    const kind = kindAt === 0 ? 0 : message.readUint8(kindAt);
    const bodyLength = bodyAt === 0 ? 0 : Number(message.readInt64(bodyAt));
    const to = from + 8 + length + bodyLength;
    yield { kind, from, to };
    from = to;
  }
}
