import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { Finding } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import { readThriftStruct, ThriftTooShort, type ThriftStruct, type ThriftValue } from './thrift.js';

// Of Parquet's format (parquet.thrift): page types, encodings and codecs by their numbers.
const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;
const DATA_PAGE_V2 = 3;
const PLAIN_DICTIONARY = 2;
const RLE_DICTIONARY = 8;
const REPEATED = 2;
const UNCOMPRESSED = 0;
const ZSTD = 6;

/** Most page headers are shorter; those with long statistics are read again in full. */
const HEADER_BYTES = 512;
const MAX_HEADER_BYTES = 2 ** 24;

/** What a look at every page of a file gives. */
export interface CheckedPages {
  /** Of all row groups together. */
  rows: number;
  warnings: Finding[];
}

interface Chunk {
  path: string;
  start: number;
  values: number;
  codec: number;
  isRepeated: boolean;
  rows: number;
}

/**
 * Compares the footer of a Parquet file with the headers of all its pages, and the counts with one another. DuckDB does
 * not: it reads some files whose pages hold fewer values than they say, or levels that begin in the middle of a row, without a
 * word. Reads a few hundred bytes a page; values are not looked at.
 */
export function checkPages(path: string): CheckedPages {
  const file = basename(path);
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const { rows, chunks } = readFooter(fd, size, file);
    const codeless = new Set<string>();
    for (const chunk of chunks) {
      if (!checkChunk(fd, size, file, chunk)) codeless.add(chunk.path);
    }
    return { rows, warnings: judgeCodeless(file, codeless, chunks) };
  } catch (error) {
    throw error instanceof HalftoneError
      ? error
      : damaged(file, 'its metadata make no sense', error);
  } finally {
    closeSync(fd);
  }
}

function readFooter(fd: number, size: number, file: string): { rows: number; chunks: Chunk[] } {
  const footerLength = readAt(fd, size - 8, 8).readUInt32LE(0);
  const footer = parse(file, 'its footer is no Thrift struct', () =>
    readThriftStruct(readAt(fd, size - 8 - footerLength, footerLength)),
  ).struct;
  if (footer.has(8)) {
    throw new HalftoneError('SOURCE_ENCRYPTED', `${file} is an encrypted Parquet file.`, {
      file,
      hint: 'Decrypt it first: no key can be given here.',
    });
  }
  const repeated = repeatedPaths(asList(footer.get(2)).map(asStruct));
  const groups = asList(footer.get(4)).map(asStruct);
  const chunks = groups.flatMap((group) => {
    const rows = asNumber(group.get(3));
    return asList(group.get(1)).flatMap((column) => {
      const metadata = asStruct(column).get(3);
      // Without it the column is encrypted; DuckDB says so.
      if (!(metadata instanceof Map)) return [];
      const meta = metadata as ThriftStruct;
      const names = asList(meta.get(3)).map((name) => Buffer.from(name as Uint8Array).toString());
      const path = names.join('.');
      const dictionaryAt = asNumber(meta.get(11) ?? 0);
      const dataAt = asNumber(meta.get(9));
      return [
        {
          path,
          start: dictionaryAt > 0 ? Math.min(dictionaryAt, dataAt) : dataAt,
          values: asNumber(meta.get(5)),
          codec: asNumber(meta.get(4)),
          isRepeated: repeated.has(path),
          rows,
        },
      ];
    });
  });
  return { rows: groups.reduce((sum, group) => sum + asNumber(group.get(3)), 0), chunks };
}

/** The leaves of the schema that stand below a repeated field, themselves included. */
function repeatedPaths(schema: readonly ThriftStruct[]): Set<string> {
  const found = new Set<string>();
  let next = 1;
  const walk = (count: number, path: readonly string[], repeated: boolean): void => {
    for (let i = 0; i < count && next < schema.length; i++) {
      const element = schema[next++]!;
      const name = Buffer.from(element.get(4) as Uint8Array).toString();
      const below = [...path, name];
      const isRepeated = repeated || element.get(3) === REPEATED;
      const children = asNumber(element.get(5) ?? 0);
      if (children > 0) walk(children, below, isRepeated);
      else if (isRepeated) found.add(below.join('.'));
    }
  };
  walk(asNumber(schema[0]?.get(5) ?? 0), [], false);
  return found;
}

/**
 * Dictionary codes of no bits are against the rules, and some readers refuse them; Polars wrote them in 2024 for columns of one
 * value, which DuckDB reads rightly. A file that has nothing else is refused, other files are read with a warning
 * (apache/arrow#43605).
 */
function judgeCodeless(
  file: string,
  codeless: ReadonlySet<string>,
  chunks: readonly Chunk[],
): Finding[] {
  if (codeless.size === 0) return [];
  const [first] = codeless;
  if (chunks.every(({ path }) => codeless.has(path))) {
    throw damaged(file, `the dictionary codes of column "${first}" are packed into 0 bits`);
  }
  const message = `${file}: the dictionary codes of column "${first}" are packed into 0 bits; it is read as one value throughout.`;
  return [
    { code: 'PARQUET_CODES', message, file, ...(first === undefined ? {} : { column: first }) },
  ];
}

