import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextDictionary } from '../../../../server/loader/encode/dictionary.js';
import { narrowest } from '../../../../server/loader/encode/integers.js';
import { Sampler } from '../../../../server/loader/encode/sampler.js';
import {
  extremesOf,
  isAscending,
  toWords,
  valueAt,
} from '../../../../server/loader/encode/words.js';

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

test('gives texts codes in the order they are first seen, like a Map', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('', 'a', 'ab', 'abc', 'abcd', 'abcde', 'ä'));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 2000 }), (texts) => {
      const parts = texts.map((one) => Buffer.from(one));
      const lengths = Int32Array.from(parts, ({ length }) => length);
      let at = 0;
      const starts = lengths.map((length) => (at += length) - length);
      const codes = new Int32Array(texts.length);
      const dictionary = new TextDictionary();
      const arena = new Uint8Array(Buffer.concat(parts));
      dictionary.encode(arena, starts, lengths, undefined, texts.length, codes);
      const hexes = parts.map((part) => part.toString('hex'));
      const map = new Map<string, number>();
      for (const hex of hexes) if (!map.has(hex)) map.set(hex, map.size);
      expect([...codes]).toEqual(hexes.map((hex) => map.get(hex)));
      const { offsets, bytes, size } = dictionary;
      const kept = Array.from({ length: size }, (_, i) =>
        Buffer.from(bytes.subarray(offsets[i], offsets[i + 1])).toString('hex'),
      );
      expect(kept).toEqual([...map.keys()]);
    }),
  );
});

test.each(['int64', 'uint64'] as const)('finds extremes and order of %s as BigInt does', (lane) => {
  const signed = lane === 'int64';
  const value = signed ? fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) : fc.bigInt(0n, 2n ** 64n - 1n);
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), fc.boolean(), (given, sort) => {
      const sorted = given.toSorted(ascending);
      const values = sort ? sorted : given;
      const array = signed ? BigInt64Array.from(values) : BigUint64Array.from(values);
      const words = toWords(lane, new Uint8Array(array.buffer), values.length);
      expect(extremesOf(words)).toEqual({ min: sorted[0], max: sorted.at(-1) });
      expect(isAscending(words)).toBe(values.every((one, i) => i === 0 || one >= values[i - 1]!));
      expect(values.map((_, row) => valueAt(words, row))).toEqual(values);
    }),
  );
});

test('chooses the narrowest integer at every boundary', () => {
  expect(narrowest(0n, 255n)).toBe('uint8');
  expect(narrowest(0n, 256n)).toBe('uint16');
  expect(narrowest(-1n, 127n)).toBe('int8');
  expect(narrowest(-1n, 128n)).toBe('int16');
  expect(narrowest(-(2n ** 31n), 2n ** 31n - 1n)).toBe('int32');
  expect(narrowest(0n, 2n ** 32n)).toBe('int64');
  expect(narrowest(0n, 2n ** 63n)).toBe('uint64');
  expect(narrowest(-1n, 2n ** 63n)).toBe('decimal128');
});

test('samples rows evenly over any batches, and never too many', () => {
  const sampler = new Sampler(1000);
  let rows: number[] = [];
  let seen = 0;
  for (const size of [10, 700, 5000, 100_000, 3]) {
    const { sample, kept } = sampler.next(size);
    const before = rows;
    if (kept !== undefined) rows = Array.from(kept, (i) => before[i]!);
    rows.push(...Array.from(sample, (row) => seen + row));
    seen += size;
    expect(rows.length).toBeLessThanOrEqual(1000);
  }
  expect(rows.length).toBeGreaterThan(400);
  expect(Math.abs(rows[rows.length >> 1]! / seen - 0.5)).toBeLessThan(0.02);
});
