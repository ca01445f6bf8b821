import { expect, test } from 'vitest';
import { buffersOf } from '../../workers/buffers-of.js';

test('finds every buffer of nested results once', () => {
  const [a, b, c] = [new Float64Array(4), new Uint32Array(4), new ArrayBuffer(8)];
  const partials = [
    { seen: 1, layers: [{ counts: b, aggregate: { op: 'quantile', values: a } }], ids: [1, 2] },
    { again: a.subarray(1), bare: c, nothing: null, text: 'x' },
  ];
  expect(new Set(buffersOf({ matched: 3, partial: partials }))).toEqual(
    new Set([a.buffer, b.buffer, c]),
  );
});

test('leaves shared memory and empty arrays where they are', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(16));
  expect(buffersOf([shared, new Uint32Array(0), 'x', undefined])).toEqual([]);
});
