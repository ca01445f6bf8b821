import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { Schema } from 'apache-arrow';
import { Footer } from 'apache-arrow/ipc/metadata/file';
import { Message, type DictionaryBatch, type RecordBatch } from 'apache-arrow/ipc/metadata/message';
import type { Finding } from '../../../protocol/dataset.js';
import { ArrowFault, corrupt, refusing, truncated } from './arrow-fault.js';
import { checkFooterMetadata, checkMessageMetadata } from './check-metadata.js';

/** What a file begins and ends with; a stream begins with its first message. */
const MAGIC = 'ARROW1';
const MAGIC_BYTES = 8;
/** Before the metadata of a message: -1, and their length; before 2019 the length alone. */
const CONTINUATION = -1;
/** Version 4 of the metadata, numbered 3, is the first that is told apart from what came before it. */
const FIRST_VERSION = 3;

/** Where one batch lies, of rows or of a dictionary's values. */
export interface BatchPlace {
  kind: 'rows' | 'dictionary';
  /** Where its metadata begin, and their length. */
  at: number;
  length: number;
  bodyAt: number;
  bodyBytes: number;
  rows: number;
}

/** An Arrow file or stream whose messages have been found and counted, not yet read. */
export interface ArrowFile {
  name: string;
  schema: Schema;
  /** In the order in which they are to be read. */
  batches: readonly BatchPlace[];
  rows: number;
  warnings: Finding[];
  /** Decodes what a batch says of its buffers. */
  header: (place: BatchPlace) => RecordBatch | DictionaryBatch;
  /** Reads bytes of the file into memory of their own. */
  read: (at: number, length: number) => Uint8Array;
  close: () => void;
}

/**
 * Opens an Arrow IPC file or stream and walks over its messages without reading a value. Refuses what cannot be whole:
 * messages beyond the end, batches that overlap, and a footer that tells of others than there are.
 */
