import { expect, test } from 'vitest';
import { batchMessage } from '../../../workers/arrow/batch-template.js';
import { encodeBatchMessage, type BatchLayout } from '../../../workers/arrow/message.js';

/** A batch of columns of so many buffers each, of numbers that differ. */
function layoutOf(buffersOf: readonly number[], rows: number): BatchLayout {
  const buffers = buffersOf.flatMap((count, column) =>
    Array.from({ length: count }, (_, i) => ({ offset: (column * 9 + i) * rows * 8, length: rows * i })),
  ); // prettier-ignore
  return {
    rows,
    nodes: buffersOf.map((_, column) => ({ rows, nulls: column % 2 })),
    buffers,
    bodyLength: rows * 8 * buffers.length,
  };
}

test('writes the bytes of a message that is built anew', () => {
  for (const shape of [[2], [2, 2], [2, 3], [3, 2], [2, 2, 3, 2]]) {
    for (const rows of [1, 17, 600_000, 2 ** 31, 3 * 2 ** 33 + 5]) {
      const layout = layoutOf(shape, rows);
      expect(batchMessage(layout)).toEqual(encodeBatchMessage(layout));
    }
  }
});

test('leaves out what a message of no rows leaves out', () => {
  const layout = layoutOf([2, 2], 0);
  expect(batchMessage(layout)).toEqual(encodeBatchMessage(layout));
});

test('writes a batch whose values are all null', () => {
  const layout = { rows: 3, nodes: [{ rows: 3, nulls: 3 }], buffers: [], bodyLength: 0 };
  expect(batchMessage(layout)).toEqual(encodeBatchMessage(layout));
});