/** False where the chunk's dictionary has one value and its codes no bits. */
function checkChunk(fd: number, size: number, file: string, chunk: Chunk): boolean {
  const { path, rows, isRepeated } = chunk;
  if (!isRepeated && chunk.values !== rows) {
    throw damaged(file, `column "${path}" has ${chunk.values} values in a group of ${rows} rows`);
  }
  let at = chunk.start;
  let values = 0;
  let words = 0;
  let hasCodes = true;
  while (values < chunk.values) {
    const { struct: header, end } = readHeader(fd, at, size, file, path);
    const type = asNumber(header.get(1));
    const length = asNumber(header.get(3));
    const body = at + end;
    if (length < 0 || body + length > size) {
      throw damaged(file, `a page of column "${path}" has ${length} bytes, more than the file`);
    }
    const page = header.get(type === DATA_PAGE ? 5 : type === DATA_PAGE_V2 ? 8 : 7);
    if (page instanceof Map) {
      const details = page as ThriftStruct;
      const count = asNumber(details.get(1));
      if (count < 0) throw damaged(file, `a page of column "${path}" has ${count} values`);
      if (type === DICTIONARY_PAGE) words = count;
      else {
        values += count;
        checkLevels(fd, file, chunk, type, details, body, length);
        if (hasNoCodes(fd, chunk, type, details, body, length)) hasCodes = false;
      }
    }
    at = body + length;
  }
  if (values !== chunk.values) {
    throw damaged(
      file,
      `the pages of column "${path}" hold ${values} values where the footer counts ${chunk.values}`,
    );
  }
  if (!hasCodes && words !== 1) {
    throw damaged(
      file,
      `column "${path}" has ${words} values in its dictionary and codes of 0 bits`,
    );
  }
  return hasCodes;
}

/** Looks at the start of a page's levels, as far as that needs no decompression. */
function checkLevels(
  fd: number,
  file: string,
  { path, codec, isRepeated }: Chunk,
  type: number,
  page: ThriftStruct,
  body: number,
  length: number,
): void {
  const isV2 = type === DATA_PAGE_V2;
  if (isRepeated && asNumber(page.get(1)) > 0 && (isV2 || codec === UNCOMPRESSED)) {
    // The first version puts the length of the levels before them.
    const first = firstLevel(readAt(fd, body + (isV2 ? 0 : 4), Math.min(length, 16)));
    if (isV2 ? first !== 0 && asNumber(page.get(6) ?? 0) > 0 : first !== 0) {
      throw damaged(file, `a page of column "${path}" begins in the middle of a row`);
    }
  }
}

/** True where a page's dictionary codes are bit-packed runs of no bits, as far as that shows without decompression. */
function hasNoCodes(
  fd: number,
  { codec }: Chunk,
  type: number,
  page: ThriftStruct,
  body: number,
  length: number,
): boolean {
  if (type !== DATA_PAGE_V2) return false;
  const encoding = asNumber(page.get(4));
  if (encoding !== RLE_DICTIONARY && encoding !== PLAIN_DICTIONARY) return false;
  const levels = asNumber(page.get(5) ?? 0) + asNumber(page.get(6) ?? 0);
  const codes = readAt(fd, body + levels, Math.min(length - levels, 64));
  const isCompressed = page.get(7) !== false && codec !== UNCOMPRESSED;
  const plain = isCompressed ? (codec === ZSTD ? rawZstd(codes) : undefined) : codes;
  return plain !== undefined && plain.length > 1 && plain[0] === 0 && (plain[1]! & 1) === 1;
}

/** The first value of a hybrid of runs and bit-packed groups; levels of 1 bit to 8 bits. */
function firstLevel(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length && bytes[at]! >= 128) at++;
  const value = bytes[at + 1] ?? 0;
  const isPacked = (bytes[0]! & 1) === 1;
  return isPacked ? value & 1 : value;
}

/** The content of a Zstandard frame of one uncompressed block, which is what a few bytes always become (RFC 8878). */
function rawZstd(frame: Buffer): Buffer | undefined {
  if (frame.length < 9 || frame.readUInt32LE(0) !== 0xfd2fb528) return undefined;
  const isSingleSegment = (frame[4]! & 32) !== 0;
  if (!isSingleSegment || frame[4]! >> 6 !== 0) return undefined;
  const block = frame.readUIntLE(6, 3);
  const isRaw = ((block >> 1) & 3) === 0;
  return isRaw ? frame.subarray(9, 9 + (block >> 3)) : undefined;
}

function readHeader(fd: number, at: number, size: number, file: string, path: string) {
  return parse(file, `a page header of column "${path}" is no Thrift struct`, () => {
    for (let bytes = HEADER_BYTES; ; bytes *= 16) {
      try {
        return readThriftStruct(readAt(fd, at, Math.min(bytes, size - at)));
      } catch (error) {
        const hasMore = at + bytes < size && bytes < MAX_HEADER_BYTES;
        if (!(error instanceof ThriftTooShort) || !hasMore) throw error;
      }
    }
  });
}

function parse<T>(file: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw damaged(file, what, error);
  }
}

function damaged(file: string, what: string, cause?: unknown): HalftoneError {
  return new HalftoneError('SOURCE_CORRUPT', `${file} is damaged: ${what}.`, {
    file,
    hint: 'Write the file again, if you can, with a current version of the tool it came from.',
    cause,
  });
}

function readAt(fd: number, at: number, length: number): Buffer {
  if (length < 0 || at < 0) throw new Error(`No ${length} bytes can be read at ${at}.`);
  const bytes = Buffer.alloc(length);
  const read = readSync(fd, bytes, 0, length, at);
  return bytes.subarray(0, read);
}

function asNumber(value: ThriftValue | undefined): number {
  if (typeof value === 'number') return value;
  throw new Error('A number is missing in the Thrift metadata.');
}

function asList(value: ThriftValue | undefined): readonly ThriftValue[] {
  return Array.isArray(value) ? (value as readonly ThriftValue[]) : [];
}

function asStruct(value: ThriftValue): ThriftStruct {
  if (value instanceof Map) return value as ThriftStruct;
  throw new Error('A struct is missing in the Thrift metadata.');
}
