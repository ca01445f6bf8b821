import { Builder, type Offset } from 'flatbuffers';
import { encodeInt, encodeType, typeId, type Field } from './types.js';

// Arrow's Message.fbs and File.fbs, version 5 of the metadata (numbered 4), little-endian.
const VERSION_5 = 4;
const SCHEMA = 1;
const DICTIONARY_BATCH = 2;
const RECORD_BATCH = 3;

/** Rows and nulls of one column of a batch. */
export interface Node {
  rows: number;
  nulls: number;
}

/** Where a buffer lies in the body of its message, in bytes. */
export interface BufferRange {
  offset: number;
  length: number;
}

/** A batch as its message describes it: one node a field, the buffers in Arrow's order. */
export interface BatchLayout {
  rows: number;
  nodes: readonly Node[];
  buffers: readonly BufferRange[];
  bodyLength: number;
}

/** Where a message lies in a file: what the footer tells of it. */
export interface Block {
  offset: number;
  metadataLength: number;
  bodyLength: number;
}

/** The schema message of a stream or file, ready to be written, padded to `alignment` bytes. */
export function encodeSchemaMessage(
  fields: readonly Field[],
  metadata: Readonly<Record<string, string>> = {},
  alignment = 8,
): Uint8Array {
  const builder = new Builder(1024);
  return finishMessage(builder, SCHEMA, encodeSchema(builder, fields, metadata), 0, alignment);
}

/** The metadata of a record batch; its body follows at once. */
export function encodeBatchMessage(layout: BatchLayout, alignment = 8): Uint8Array {
  const builder = new Builder(256 + layout.buffers.length * 16 + layout.nodes.length * 16);
  const batch = encodeBatch(builder, layout);
  return finishMessage(builder, RECORD_BATCH, batch, layout.bodyLength, alignment);
}

/** The metadata of the batch that holds the values of dictionary `id`. */
export function encodeDictionaryMessage(
  id: number,
  layout: BatchLayout,
  alignment = 8,
): Uint8Array {
  const builder = new Builder(512);
  const batch = encodeBatch(builder, layout);
  builder.startObject(3);
  builder.addFieldInt64(0, BigInt(id), 0n);
  builder.addFieldOffset(1, batch, 0);
  builder.addFieldInt8(2, 0, 0);
  return finishMessage(
    builder,
    DICTIONARY_BATCH,
    builder.endObject(),
    layout.bodyLength,
    alignment,
  );
}

/** The footer of an Arrow file, without its length and the closing magic. */
export function encodeFooter(
  fields: readonly Field[],
  metadata: Readonly<Record<string, string>>,
  dictionaries: readonly Block[],
  batches: readonly Block[],
): Uint8Array {
  const builder = new Builder(1024);
  const schema = encodeSchema(builder, fields, metadata);
  const dictionaryBlocks = encodeBlocks(builder, dictionaries);
  const batchBlocks = encodeBlocks(builder, batches);
  builder.startObject(5);
  builder.addFieldInt16(0, VERSION_5, 0);
  builder.addFieldOffset(1, schema, 0);
  builder.addFieldOffset(2, dictionaryBlocks, 0);
  builder.addFieldOffset(3, batchBlocks, 0);
  builder.finish(builder.endObject());
  return builder.asUint8Array();
}

function encodeBlocks(builder: Builder, blocks: readonly Block[]): Offset {
  builder.startVector(24, blocks.length, 8);
  for (let i = blocks.length - 1; i >= 0; i--) {
    const block = blocks[i]!;
    // A struct: int64 offset, int32 metadata length, 4 bytes of padding, int64 body length; written backwards.
    builder.prep(8, 24);
    builder.writeInt64(BigInt(block.bodyLength));
    builder.pad(4);
    builder.writeInt32(block.metadataLength);
    builder.writeInt64(BigInt(block.offset));
  }
  return builder.endVector();
}

