import { basename } from 'node:path';
import { HalftoneError } from '../../errors.js';
import type { SourceKind } from '../../snapshots/manifest.js';
import { isGzip, readHead, readSample } from '../csv/read-sample.js';

/** Bytes that kinds of files begin with, and what to do with those we do not read. */
const SIGNATURES: readonly { at: number; bytes: string; seems: string; hint: string }[] = [
  { at: 0, bytes: 'PK\x03\x04', seems: 'a ZIP archive', hint: 'Unpack it and give the files in it.' },
  { at: 0, bytes: 'PK\x05\x06', seems: 'an empty ZIP archive', hint: 'Unpack it and give the files in it.' },
  { at: 0, bytes: '\xd0\xcf\x11\xe0', seems: 'an old Excel workbook', hint: 'Save the sheet as CSV.' },
  { at: 0, bytes: '%PDF', seems: 'a PDF document', hint: 'Export its table as CSV.' },
  { at: 0, bytes: 'FEA1', seems: 'a Feather file of version 1', hint: 'Write it as Feather version 2, which is Arrow.' },
  { at: 0, bytes: 'SQLite format 3', seems: 'an SQLite database', hint: 'Export its tables as CSV.' },
  { at: 8, bytes: 'DUCK', seems: 'a DuckDB database', hint: 'Export its tables as Parquet.' },
  { at: 0, bytes: '\x28\xb5\x2f\xfd', seems: 'packed with Zstandard', hint: 'Unpack it, or pack it with gzip.' },
  { at: 0, bytes: 'BZh', seems: 'packed with bzip2', hint: 'Unpack it, or pack it with gzip.' },
  { at: 0, bytes: '\xfd7zXZ', seems: 'packed with xz', hint: 'Unpack it, or pack it with gzip.' },
  { at: 0, bytes: '7z\xbc\xaf', seems: 'a 7-Zip archive', hint: 'Unpack it and give the files in it.' },
  { at: 0, bytes: 'Rar!', seems: 'a RAR archive', hint: 'Unpack it and give the files in it.' },
  { at: 257, bytes: 'ustar', seems: 'a tar archive', hint: 'Unpack it and give the files in it.' },
  { at: 0, bytes: 'ORC', seems: 'an ORC file', hint: 'Write it as Parquet.' },
  { at: 0, bytes: 'Obj\x01', seems: 'an Avro file', hint: 'Write it as Parquet.' },
  { at: 0, bytes: '\x89HDF', seems: 'an HDF5 file', hint: 'Write its table as Parquet.' },
  { at: 0, bytes: '\x89PNG', seems: 'a picture', hint: 'Give a CSV or Parquet file.' },
  { at: 0, bytes: '\xff\xd8\xff', seems: 'a picture', hint: 'Give a CSV or Parquet file.' },
  { at: 0, bytes: 'GIF8', seems: 'a picture', hint: 'Give a CSV or Parquet file.' },
  { at: 0, bytes: '\x7fELF', seems: 'a program', hint: 'Give a CSV or Parquet file.' },
]; // prettier-ignore

/** Enough to hold every signature and to tell text from bytes. */
const HEAD_BYTES = 16 * 1024;
const ARROW_NAME = /\.(?:arrow|arrows|feather|ipc)$/i;

/**
 * The kind of a file by what it holds, and only then by what it is called. Throws SOURCE_EMPTY or
 * SOURCE_KIND_UNKNOWN, which says what the file seems to be.
 */
export function kindOfFile(path: string): SourceKind {
  const name = basename(path);
  const { bytes, size } = readHead(path, HEAD_BYTES);
  if (size === 0) throw emptyFile(name);
  if (starts(bytes, 0, 'PAR1') || starts(bytes, 0, 'PARE')) return 'parquet';
  if (isArrow(bytes)) return 'arrow';
  refuseForeign(name, bytes, '');
  const promised = /\.parquet$/i.test(name)
    ? 'Parquet'
    : ARROW_NAME.test(name)
      ? 'Arrow'
      : undefined;
  if (promised !== undefined) {
    throw unknownKind(name, `no ${promised} file in spite of its name`, 'Write the file again.');
  }
  if (!isGzip(bytes)) return kindOfText(path, name);
  const inside = readSample(path, 'latin1', HEAD_BYTES).bytes;
  if (starts(inside, 0, 'PAR1')) {
    throw unknownKind(
      name,
      'a Parquet file packed with gzip',
      'Unpack it: Parquet is packed within.',
    );
  }
  if (isArrow(inside)) throw unknownKind(name, 'an Arrow file packed with gzip', 'Unpack it.');
  refuseForeign(name, inside, ', packed with gzip');
  return kindOfText(path, name);
}

/** A file begins with its name, a stream with -1 and the length of its first message. */
const isArrow = (bytes: Uint8Array): boolean =>
  starts(bytes, 0, 'ARROW1') || starts(bytes, 0, '\xff\xff\xff\xff');

function kindOfText(path: string, name: string): SourceKind {
  const { bytes, complete } = readSample(path, undefined, HEAD_BYTES);
  if (looksBinary(bytes)) {
    throw unknownKind(
      name,
      'a binary file of no known kind',
      'Give a CSV, TSV, Parquet, Arrow or JSON lines file.',
    );
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const head = text.trimStart();
  if (head === '' && complete) throw emptyFile(name);
  if (/^<(?:!doctype|html|\?xml|svg)/i.test(head)) {
    throw unknownKind(name, 'a web page or XML, not a table', 'Download the data itself.');
  }
  return isJson(head, name) ? 'json' : 'csv';
}

/** JSON lines, or an array of objects. A CSV may begin with a brace too: the first line must be JSON. */
function isJson(head: string, name: string): boolean {
  if (/^\[\s*[{\]]/.test(head)) return true;
  if (!head.startsWith('{')) return false;
  if (/\.(?:jsonl|ndjson|json)(?:\.gz)?$/i.test(name)) return true;
  const end = head.indexOf('\n');
  try {
    JSON.parse(end < 0 ? head : head.slice(0, end));
    return true;
  } catch {
    return false;
  }
}

/** Text of any language has hardly a control character; bytes have them everywhere. */
function looksBinary(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, HEAD_BYTES);
  let controls = 0;
  for (const byte of sample) if (byte < 32 && (byte < 9 || byte > 13) && byte !== 27) controls++;
  return controls > sample.length * 0.02 && controls > 2;
}

function refuseForeign(name: string, bytes: Uint8Array, how: string): void {
  for (const { at, bytes: signature, seems, hint } of SIGNATURES) {
    if (!starts(bytes, at, signature)) continue;
    const zip = signature.startsWith('PK') && Buffer.from(bytes).includes('xl/');
    throw zip
      ? unknownKind(name, `an Excel workbook${how}`, 'Save the sheet as CSV.')
      : unknownKind(name, seems + how, hint);
  }
}

const starts = (bytes: Uint8Array, at: number, signature: string): boolean =>
  Buffer.from(bytes.subarray(at, at + signature.length)).toString('latin1') === signature;

function emptyFile(name: string): HalftoneError {
  return new HalftoneError('SOURCE_EMPTY', `${name} is empty.`, {
    file: name,
    hint: 'A CSV needs at least a header line.',
  });
}

function unknownKind(name: string, seems: string, hint: string): HalftoneError {
  return new HalftoneError(
    'SOURCE_KIND_UNKNOWN',
    `${name} cannot be read: it seems to be ${seems}.`,
    {
      file: name,
      hint,
    },
  );
}