export function openArrow(path: string): ArrowFile {
  const name = basename(path);
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const read = (at: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const count = readSync(fd, bytes, done, Math.min(length - done, 2 ** 30), at + done);
        if (count === 0) throw truncated(name, `it ends at byte ${at + done}`);
        done += count;
      }
      return bytes;
    };
    const source: Bytes = { name, size, read };
    const start = size < MAGIC_BYTES ? '' : latin1(read(0, MAGIC.length));
    const found = start === MAGIC ? walkFile(source) : walkStream(source);
    checkSchema(name, found.schema);
    const rows = found.batches.reduce(
      (sum, batch) => (batch.kind === 'rows' ? sum + batch.rows : sum),
      0,
    );
    return {
      name,
      ...found,
      rows,
      read,
      header: (place) => decode(source, place.at, place.length).header() as RecordBatch,
      close: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

interface Bytes {
  name: string;
  size: number;
  read: (at: number, length: number) => Uint8Array;
}
type Found = Pick<ArrowFile, 'schema' | 'batches' | 'warnings'>;

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const int32 = (bytes: Uint8Array, at = 0): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getInt32(at, true);

function walkFile(source: Bytes): Found {
  const { name, size, read } = source;
  const end = size - MAGIC.length;
  if (end < MAGIC_BYTES + 4 || latin1(read(end, MAGIC.length)) !== MAGIC) {
    throw truncated(name, 'the mark at the end of an Arrow file is missing');
  }
  const length = int32(read(end - 4, 4));
  const footerAt = end - 4 - length;
  if (length <= 0 || footerAt < MAGIC_BYTES) throw corrupt(name, 'its footer is damaged');
  const { schema, blocks } = refusing(name, 'its footer', () => readFooter(read(footerAt, length)));
  const batches = blocks.map(({ kind, offset, metaDataLength, bodyLength }, i): BatchPlace => {
    const what = `the footer's block ${i + 1}`;
    const bodyAt = offset + metaDataLength;
    if (!(offset >= MAGIC_BYTES && metaDataLength >= 8 && bodyLength >= 0)) {
      throw corrupt(name, `${what} is damaged`);
    }
    if (bodyAt + bodyLength > footerAt) throw corrupt(name, `${what} ends beyond the data`);
    const message = readMessage(source, offset);
    if (message === undefined || message.bodyAt > bodyAt || message.bodyBytes !== bodyLength) {
      throw corrupt(name, `${what} is not the message at byte ${offset}`);
    }
    if (message.kind !== kind) throw corrupt(name, `${what} is no batch of the kind it says`);
    return { ...message, kind, bodyAt };
  });
  refuseOverlaps(name, batches);
  return { schema, batches, warnings: [] };
}

interface FooterBlock {
  kind: BatchPlace['kind'];
  offset: number;
  metaDataLength: number;
  bodyLength: number;
}

/** The blocks that a footer lists: dictionaries first, as every batch of rows may need them. */
function readFooter(bytes: Uint8Array): { schema: Schema; blocks: FooterBlock[] } {
  checkFooterMetadata(bytes);
  const footer = Footer.decode(bytes);
  const blocks: FooterBlock[] = [];
  const add = (kind: FooterBlock['kind']) => (block: Omit<FooterBlock, 'kind'>) => {
    const { offset, metaDataLength, bodyLength } = block;
    blocks.push({ kind, offset, metaDataLength, bodyLength });
  };
  for (const block of footer.dictionaryBatches()) add('dictionary')(block);
  for (const block of footer.recordBatches()) add('rows')(block);
  return { schema: footer.schema, blocks };
}

/** A file whose batches share bytes would hold more rows than it has. */
function refuseOverlaps(name: string, batches: readonly BatchPlace[]): void {
  const ordered = batches.toSorted((a, b) => a.at - b.at);
  for (let i = 1; i < ordered.length; i++) {
    const { bodyAt, bodyBytes } = ordered[i - 1]!;
    if (ordered[i]!.at < bodyAt + bodyBytes) {
      throw corrupt(name, `two of its batches overlap at byte ${ordered[i]!.at}`);
    }
  }
}

function walkStream(source: Bytes): Found {
  const { name, size } = source;
  const first = readMessage(source, 0);
  if (first?.kind !== 'schema') throw corrupt(name, 'it does not begin with a schema');
  const schema = refusing(
    name,
    'its schema',
    () => decode(source, first.at, first.length).header() as unknown as Schema,
  );
  const batches: BatchPlace[] = [];
  let at = first.bodyAt + first.bodyBytes;
  while (at < size) {
    const message = readMessage(source, at);
    if (message === undefined) return { schema, batches, warnings: refuseRest(source, at) };
    if (message.kind === 'schema') throw corrupt(name, `a second schema stands at byte ${at}`);
    batches.push({ ...message, kind: message.kind });
    at = message.bodyAt + message.bodyBytes;
  }
  const message = `${name}: the stream ends without its end mark; rows may be missing.`;
  return { schema, batches, warnings: [{ code: 'ARROW_NO_END', message, file: name }] };
}

/** After the end mark only zeros may follow. */
function refuseRest({ name, size, read }: Bytes, at: number): [] {
  const rest = read(at, Math.min(size - at, 2 ** 16));
  const marked = int32(rest) === CONTINUATION ? 8 : 4;
  if (rest.subarray(marked).some((byte) => byte !== 0)) {
    throw corrupt(name, `it goes on behind its end mark, at byte ${at + marked}`);
  }
  return [];
}

interface MessagePlace extends Omit<BatchPlace, 'kind'> {
  kind: BatchPlace['kind'] | 'schema';
}

/** The message at a byte of the file; undefined for the mark that ends a stream. */
function readMessage(source: Bytes, at: number): MessagePlace | undefined {
  const { name, size, read } = source;
  const word = (from: number): number => {
    if (from + 4 > size) throw truncated(name, `it ends within a message, at byte ${size}`);
    return int32(read(from, 4));
  };
  const prefix = word(at);
  const metadataAt = prefix === CONTINUATION ? at + 8 : at + 4;
  const length = prefix === CONTINUATION ? word(at + 4) : prefix;
  if (length === 0) return undefined;
  if (length < 0) throw corrupt(name, `the message at byte ${at} has no length`);
  if (metadataAt + length > size) {
    throw truncated(name, `the message at byte ${at} needs ${length} bytes more than there are`);
  }
  return refusing(name, `the message at byte ${at}`, () => {
    const message = decode(source, metadataAt, length);
    const bodyAt = metadataAt + length;
    const { bodyLength: bodyBytes } = message;
    if (!(bodyBytes >= 0)) throw new ArrowFault('its length is damaged');
    if (bodyAt + bodyBytes > size) {
      throw truncated(
        name,
        `the batch at byte ${at} ends at ${bodyAt + bodyBytes}, the file at ${size}`,
      );
    }
    const place = { at: metadataAt, length, bodyAt, bodyBytes };
    if (message.isSchema()) return { ...place, kind: 'schema', rows: 0 };
    const kind = message.isDictionaryBatch() ? 'dictionary' : 'rows';
    const { length: rows } = message.header() as RecordBatch | DictionaryBatch;
    if (!Number.isSafeInteger(rows) || rows < 0)
      throw new ArrowFault('its count of rows is damaged');
    return { ...place, kind, rows };
  });
}

function decode({ read }: Bytes, at: number, length: number): Message {
  const bytes = read(at, length);
  checkMessageMetadata(bytes);
  const message = Message.decode(bytes);
  if (message.version < FIRST_VERSION) throw new ArrowFault('it was written before Arrow 0.8');
  return message;
}

function checkSchema(name: string, { fields }: Schema): void {
  if (fields.length === 0) throw corrupt(name, 'its schema has no columns');
}
