import {
  Binary,
  DateDay,
  Decimal,
  Dictionary,
  Int32,
  Int64,
  RecordBatchStreamWriter,
  Table,
  TimeMicrosecond,
  TimestampNanosecond,
  TimestampSecond,
  Utf8,
  makeData,
  makeVector,
  vectorFromArray,
  type Vector,
} from 'apache-arrow';
import { expect, test } from 'vitest';
import { readStream } from '../../../client/data/arrow/read-stream.js';
import { cellReader } from '../../../client/data/cell-text.js';

/** The texts of a column after a trip over the wire. */
function texts(vector: Vector): (string | null)[] {
  const bytes = RecordBatchStreamWriter.writeAll(new Table({ c: vector })).toUint8Array(true);
  const column = readStream(bytes).columns[0]!;
  const read = cellReader(column);
  return Array.from({ length: column.length }, (_, i) => read(i));
}

test('integers keep every digit', () => {
  expect(texts(vectorFromArray([1, null, -7], new Int32()))).toEqual(['1', null, '-7']);
  expect(texts(vectorFromArray([9007199254740993n, -1n], new Int64()))).toEqual([
    '9007199254740993',
    '-1',
  ]);
});

test('floats are as short as they read back the same', () => {
  expect(texts(makeVector(new Float32Array([0.1, 16777216, NaN])))).toEqual([
    '0.1',
    '16777216',
    'NaN',
  ]);
  expect(texts(makeVector(new Float64Array([0.1, -0, 1e300, -Infinity])))).toEqual([
    '0.1',
    '0',
    '1e+300',
    '-Infinity',
  ]);
});

test('times keep their nanoseconds, also before 1970, and say whether they are instants', () => {
  const nanos = makeVector(
    makeData({
      type: new TimestampNanosecond(),
      data: new BigInt64Array([1_600_000_000_123_456_789n, -1n, 0n]),
    }),
  );
  expect(texts(nanos)).toEqual([
    '2020-09-13 12:26:40.123456789',
    '1969-12-31 23:59:59.999999999',
    '1970-01-01 00:00:00',
  ]);
  const zoned = makeVector(
    makeData({ type: new TimestampSecond('UTC'), data: new BigInt64Array([978_307_200n]) }),
  );
  expect(texts(zoned)).toEqual(['2001-01-01 00:00:00Z']);
  const clock = makeVector(
    makeData({
      type: new TimeMicrosecond(),
      data: new BigInt64Array([3_600_000_000n * 13n + 500_000n]),
    }),
  );
  expect(texts(clock)).toEqual(['13:00:00.5']);
  const days = makeVector(makeData({ type: new DateDay(), data: new Int32Array([0, -1, 11_323]) }));
  expect(texts(days)).toEqual(['1970-01-01', '1969-12-31', '2001-01-01']);
});

test('decimals have their point, whatever their sign and size', () => {
  const type = new Decimal(2, 38, 128);
  const words = [1999n, -5n, 10n ** 30n].flatMap((value) =>
    [0n, 32n, 64n, 96n].map((shift) => Number((BigInt.asUintN(128, value) >> shift) & 0xffffffffn)),
  );
  const decimals = makeVector(makeData({ type, data: new Uint32Array(words), length: 3 }));
  expect(texts(decimals)).toEqual(['19.99', '-0.05', `1${'0'.repeat(28)}.00`]);
});

test('text, booleans, bytes and dictionaries are read, and nulls stay apart from empty text', () => {
  expect(texts(vectorFromArray(['a', '', null, 'ü'], new Utf8()))).toEqual(['a', '', null, 'ü']);
  // A sign that some files begin with is part of a value that begins with it.
  expect(texts(vectorFromArray(['\ufeffa', '\ufeff'], new Utf8()))).toEqual(['\ufeffa', '\ufeff']);
  expect(texts(vectorFromArray([true, false, null]))).toEqual(['true', 'false', null]);
  expect(texts(vectorFromArray([new Uint8Array([0, 255])], new Binary()))).toEqual(['0x00ff']);
  expect(
    texts(vectorFromArray(['x', 'y', null, 'x'], new Dictionary(new Utf8(), new Int32()))),
  ).toEqual(['x', 'y', null, 'x']);
});

test('an empty column has no cells', () => {
  expect(texts(vectorFromArray([], new Int32()))).toEqual([]);
});
