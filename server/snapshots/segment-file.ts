import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  encodeBatchMessage,
  encodeFooter,
  encodeSchemaMessage,
  type Block,
} from '../../workers/arrow/message.js';
import type { Field } from '../../workers/arrow/types.js';
import type { Storage } from '../../workers/storage.js';
import { fieldOf, type FieldColumn } from './arrow-field.js';
import { putColumn } from './batch-column.js';
import { dictionaryMessage, padMessage, type DictionaryMessage } from './dictionary-message.js';
import type { EncodedColumn, EncodedDictionary } from './encoded-column.js';
import type { BufferRef, ManifestSegment, SegmentBatch, SegmentColumn } from './manifest.js';
import { ALIGNMENT, align, type Body } from './message-body.js';
import { OutputFile } from './output-file.js';

export interface SegmentOptions {
  /** The folder of the snapshot that is being made. */
  dir: string;
  columns: readonly FieldColumn[];
  /** The distinct strings of column `index` so far; asked for whenever a segment is closed. */
  dictionary: (index: number) => EncodedDictionary | undefined;
  /** The number of the first segment; those before it are of another snapshot. */
  firstSegment?: number;
}

/**
 * Room that is kept for a dictionary: so many times what it holds after the first batch, and at least so many bytes.
 * A dictionary that outgrows it costs one copy of the file.
 */
const ROOM_FACTOR = 2;
const ROOM_BYTES = 16 * 1024;

const MAGIC = new TextEncoder().encode('ARROW1');
/** What a segment begins with, padded. */
export const HEAD = new Uint8Array(ALIGNMENT);
HEAD.set(MAGIC);

// The continuation mark and a length of zero.
const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/**
 * One segment that is being written: a standard Arrow IPC file. Dictionaries stand before the record batches, where every
 * reader looks for them, although their values are known only at the end: room is kept for them.
 */
export class SegmentFile {
  readonly #options: SegmentOptions;
  readonly #file: string;
  readonly #storages: readonly Storage[];
  readonly #fields: Field[];
  readonly #schema: Uint8Array;
  readonly #batches: SegmentBatch[] = [];
  readonly #blocks: Block[] = [];
  /** Where the record batches begin; the dictionaries end there. */
  #recordsAt: number;
  #out: OutputFile;

  constructor(options: SegmentOptions, index: number, columns: readonly EncodedColumn[]) {
    this.#options = options;
    this.#file = `segment-${index}.arrow`;
    this.#storages = columns.map(({ storage }) => storage);
    this.#fields = options.columns.map((column, i) => fieldOf(column, columns[i]!.storage, i));
    this.#schema = encodeSchemaMessage(this.#fields, {}, ALIGNMENT);
    this.#recordsAt = HEAD.length + this.#schema.length + this.#roomForDictionaries();
    this.#out = new OutputFile(join(options.dir, this.#file));
    this.#out.at = this.#recordsAt;
  }

  fits(columns: readonly EncodedColumn[]): boolean {
    return columns.every(({ storage }, i) => storage === this.#storages[i]);
  }

  append(rows: number, columns: readonly EncodedColumn[]): void {
    const body: Body = { parts: [], refs: [], length: 0 };
    const described = columns.map((column, i) =>
      putColumn(column, this.#options.columns[i]!.logical.kind === 'float', body),
    );
    const nodes = columns.map(({ storage, nulls }) => ({
      rows,
      nulls: storage === 'null' ? rows : nulls,
    }));
    const layout = { rows, nodes, buffers: body.refs, bodyLength: body.length };
    const message = encodeBatchMessage(layout, ALIGNMENT);
    const offset = this.#out.at;
    const { length } = message;
    this.#blocks.push({ offset, metadataLength: length, bodyLength: layout.bodyLength });
    this.#out.write([message, ...body.parts]);
    this.#batches.push({
      rows,
      header: refTo(message, offset),
      columns: described.map((column) => column(offset + length)),
    });
  }

  finish(): ManifestSegment {
    const dictionaries = this.#dictionaryMessages();
    const room = this.#recordsAt - HEAD.length - this.#schema.length;
    const length = dictionaries.reduce((sum, { bytes }) => sum + bytes, 0);
    if (length > room) this.#makeRoom(length - room);
    else if (dictionaries.length > 0) padMessage(dictionaries.at(-1)!, room - length);

    const recordsEnd = this.#out.at;
    this.#out.at = 0;
    this.#out.write([HEAD, this.#schema]);
    const columns: SegmentColumn[] = this.#storages.map((storage) => ({ storage }));
    const blocks = dictionaries.map(({ column, size, layout, message, body, place }): Block => {
      const offset = this.#out.at;
      columns[column]!.dictionary = {
        size,
        header: refTo(message, offset),
        ...place(offset + message.length),
      };
      this.#out.write([message, ...body.parts]);
      this.#out.at = offset + message.length + layout.bodyLength;
      return { offset, metadataLength: message.length, bodyLength: layout.bodyLength };
    });

    this.#out.at = recordsEnd;
    const footer = encodeFooter(this.#fields, {}, blocks, this.#blocks);
    const footerLength = new Uint8Array(4);
    new DataView(footerLength.buffer).setInt32(0, footer.length, true);
    const tail = Buffer.concat([END_OF_STREAM, footer, footerLength, MAGIC]);
    this.#out.write([tail]);
    this.#out.close();
    return {
      file: this.#file,
      bytes: this.#out.at,
      schema: refTo(this.#schema, HEAD.length),
      footer: refTo(tail, recordsEnd),
      columns,
      batches: this.#batches,
    };
  }

  abandon(): void {
    this.#out.abandon();
  }

  #roomForDictionaries(): number {
    let room = 0;
    for (const { bytes } of this.#dictionaryMessages()) {
      room += align(Math.max(ROOM_BYTES, ROOM_FACTOR * bytes));
    }
    return room;
  }

  /** The dictionaries so far. */
  #dictionaryMessages(): DictionaryMessage[] {
    return this.#storages.flatMap((storage, column) =>
      storage.startsWith('dict')
        ? [dictionaryMessage(column, this.#options.dictionary(column))]
        : [],
    );
  }

  /** Copies the record batches to a file in which they begin `more` bytes later. */
  #makeRoom(more: number): void {
    const path = join(this.#options.dir, this.#file);
    const wider = new OutputFile(`${path}.wider`);
    wider.at = this.#recordsAt + more;
    wider.copy(this.#out, this.#recordsAt, this.#out.at);
    this.#out.abandon();
    renameSync(`${path}.wider`, path);
    this.#out = wider;
    this.#recordsAt += more;
    for (const block of this.#blocks) block.offset += more;
    for (const { header, columns } of this.#batches) {
      header.offset += more;
      for (const { validity, offsets, data } of columns) {
        for (const ref of [validity, offsets, data]) if (ref !== undefined) ref.offset += more;
      }
    }
  }
}

function refTo(bytes: Uint8Array, offset: number): BufferRef {
  return { offset, length: bytes.length, crc32: crc32(bytes) };
}
