import { expect, test } from 'vitest';
import { packParts, unpackParts, type TilesPart } from '../../../workers/tiles/parts.js';

test('parts are the same once they are unpacked, beyond 2^31 rows and bytes too, and where nothing is in reach', () => {
  const parts: TilesPart[] = [
    { batch: 0, firstRow: 0, slab: 0, offset: 64, reach: reach(0, 16_383, 5, 5) },
    { batch: 4096, firstRow: 2 ** 32, slab: 3, offset: 2 ** 33, reach: reach(0, -1, 7, 9) },
  ];
  expect(unpackParts(packParts(parts))).toEqual(parts);
  expect(unpackParts(packParts([]))).toEqual([]);
});

function reach(left: number, right: number, bottom: number, top: number): TilesPart['reach'] {
  return { x: { low: left, high: right }, y: { low: bottom, high: top } };
}
