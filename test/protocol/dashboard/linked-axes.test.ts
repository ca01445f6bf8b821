import { expect, test } from 'vitest';
import { axesLinkedTo, axisOfWords } from '../../../protocol/dashboard/linked-axes.js';

test('an axis is the id of a chart, a dot, and x or y', () => {
  expect(axisOfWords('by-day_2.x')).toEqual({ id: 'by-day_2', axis: 'x' });
  for (const words of ['by-day', 'by-day.z', '.x', 'a.b.x', 'by day.x', 'delays.x ']) {
    expect(axisOfWords(words), words).toBeUndefined();
  }
});

test('the axes linked to one are all others of its list', () => {
  const dashboard = { linkedAxes: [['a.x', 'b.x', 'c.y'], ['a.y', 'b.y']] }; // prettier-ignore
  expect(axesLinkedTo(dashboard, { id: 'b', axis: 'x' })).toEqual([
    { id: 'a', axis: 'x' },
    { id: 'c', axis: 'y' },
  ]);
  expect(axesLinkedTo(dashboard, { id: 'c', axis: 'x' })).toEqual([]);
  expect(axesLinkedTo({}, { id: 'a', axis: 'x' })).toEqual([]);
});