function encodeBatch(builder: Builder, { rows, nodes, buffers }: BatchLayout): Offset {
  const nodeVector = encodePairs(
    builder,
    nodes.map((node) => [node.rows, node.nulls] as const),
  );
  const bufferVector = encodePairs(
    builder,
    buffers.map((range) => [range.offset, range.length] as const),
  );
  builder.startObject(4);
  builder.addFieldInt64(0, BigInt(rows), 0n);
  builder.addFieldOffset(1, nodeVector, 0);
  builder.addFieldOffset(2, bufferVector, 0);
  return builder.endObject();
}

// FieldNode and Buffer are both structs of two int64.
function encodePairs(builder: Builder, pairs: readonly (readonly [number, number])[]): Offset {
  builder.startVector(16, pairs.length, 8);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const [first, second] = pairs[i]!;
    builder.prep(8, 16);
    builder.writeInt64(BigInt(second));
    builder.writeInt64(BigInt(first));
  }
  return builder.endVector();
}

function encodeSchema(
  builder: Builder,
  fields: readonly Field[],
  metadata: Readonly<Record<string, string>>,
): Offset {
  // What is built first stands last: see `schemaMessage`.
  const metadataVector = encodeKeyValues(builder, metadata);
  const fieldVector = encodeOffsets(
    builder,
    fields.map((field) => encodeField(builder, field)),
  );
  builder.startObject(4);
  builder.addFieldInt16(0, 0, 0);
  builder.addFieldOffset(1, fieldVector, 0);
  builder.addFieldOffset(2, metadataVector, 0);
  return builder.endObject();
}

function encodeField(builder: Builder, field: Field): Offset {
  const name = builder.createString(field.name);
  const type = encodeType(builder, field.type);
  const dictionary =
    field.dictionary === undefined ? 0 : encodeDictionary(builder, field.dictionary);
  const children = encodeOffsets(builder, []);
  const metadata = field.metadata === undefined ? 0 : encodeKeyValues(builder, field.metadata);
  builder.startObject(7);
  builder.addFieldOffset(0, name, 0);
  builder.addFieldInt8(1, field.nullable === false ? 0 : 1, 0);
  builder.addFieldInt8(2, typeId(field.type), 0);
  builder.addFieldOffset(3, type, 0);
  builder.addFieldOffset(4, dictionary, 0);
  builder.addFieldOffset(5, children, 0);
  builder.addFieldOffset(6, metadata, 0);
  return builder.endObject();
}

function encodeDictionary(builder: Builder, { id, bits }: { id: number; bits: number }): Offset {
  const index = encodeInt(builder, bits, false);
  builder.startObject(4);
  builder.addFieldInt64(0, BigInt(id), 0n);
  builder.addFieldOffset(1, index, 0);
  return builder.endObject();
}

function encodeKeyValues(builder: Builder, metadata: Readonly<Record<string, string>>): Offset {
  const entries = Object.entries(metadata).map(([key, value]) => {
    const valueOffset = builder.createString(value);
    const keyOffset = builder.createString(key);
    builder.startObject(2);
    builder.addFieldOffset(0, keyOffset, 0);
    builder.addFieldOffset(1, valueOffset, 0);
    return builder.endObject();
  });
  return encodeOffsets(builder, entries);
}

function encodeOffsets(builder: Builder, offsets: readonly Offset[]): Offset {
  builder.startVector(4, offsets.length, 4);
  for (let i = offsets.length - 1; i >= 0; i--) builder.addOffset(offsets[i]!);
  return builder.endVector();
}

function finishMessage(
  builder: Builder,
  headerType: number,
  header: Offset,
  bodyLength: number,
  alignment: number,
): Uint8Array {
  builder.startObject(5);
  builder.addFieldInt16(0, VERSION_5, 0);
  builder.addFieldInt8(1, headerType, 0);
  builder.addFieldOffset(2, header, 0);
  builder.addFieldInt64(3, BigInt(bodyLength), 0n);
  builder.finish(builder.endObject());
  const message = builder.asUint8Array();
  //  0: 0xFFFFFFFF, the continuation mark
  //  4: int32 length of the metadata with its padding
  //  8: metadata
  const length = Math.ceil((8 + message.length) / alignment) * alignment;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xffffffff, true);
  view.setInt32(4, length - 8, true);
  bytes.set(message, 8);
  return bytes;
}
