import { expect, test } from 'vitest';
import type { FigureParts } from '../../../client/chart/figure-parts.js';
import type { Ramp } from '../../../client/chart/picture.js';
import { layBelow, layBeside } from '../../../client/chart/ramp-layout.js';

const RAMP: Ramp = { title: 'rows', min: 1, max: 1000, scale: 'log', tones: ['#000', '#fff'] };

function parts(ramp: Partial<Ramp> | undefined, width = 800, more: object = {}): FigureParts {
  return {
    spec: { labels: { x: 'delay' } },
    picture: { ramp: ramp && { ...RAMP, ...ramp } },
    frame: { width, height: 400, margin: { l: 66, r: 18, t: 14, b: 56 } },
    ...more,
  } as unknown as FigureParts;
}

const sharesOf = (laid: ReturnType<typeof layBeside>): number[] =>
  laid!.numbers.map(({ share }) => Math.round(share * 100) / 100);

test('a ramp is beside the picture or below it, and nowhere where there is none', () => {
  expect(layBeside(parts(undefined))).toBeUndefined();
  expect(layBelow(parts(undefined))).toBeUndefined();
  expect(layBelow(parts({}))).toBeUndefined();
  expect(layBeside(parts({ isBelow: true }))).toBeUndefined();
});

test('beside the picture it has all of its numbers, unless the legend that has the room is not shown', () => {
  const laid = layBeside(parts({}));
  expect(laid).toMatchObject({ title: 'rows (log)', tones: ['#000', '#fff'] });
  expect(laid!.numbers.map(({ text }) => text)).toEqual('1 2 5 10 20 50 100 200 500 1k'.split(' '));
  expect(sharesOf(laid)).toEqual([0, 0.1, 0.23, 0.33, 0.43, 0.57, 0.67, 0.77, 0.9, 1]);
  expect(layBeside(parts({}, 800, { color: {}, withLegend: false }))).toBeUndefined();
  expect(layBeside(parts({}, 800, { color: {}, withLegend: true }))).toBeDefined();
});

test('a ramp of a single value has its number at the high end', () => {
  const laid = layBeside(parts({ min: 7, max: 7, scale: 'linear' }));
  expect(laid!.numbers).toEqual([{ share: 1, text: '7' }]);
});

test('below the picture it loses numbers first, then its title, and goes where there is no room', () => {
  const wide = layBelow(parts({ isBelow: true }));
  expect(wide).toMatchObject({ title: 'rows (log)', length: 180 });
  expect(sharesOf(wide)).toEqual([0, 0.23, 0.43, 0.67, 0.9]);
  const narrow = layBelow(parts({ isBelow: true }, 400));
  expect(narrow!.title).toBeUndefined();
  expect(narrow!.length).toBeLessThan(180);
  expect(layBelow(parts({ isBelow: true }, 220))).toBeUndefined();
  for (let width = 220; width < 900; width += 7) {
    const laid = layBelow(parts({ isBelow: true }, width));
    if (laid === undefined) continue;
    const at = laid.numbers.map(({ share }) => share * laid.length);
    for (let i = 1; i < at.length; i++) expect(at[i]! - at[i - 1]!).toBeGreaterThanOrEqual(29.99);
  }
});
