import { expect, test } from 'vitest';
import { legendClicks, type LegendClick } from '../../../client/chart/legend-clicks.js';
import type { PlotlyTrace } from '../../../client/chart/plotly.js';
import type { ColorInfo } from '../../../protocol/frame.js';

const COLOR: ColorInfo = {
  kind: 'category',
  column: 'c',
  others: 0,
  categories: ['a', 'b', 'c'].map((label) => ({ label, count: 1, role: 'value' })),
};
// The first trace is none of the legend's.
const DATA = [[], ['a'], ['b'], [null]].map((meta) => ({ meta })) as unknown as PlotlyTrace[];

function start() {
  let hidden: readonly (string | null)[] = [];
  const listener = legendClicks((hide) => (hidden = hide(COLOR, hidden)));
  return (curveNumber: number, timeStamp: number) => {
    const click: LegendClick = { curveNumber, data: DATA, event: { timeStamp } };
    expect(listener(click)).toBe(false);
    return hidden;
  };
}

test('one click hides a category or shows it again', () => {
  const click = start();
  expect(click(1, 1000)).toEqual(['a']);
  expect(click(2, 1100)).toEqual(['a', 'b']);
  expect(click(1, 1200)).toEqual(['b']);
  expect(click(1, 1600)).toEqual(['b', 'a']);
});

test('a second click soon after the first shows a category alone, and the third is a first one again', () => {
  const click = start();
  click(1, 1000);
  expect(click(1, 1399)).toEqual(['b', 'c']);
  expect(click(1, 1500)).toEqual([]);
});

test('what is no entry of the legend hides nothing', () => {
  expect(start()(0, 1000)).toEqual([]);
});
