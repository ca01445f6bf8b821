import { describe, expect, test } from 'vitest';
import { type ColumnSize, openStream } from '../../../workers/arrow/stream.js';
import type { ArrowType } from '../../../workers/arrow/types.js';
import { csvLine } from '../../../workers/text/csv-line.js';
import { writeText } from '../../../workers/text/write-text.js';

interface Column {
  type: ArrowType;
  /** The values as they lie in memory, or texts. */
  values: ArrayBufferView | readonly string[];
  rows: number;
  /** Bits of the rows that are not null. */
  valid?: number;
}

function streamOf(columns: Record<string, Column>): Uint8Array {
  const all = Object.entries(columns);
  const rows = all[0]![1].rows;
  const parts = all.map(([, { type, values, valid }]) => {
    const isText = type.type === 'utf8' || type.type === 'binary';
    const buffers = isText
      ? texts(values as readonly string[])
      : [bytesOf(values as ArrayBufferView)];
    return [...(valid === undefined ? [new Uint8Array(0)] : [Uint8Array.of(valid)]), ...buffers];
  });
  const sizes = parts.map((buffers, i): ColumnSize => {
    const { valid } = all[i]![1];
    const nulls = valid === undefined ? 0 : rows - valid.toString(2).replaceAll('0', '').length;
    return { nulls, buffers: buffers.map(({ length }) => length) };
  });
  const fields = all.map(([name, { type }]) => ({ name, type }));
  const open = openStream(fields, {}, rows, sizes);
  for (const [c, buffers] of parts.entries()) {
    for (const [b, bytes] of buffers.entries()) open.columns[c]![b]!.set(bytes);
  }
  return open.bytes;
}

const bytesOf = (view: ArrayBufferView) =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function texts(values: readonly string[]): Uint8Array[] {
  const offsets = [0];
  for (const value of values) offsets.push(offsets.at(-1)! + Buffer.byteLength(value));
  return [bytesOf(Int32Array.from(offsets)), new Uint8Array(Buffer.from(values.join('')))];
}

const write = (
  columns: Record<string, Column>,
  format: 'csv' | 'json' | 'ndjson',
  limit?: number,
) => {
  const written = writeText({
    bytes: streamOf(columns),
    format,
    ...(limit === undefined ? {} : { limit }),
  });
  return new TextDecoder().decode(written.bytes);
};

/** One column as a list of JSON values. */
const valuesOf = (column: Column): unknown[] =>
  (JSON.parse(`[${write({ x: column }, 'json')}]`) as { x: unknown }[]).map(({ x }) => x);

describe('every value is written exactly', () => {
  const cases: [string, Column, unknown[]][] = [
    ['small integers', { type: { type: 'int', bits: 8, signed: true }, values: Int8Array.of(-128, 0, 127), rows: 3 }, [-128, 0, 127]],
    ['wide integers, as text beyond 2^53', { type: { type: 'int', bits: 64, signed: true }, values: BigInt64Array.of(2n ** 53n - 1n, 2n ** 53n, -(2n ** 63n)), rows: 3 }, [2 ** 53 - 1, '9007199254740992', '-9223372036854775808']],
    ['unsigned integers', { type: { type: 'int', bits: 64, signed: false }, values: BigUint64Array.of(2n ** 64n - 1n), rows: 1 }, ['18446744073709551615']],
    ['doubles', { type: { type: 'float', bits: 64 }, values: Float64Array.of(0.1, -0, Number.NaN, Infinity, -Infinity, 5e-324), rows: 6 }, [0.1, 0, 'NaN', 'Infinity', '-Infinity', 5e-324]],
    ['booleans', { type: { type: 'bool' }, values: Uint8Array.of(0b101), rows: 3 }, [true, false, true]],
    ['decimals', { type: { type: 'decimal', precision: 38, scale: 2 }, values: BigInt64Array.of(-5n, -1n, 12_345n, 0n), rows: 2 }, ['-0.05', '123.45']],
    ['dates', { type: { type: 'date' }, values: Int32Array.of(-1, 0, 11_017), rows: 3 }, ['1969-12-31', '1970-01-01', '2000-03-01']],
    ['naive times', { type: { type: 'timestamp', unit: 'us' }, values: BigInt64Array.of(-1n), rows: 1 }, ['1969-12-31T23:59:59.999999']],
    ['instants in nanoseconds', { type: { type: 'timestamp', unit: 'ns', timeZone: 'UTC' }, values: BigInt64Array.of(1n), rows: 1 }, ['1970-01-01T00:00:00.000000001Z']],
    ['times of day', { type: { type: 'time', unit: 'us' }, values: BigInt64Array.of(86_399_999_999n), rows: 1 }, ['23:59:59.999999']],
    ['texts', { type: { type: 'utf8' }, values: ['', 'ü🎈', '"\n'], rows: 3 }, ['', 'ü🎈', '"\n']],
    ['bytes, in base64', { type: { type: 'binary' }, values: ['hi', ''], rows: 2 }, ['aGk=', '']],
    ['nulls', { type: { type: 'int', bits: 32, signed: true }, values: Int32Array.of(1, 2, 3), rows: 3, valid: 0b101 }, [1, null, 3]],
    ['nulls of texts', { type: { type: 'utf8' }, values: ['a', '', ''], rows: 3, valid: 0b011 }, ['a', '', null]],
  ]; // prettier-ignore

  test.each(cases)('%s', (_name, column, expected) => {
    expect(valuesOf(column)).toEqual(expected);
  });
});

const TWO: Record<string, Column> = {
  n: {
    type: { type: 'int', bits: 32, signed: true },
    values: Int32Array.of(1, 2, 3),
    rows: 3,
    valid: 0b101,
  },
  'te"xt': { type: { type: 'utf8' }, values: ['a,b', '', 'c'], rows: 3, valid: 0b011 },
};

test('lines of CSV tell null from the empty text', () => {
  expect(write(TWO, 'csv')).toBe('1,"a,b"\r\n,""\r\n3,\r\n');
});

test('JSON is one object a row', () => {
  expect(write(TWO, 'ndjson')).toBe(
    '{"n":1,"te\\"xt":"a,b"}\n{"n":null,"te\\"xt":""}\n{"n":3,"te\\"xt":null}\n',
  );
  expect(JSON.parse(`[${write(TWO, 'json')}]`)).toHaveLength(3);
});

test('a limit cuts, and the answer says of how many', () => {
  const { rows, of, names } = writeText({ bytes: streamOf(TWO), format: 'csv', limit: 2 });
  expect({ rows, of, names }).toEqual({ rows: 2, of: 3, names: ['n', 'te"xt'] });
});

test('many rows come out whole, piece by piece', () => {
  const rows = 20_000;
  const column: Column = {
    type: { type: 'int', bits: 32, signed: true },
    values: Int32Array.from({ length: rows }, (_, i) => i),
    rows,
  };
  expect(valuesOf(column)).toEqual(Array.from({ length: rows }, (_, i) => i));
});

test('fields of CSV are quoted where they have to be', () => {
  expect(csvLine(['a', 'b c', 'd"e', 'f\r', '', null, true, 1.5])).toBe(
    'a,b c,"d""e","f\r","",,true,1.5\r\n',
  );
});
