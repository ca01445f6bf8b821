import { DictionaryBatch } from 'apache-arrow/fb/dictionary-batch';
import { Endianness } from 'apache-arrow/fb/endianness';
import type { Field } from 'apache-arrow/fb/field';
import { Footer } from 'apache-arrow/fb/footer';
import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { RecordBatch } from 'apache-arrow/fb/record-batch';
import { Schema } from 'apache-arrow/fb/schema';
import { ByteBuffer } from 'flatbuffers';
import { ArrowFault } from './arrow-fault.js';

// Flatbuffers' JavaScript verifies nothing: a damaged length is a loop of two thousand million turns, a damaged offset a field
// that is its own child. So lengths and depths are looked at before anything is decoded.

/** Deeper types than this are nobody's data. */
const MAX_DEPTH = 64;
/** A table of a field takes at least so many bytes. */
const FIELD_BYTES = 16;

/** Throws where the metadata of a message hold a vector that cannot fit in them. */
export function checkMessageMetadata(bytes: Uint8Array): void {
  const message = Message.getRootAsMessage(new ByteBuffer(bytes));
  checkLength(bytes, message.customMetadataLength(), 4);
  switch (message.headerType()) {
    case MessageHeader.Schema:
      return checkSchema(bytes, message.header(new Schema()) as Schema | null);
    case MessageHeader.RecordBatch:
      return checkBatch(bytes, message.header(new RecordBatch()) as RecordBatch | null);
    case MessageHeader.DictionaryBatch: {
      const header = message.header(new DictionaryBatch()) as DictionaryBatch | null;
      return checkBatch(bytes, header?.data() ?? null);
    }
    default:
      throw new ArrowFault('it is no message of a table');
  }
}

/** Throws where the footer of a file holds a vector that cannot fit in it. */
export function checkFooterMetadata(bytes: Uint8Array): void {
  const footer = Footer.getRootAsFooter(new ByteBuffer(bytes));
  checkLength(bytes, footer.recordBatchesLength(), 24);
  checkLength(bytes, footer.dictionariesLength(), 24);
  checkLength(bytes, footer.customMetadataLength(), 4);
  checkSchema(bytes, footer.schema());
}

function checkSchema(bytes: Uint8Array, schema: Schema | null): void {
  if (schema === null) throw new ArrowFault('the schema is missing');
  if (schema.endianness() === Endianness.Big) throw new ArrowFault('its numbers are big-endian');
  checkLength(bytes, schema.customMetadataLength(), 4);
  checkLength(bytes, schema.fieldsLength(), 4);
  const left = { fields: bytes.length / FIELD_BYTES };
  for (let i = 0; i < schema.fieldsLength(); i++) checkField(bytes, schema.fields(i), 0, left);
}

function checkField(
  bytes: Uint8Array,
  field: Field | null,
  depth: number,
  left: { fields: number },
): void {
  if (field === null || depth > MAX_DEPTH || left.fields-- <= 0) {
    throw new ArrowFault('the schema is damaged');
  }
  checkLength(bytes, field.customMetadataLength(), 4);
  checkLength(bytes, field.childrenLength(), 4);
  for (let i = 0; i < field.childrenLength(); i++) {
    checkField(bytes, field.children(i), depth + 1, left);
  }
}

function checkBatch(bytes: Uint8Array, batch: RecordBatch | null): void {
  if (batch === null) throw new ArrowFault('the batch is missing');
  checkLength(bytes, batch.nodesLength(), 16);
  checkLength(bytes, batch.buffersLength(), 16);
  checkLength(bytes, batch.variadicBufferCountsLength(), 8);
}

function checkLength({ length }: Uint8Array, count: number, itemBytes: number): void {
  if (!(count >= 0 && count * itemBytes <= length)) throw new ArrowFault('a length is damaged');
}
