import { describe, expect, test } from 'vitest';
import { indexUnit, type IndexPart } from '../../../server/memory/buffers.js';

const part = (own: Partial<IndexPart> = {}): IndexPart => ({
  file: 'segment-0.pyramid-0-1.index',
  column: 0,
  batch: 0,
  ref: { offset: 64, length: 100, crc32: 7 },
  ...own,
});

describe('the unit of a part of an index', () => {
  test('is the same in the snapshot that wrote the segment and in those that took it over', () => {
    const own = indexUnit('/cache/flights/first', part());
    const taken = indexUnit('/cache/flights/second', part({ writtenBy: 'first' }));
    expect(taken.key).toBe(own.key);
  });

  test('is unlike that of another snapshot, file or part', () => {
    const keys = [
      indexUnit('/cache/flights/first', part()),
      indexUnit('/cache/flights/second', part()),
      indexUnit('/cache/flights/first', part({ file: 'segment-1.pyramid-0-1.index' })),
      indexUnit('/cache/flights/first', part({ ref: { offset: 192, length: 100, crc32: 7 } })),
    ].map(({ key }) => key);
    expect(new Set(keys).size).toBe(4);
  });
});
