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
import { dictionaryMessage, padMessage, type DictionaryMessage } from './dictionary-message.js';
import { ALIGNMENT, align, bytesOf, put, type Body } from './message-body.js';
import { OutputFile } from './output-file.js';
import { fieldOf, type FieldColumn } from './arrow-field.js';
import type { Storage } from '../../workers/storage.js';
import type { EncodedColumn, EncodedDictionary } from './encoded-column.js';
import type { BatchColumn, ManifestSegment, SegmentBatch, SegmentColumn } from './manifest.js';

export interface SegmentWriterOptions {
  /** The folder of the snapshot that is being made. */
  dir: string;
  columns: readonly FieldColumn[];
  /** The distinct strings of column `index` so far; asked for whenever a segment is closed. */
  dictionary: (index: number) => EncodedDictionary | undefined;
}

/**
 * Room that is kept for a dictionary: so many times what it holds after the first batch, and at least so many bytes.
 * A dictionary that outgrows it costs one copy of the file.
 */
const ROOM_FACTOR = 2;
const ROOM_BYTES = 16 * 1024;

const COPY_BYTES = 16 * 1024 * 1024;

const MAGIC = new TextEncoder().encode('ARROW1');
const HEAD = new Uint8Array(ALIGNMENT);
HEAD.set(MAGIC);

// The continuation mark and a length of zero.
const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/**
 * Writes the batches of a snapshot into segments: standard Arrow IPC files, uncompressed, every buffer 64-byte aligned
 * and with a CRC-32 in the manifest. Width belongs to the segment: a column whose storage changes closes the segment
 * and opens the next. Dictionaries stand before the record batches, where every reader looks for them, although their
 * values are known only at the end: room is kept for them. Synchronous: it runs on the encoding thread of a loader child.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #segments: ManifestSegment[] = [];
  #open: OpenSegment | undefined;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
  }

  /** Appends one batch: a column each, in the order of the snapshot's columns, all of `rows` rows. */
  append(rows: number, columns: readonly EncodedColumn[]): void {
    if (this.#open !== undefined && !this.#open.fits(columns)) this.#close();
    this.#open ??= new OpenSegment(this.#options, this.#segments.length, columns);
    this.#open.append(rows, columns);
  }

  /** Closes the last segment and gives them all. A snapshot without rows has no segment. */
  finish(): ManifestSegment[] {
    this.#close();
    return this.#segments;
  }

  /** Lets go of the open file after a failure; what was written is the caller's to delete. */
  abandon(): void {
    this.#open?.abandon();
    this.#open = undefined;
  }

  #close(): void {
    if (this.#open === undefined) return;
    this.#segments.push(this.#open.finish());
    this.#open = undefined;
  }
}

class OpenSegment {
  readonly #options: SegmentWriterOptions;
  readonly #file: string;
  readonly #storages: readonly Storage[];
  readonly #fields: Field[];
  readonly #schema: Uint8Array;
  readonly #batches: SegmentBatch[] = [];
  readonly #blocks: Block[] = [];
  /** Where the record batches begin; the dictionaries end there. */
  #recordsAt: number;
  #out: OutputFile;

  constructor(options: SegmentWriterOptions, index: number, columns: readonly EncodedColumn[]) {
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
      describe(column, this.#options.columns[i]!.logical.kind === 'float', body),
    );
    const nodes = columns.map(({ storage, nulls }) => ({
      rows,
      nulls: storage === 'null' ? rows : nulls,
    }));
    const layout = { rows, nodes, buffers: body.refs, bodyLength: body.length };
    const message = encodeBatchMessage(layout, ALIGNMENT);
    const start = this.#out.at + message.length;
    this.#blocks.push({
      offset: this.#out.at,
      metadataLength: message.length,
      bodyLength: layout.bodyLength,
    });
    this.#out.write([message, ...body.parts]);
    this.#batches.push({ rows, columns: described.map((column) => column(start)) });
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
      columns[column]!.dictionary = { size, ...place(offset + message.length) };
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
      schema: { offset: HEAD.length, length: this.#schema.length, crc32: crc32(this.#schema) },
      footer: { offset: recordsEnd, length: tail.length, crc32: crc32(tail) },
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
    const buffer = new Uint8Array(COPY_BYTES);
    for (let at = this.#recordsAt; at < this.#out.at;) {
      const read = this.#out.read(buffer.subarray(0, Math.min(COPY_BYTES, this.#out.at - at)), at);
      wider.write([buffer.subarray(0, read)]);
      at += read;
    }
    this.#out.abandon();
    renameSync(`${path}.wider`, path);
    this.#out = wider;
    this.#recordsAt += more;
    for (const block of this.#blocks) block.offset += more;
    for (const { columns } of this.#batches) {
      for (const { validity, offsets, data } of columns) {
        for (const ref of [validity, offsets, data]) if (ref !== undefined) ref.offset += more;
      }
    }
  }
}

/** Adds a column's buffers to a body, in Arrow's order; gives its description once the body's place is known. */
function describe(
  column: EncodedColumn,
  isFloat: boolean,
  body: Body,
): (start: number) => BatchColumn {
  const { storage, nulls, validity, offsets, data, min, max, notFinite } = column;
  const known: BatchColumn = {
    nulls,
    ...(min === undefined ? {} : { min: isFloat ? Number(min) : String(min) }),
    ...(max === undefined ? {} : { max: isFloat ? Number(max) : String(max) }),
    ...(notFinite === undefined ? {} : { notFinite }),
  };
  if (storage === 'null') return () => known;
  const validityAt = put(body, nulls > 0 ? validity! : new Uint8Array(0));
  const offsetsAt = offsets === undefined ? undefined : put(body, bytesOf(offsets));
  const dataAt = put(body, data!);
  return (start) => ({
    ...known,
    ...(nulls > 0 ? { validity: validityAt(start) } : {}),
    ...(offsetsAt === undefined ? {} : { offsets: offsetsAt(start) }),
    data: dataAt(start),
  });
}
