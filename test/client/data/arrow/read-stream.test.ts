import { tableFromArrays as flechetteTable, tableToIPC as flechetteBytes } from '@uwdata/flechette';
import {
  Dictionary,
  Int16,
  Table,
  Utf8,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
  type Vector,
} from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { isValid, valueAt, type Column } from '../../../../client/data/arrow/column.js';
import { readStream } from '../../../../client/data/arrow/read-stream.js';
import { createEngine } from '../../../../server/engine/create-engine.js';
import { inlinePool } from '../../../helpers/inline-pool.js';
import { memorySnapshot } from '../../../helpers/memory-snapshot.js';
import { testColumn, TEST_KINDS } from '../../../helpers/test-columns.js';

const FEW_KINDS = ['word', 'decimal', 'flag', 'micro', 'cents'];

/** A table of rows of these kinds of columns, as the server sends it. */
async function rowsOf(kinds: readonly string[], rows: number, limit = rows): Promise<Uint8Array> {
  const columns = kinds.map((kind, i) => testColumn(kind, rows, { seed: i, nullEvery: 7 }));
  const { store, snapshot } = memorySnapshot(columns, 128);
  const engine = createEngine({ store, pool: inlinePool(2) });
  const frame = await engine.frame(snapshot, { dataset: 'test', mark: 'rows', limit });
  return frame.bytes;
}

/** What apache-arrow reads, with the numbers of times and decimals as they are stored. */
function expectAlike(column: Column, vector: Vector): void {
  const [data] = vector.data;
  expect([column.length, column.nullCount]).toEqual([vector.length, vector.nullCount]);
  for (let row = 0; row < column.length; row++) {
    expect(isValid(column, row)).toBe(vector.isValid(row));
    const { type } = column.type;
    if (!isValid(column, row)) expect(valueAt(column, row)).toBeNull();
    else if (['utf8', 'binary', 'bool', 'int', 'float'].includes(type)) {
      expect(valueAt(column, row)).toEqual(vector.get(row));
    } else if (type === 'decimal') {
      expect([...(column.values as Uint32Array).subarray(row * 4, row * 4 + 4)]).toEqual([
        ...(data!.values as Uint32Array).subarray(row * 4, row * 4 + 4),
      ]);
    } else expect(valueAt(column, row)).toBe((data!.values as Int32Array)[row]);
  }
}

describe('the reader of frames', () => {
  test.each([0, 1, 7, 300])('reads what apache-arrow reads in %i rows', async (rows) => {
    const bytes = await rowsOf(TEST_KINDS, 300, rows);
    const table = tableFromIPC(bytes);
    const read = readStream(bytes);
    expect(read.length).toBe(rows);
    expect(read.metadata).toEqual(table.schema.metadata);
    expect(read.columns.map(({ name }) => name)).toEqual([...TEST_KINDS, 'row']);
    for (const [i, column] of read.columns.entries()) expectAlike(column, table.getChildAt(i)!);
  });

  test('copies nothing, but where the bytes do not lie at a multiple of eight', async () => {
    const bytes = await rowsOf(TEST_KINDS, 300);
    for (const { values, offsets, validity } of readStream(bytes).columns) {
      expect(values.buffer).toBe(bytes.buffer);
      if (offsets !== null) expect(offsets.buffer).toBe(bytes.buffer);
      if (validity !== null) expect(validity.buffer).toBe(bytes.buffer);
    }
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(readStream(shifted.subarray(3))).toEqual(readStream(bytes));
  });

  test('reads the streams of other writers', () => {
    const words = ['x', null, 'y', 'x'];
    const table = new Table({
      word: vectorFromArray(words, new Dictionary(new Utf8(), new Int16())),
      flag: vectorFromArray([true, false, null, true]),
      text: vectorFromArray(['', 'ü', null, '🛫']),
    });
    const { columns } = readStream(tableToIPC(table, 'stream'));
    const values = columns.map((column) => words.map((_, row) => valueAt(column, row)));
    expect(values).toEqual([words, [true, false, null, true], ['', 'ü', null, '🛫']]);
    const numbers = { n: [1.5, -2, 3], s: ['a', 'b', 'a'], t: [new Date(0), null, new Date(5)] };
    const [n, s, t] = readStream(flechetteBytes(flechetteTable(numbers), { format: 'stream' })!)
      .columns as [Column, Column, Column];
    expect([0, 1, 2].map((row) => valueAt(n, row))).toEqual([1.5, -2, 3]);
    expect([0, 1, 2].map((row) => valueAt(s, row))).toEqual(['a', 'b', 'a']);
    expect([0, 1, 2].map((row) => valueAt(t, row))).toEqual([0n, null, 5n]);
    expect(t.type).toEqual({ type: 'timestamp', unit: 'ms' });
  });

  test('says of a stream that ends too soon that it was cut off, wherever that is', async () => {
    const bytes = await rowsOf(FEW_KINDS, 9);
    const whole = bytes.length - 8;
    for (let length = 0; length < whole; length++) {
      expect(() => readStream(bytes.slice(0, length))).toThrow('The answer was cut off');
    }
    expect(readStream(bytes.slice(0, whole))).toEqual(readStream(bytes));
  });

  test('reads damaged streams, or says that they are, and never anything else', async () => {
    const bytes = await rowsOf(FEW_KINDS, 3);
    for (let at = 0; at < bytes.length; at++) {
      for (const bits of [0x01, 0xff]) {
        const damaged = bytes.slice();
        damaged[at]! ^= bits;
        try {
          const { columns } = readStream(damaged);
          for (const column of columns) valueAt(column, 0);
        } catch (error) {
          expect(error).toHaveProperty(
            'message',
            expect.stringMatching(/^(The answer|Column|Dictionary|The labels)/),
          );
        }
      }
    }
  });

  test('refuses what is no Arrow at all, and what no frame holds', () => {
    const html = new TextEncoder().encode('<!doctype html><title>Sign in</title>');
    expect(() => readStream(html)).toThrow('The answer is no Arrow stream.');
    const days = flechetteBytes(flechetteTable({ lists: [[1], [2]] }), { format: 'stream' })!;
    expect(() => readStream(days)).toThrow('Column "lists" has an Arrow type that no frame has.');
  });
});
