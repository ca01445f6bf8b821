import { tableFromIPC } from 'apache-arrow';
import { type ColumnReader, createColumnReader } from './column-reader.js';
import { csvLine } from './csv-line.js';

/** `csv`: lines that end in CRLF. `ndjson`: objects that end in LF. `json`: objects with `,` and LF between them. */
export type TextFormat = 'csv' | 'ndjson' | 'json';

/** Asks for rows of an Arrow IPC stream of one batch as text. */
export interface WriteTextTask {
  bytes: Uint8Array;
  format: TextFormat;
  /** At most so many rows, from the first. */
  limit?: number;
  /** Of CSV: no text is a formula to a spreadsheet. */
  isSafe?: boolean;
}

export interface WrittenText {
  /** UTF-8. */
  bytes: Uint8Array<ArrayBuffer>;
  names: string[];
  rows: number;
  /** Rows that the stream holds. */
  of: number;
}

/** Writes rows as text, without a header, every value exactly as "Values in JSON" of the reference says. */
export function writeText({
  bytes,
  format,
  limit = Infinity,
  isSafe = false,
}: WriteTextTask): WrittenText {
  // Text cannot be decoded out of shared memory; slice() makes a copy that is not shared.
  const isShared = bytes.buffer instanceof SharedArrayBuffer;
  const table = tableFromIPC(isShared ? bytes.slice() : bytes);
  const rows = Math.min(table.numRows, limit);
  const names = table.schema.fields.map(({ name }) => name);
  const readers = names.map((_, i) => createColumnReader(table.getChildAt(i)!));
  const lines = format === 'csv' ? csvLines(readers, isSafe) : jsonLines(names, readers, format);
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < rows; from += PIECE_ROWS) {
    const text = lines(from, Math.min(rows, from + PIECE_ROWS));
    pieces.push(new TextEncoder().encode(text));
  }
  return { bytes: concatenate(pieces), names, rows, of: table.numRows };
}

// A string has at most half a gigabyte, which a million wide rows exceed.
const PIECE_ROWS = 8192;

function csvLines(
  readers: readonly ColumnReader[],
  isSafe: boolean,
): (from: number, to: number) => string {
  return (from, to) => {
    let text = '';
    for (let row = from; row < to; row++) {
      text += csvLine(
        readers.map((read) => read(row)),
        isSafe,
      );
    }
    return text;
  };
}

function jsonLines(
  names: readonly string[],
  readers: readonly ColumnReader[],
  format: 'ndjson' | 'json',
): (from: number, to: number) => string {
  const keys = names.map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  const end = keys.length === 0 ? '{}' : '}';
  return (from, to) => {
    let text = '';
    for (let row = from; row < to; row++) {
      if (row > 0 && format === 'json') text += ',\n';
      for (let i = 0; i < keys.length; i++) text += keys[i]! + JSON.stringify(readers[i]!(row));
      text += format === 'ndjson' ? `${end}\n` : end;
    }
    return text;
  };
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
