import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArrowFault } from '../../../../server/loader/arrow/arrow-fault.js';
import { unpackLz4 } from '../../../../server/loader/arrow/lz4.js';

/** A frame around blocks, with the flags given; checksums are left zero. */
function frame(
  blocks: readonly { bytes: readonly number[]; raw?: boolean }[],
  flags = 0x60,
): Uint8Array {
  const parts = blocks.flatMap(({ bytes, raw = false }) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(raw ? bytes.length + 2 ** 31 : bytes.length);
    return [size, Buffer.from(bytes), Buffer.alloc((flags & 0x10) === 0 ? 0 : 4)];
  });
  const head = Buffer.from([0x04, 0x22, 0x4d, 0x18, flags, 0x40]);
  const sized = Buffer.alloc(((flags & 0x08) === 0 ? 0 : 8) + 1);
  return Buffer.concat([head, sized, ...parts, Buffer.alloc(4)]);
}
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const codes = (letters: string): number[] => [...Buffer.from(letters, 'latin1')];

test('copies literals and matches, also those that overlap themselves', () => {
  // "ab", then 6 bytes from 2 back: "ababab"; then "z" alone.
  const packed = frame([{ bytes: [0x22, ...codes('ab'), 2, 0, 0x10, ...codes('z')] }]);
  expect(text(unpackLz4(packed, 9))).toBe('ababababz');
});

test('follows lengths beyond 15 and beyond 255', () => {
  const literals = 'x'.repeat(15 + 255 + 3);
  const packed = frame([
    { bytes: [0xff, 255, 3, ...codes(literals), 1, 0, 255, 10, 0x10, ...codes('!')] },
  ]);
  expect(text(unpackLz4(packed, 558))).toBe(`${'x'.repeat(273 + 19 + 255 + 10)}!`);
});

test('takes blocks that are not packed, checksums, and matches into the block before', () => {
  const packed = frame(
    [{ bytes: codes('hello '), raw: true }, { bytes: [0x01, 6, 0, 0x10, ...codes('!')] }],
    0x5c,
  );
  expect(text(unpackLz4(packed, 12))).toBe('hello hello!');
});

test('refuses a frame whose length is another than was said, and matches before its beginning', () => {
  const packed = frame([{ bytes: [0x10, ...codes('a')] }]);
  expect(() => unpackLz4(packed, 2)).toThrow(ArrowFault);
  expect(() => unpackLz4(packed, 0)).toThrow(ArrowFault);
  expect(() => unpackLz4(frame([{ bytes: [0x10, 97, 2, 0] }]), 5)).toThrow(ArrowFault);
  expect(() => unpackLz4(frame([{ bytes: [0x10, 97, 0, 0] }]), 5)).toThrow(ArrowFault);
});

test('gives the bytes or a fault for any bytes at all, and ends', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.integer({ min: 0, max: 300 }),
      (bytes, length) => {
        try {
          expect(unpackLz4(frame([{ bytes: [...bytes] }]), length).length).toBe(length);
        } catch (error) {
          expect(error).toBeInstanceOf(ArrowFault);
        }
      },
    ),
    { numRuns: 2000, seed: 1 },
  );
});
