import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planColumns, type Digits } from '../../../../server/loader/pulled/postgres/column-plan.js';
import { measureNumeric, writeNumeric } from '../../../../server/loader/pulled/postgres/numeric.js';
import { TupleSlice } from '../../../../server/loader/pulled/postgres/tuple-slice.js';

/** A decimal in PostgreSQL's binary form. */
function numericBytes(whole: string, fraction: string, isNegative: boolean): Uint8Array {
  const left = whole.padStart(Math.ceil(whole.length / 4) * 4, '0');
  const right = fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0');
  const digits = [...(left + right).matchAll(/\d{4}/gu)].map(([four]) => Number(four));
  let weight = left.length / 4 - 1;
  while (digits[0] === 0) {
    digits.shift();
    weight--;
  }
  while (digits.at(-1) === 0) digits.pop();
  const bytes = Buffer.alloc(8 + digits.length * 2);
  bytes.writeInt16BE(digits.length, 0);
  bytes.writeInt16BE(digits.length === 0 ? 0 : weight, 2);
  bytes.writeUInt16BE(isNegative ? 0x4000 : 0, 4);
  bytes.writeInt16BE(fraction.length, 6);
  digits.forEach((digit, i) => bytes.writeInt16BE(digit, 8 + i * 2));
  return bytes;
}

test('decimals of any size are scaled exactly, or said not to fit', () => {
  const digitsOf = (maxLength: number) =>
    fc.stringMatching(new RegExp(`^\\d{0,${maxLength}}$`, 'u'));
  fc.assert(
    fc.property(
      digitsOf(24),
      digitsOf(16),
      fc.boolean(),
      fc.integer({ min: 0, max: 18 }),
      fc.constantFrom(2, 4, 8, 16),
      (whole, fraction, isNegative, scale, width) => {
        const bytes = numericBytes(whole, fraction, isNegative);
        const out = width === 2 ? new Int16Array(2) : new Int32Array((width * 2) / 4);
        const fits = writeNumeric(bytes, 0, scale, width, out, 1);
        const needed = fraction.replace(/0+$/u, '');
        const digits: Digits = { whole: 0, scale: 0 };
        measureNumeric(bytes, 0, digits);
        expect(digits).toEqual({ whole: whole.replace(/^0+/u, '').length, scale: needed.length });
        const size = BigInt(`0${whole}${needed.padEnd(scale, '0')}`);
        const value = isNegative ? -size : size;
        const canFit = needed.length <= scale && BigInt.asIntN(width * 8, value) === value;
        expect(fits).toBe(canFit);
        if (!canFit) return;
        const view = Buffer.from(out.buffer);
        let read = 0n;
        for (let i = width - 1; i >= 0; i--) read = (read << 8n) | BigInt(view[width + i]!);
        expect(BigInt.asIntN(width * 8, read)).toBe(value);
      },
    ),
    { numRuns: 2000 },
  );
});

/** A row of the binary COPY. */
function tuple(fields: readonly (Uint8Array | null)[]): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from([fields.length >> 8, fields.length & 255])];
  for (const field of fields) {
    const length = Buffer.alloc(4);
    length.writeInt32BE(field === null ? -1 : field.length);
    parts.push(length, field ?? Buffer.alloc(0));
  }
  return Buffer.concat(parts);
}

const plan = planColumns(
  [
    { name: 'i', dataTypeID: 23, dataTypeModifier: -1 },
    { name: 't', dataTypeID: 25, dataTypeModifier: -1 },
  ],
  new Set(),
);

test('any part of a slice has its own texts and nulls', () => {
  const slice = new TupleSlice(plan);
  const rows = [
    ['one', 1],
    [null, 2],
    ['three', null],
    ['', 4],
  ] as const;
  for (const [text, number] of rows) {
    const bytes = tuple([
      number === null ? null : Buffer.from([0, 0, 0, number]),
      text === null ? null : Buffer.from(text),
    ]);
    expect(slice.take(bytes, 0, bytes.length)).toBe(false);
  }
  for (let from = 0; from < rows.length; from++) {
    for (let to = from + 1; to <= rows.length; to++) {
      const [numbers, texts] = slice.lanes(from, to) as [
        { data: Uint8Array; valid: Uint8Array },
        { starts: Int32Array; lengths: Int32Array; bytes: Uint8Array; valid: Uint8Array },
      ];
      const read = Array.from({ length: to - from }, (_, i) => [
        texts.valid[i] === 0
          ? null
          : Buffer.from(
              texts.bytes.subarray(texts.starts[i], texts.starts[i]! + texts.lengths[i]!),
            ).toString(),
        numbers.valid[i] === 0 ? null : numbers.data[i * 4],
      ]);
      expect(read).toEqual(rows.slice(from, to));
    }
  }
});

test('rows that do not fit their columns are refused', () => {
  const good = tuple([Buffer.from([0, 0, 0, 1]), Buffer.from('text')]);
  const slice = new TupleSlice(plan);
  const taking =
    (bytes: Uint8Array, end = bytes.length) =>
    () =>
      slice.take(bytes, 0, end);
  for (const bad of [
    tuple([Buffer.from([0, 0, 0, 1])]),
    tuple([Buffer.from([0, 0, 1]), Buffer.from('text')]),
    Buffer.concat([good, Buffer.from([0])]),
  ]) {
    expect(taking(bad)).toThrow('PostgreSQL sent a row that does not fit its columns.');
  }
  expect(taking(good, good.length - 1)).toThrow('does not fit');
  expect(taking(good)).not.toThrow();
});
