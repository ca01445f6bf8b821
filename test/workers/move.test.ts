import { transferableSymbol, valueSymbol } from 'piscina';
import { expect, test } from 'vitest';
import { moved } from '../../workers/move.js';

test('moves the buffers of a large result', () => {
  const result = { bytes: new Uint8Array(2 ** 16), deep: { counts: new Uint32Array(4) } };
  const handed = moved(result) as unknown as Record<symbol, unknown>;
  expect(handed[transferableSymbol]).toEqual([result.bytes.buffer, result.deep.counts.buffer]);
  expect(handed[valueSymbol]).toBe(result);
});

test('leaves a small result to be copied', () => {
  const result = { bytes: new Uint8Array(100) };
  expect(moved(result)).toBe(result);
});

test('counts all of a buffer of which a little is shown', () => {
  const result = { bytes: new Uint8Array(new ArrayBuffer(2 ** 20), 0, 8) };
  expect(moved(result)).not.toBe(result);
});
