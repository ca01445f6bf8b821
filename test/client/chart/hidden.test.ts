import { expect, test } from 'vitest';
import { isolate, labelOf, toggleHidden } from '../../../client/chart/hidden.js';
import type { ColorInfo } from '../../../protocol/frame.js';

const color: ColorInfo = {
  kind: 'category',
  column: 'c',
  others: 0,
  categories: [
    { label: 'a', count: 2, role: 'value' },
    { label: 'b', count: 1, role: 'value' },
    { label: '', count: 1, role: 'null' },
  ],
};

test('a click hides a category and shows it again, and the last one cannot be hidden', () => {
  expect(toggleHidden(color, [], 'a')).toEqual(['a']);
  expect(toggleHidden(color, ['b', 'a'], 'b')).toEqual(['a']);
  expect(toggleHidden(color, ['a', null], 'b')).toEqual([]);
});

test('one category alone, and all again', () => {
  expect(isolate(color, ['a'], 'b')).toEqual(['a', null]);
  expect(isolate(color, ['a', null], 'b')).toEqual([]);
  expect(isolate(color, [], null)).toEqual(['a', 'b']);
});

test('rows without a value go by null, whatever their label', () => {
  expect(color.kind === 'category' && color.categories.map(labelOf)).toEqual(['a', 'b', null]);
});
