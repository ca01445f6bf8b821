import { expect, test } from 'vitest';
import type { Axis } from '../../../client/chart/axis.js';
import { domainOfView, movedView, viewOf } from '../../../client/chart/moved-view.js';
import type { Picture } from '../../../client/chart/picture.js';

const axis: Axis = { kind: 'number', scale: 'linear', zoned: false, unit: 'number' };
const picture: Picture = {
  view: { x: [0, 100], y: [0, 10] },
  axes: { x: axis, y: axis },
  paint: () => {},
  find: () => undefined,
};
const { view } = picture;
const area = { left: 0, top: 0, width: 100, height: 100, pixelWidth: 100, pixelHeight: 100 };

test('a person moves both axes of a scatter, of a line the first alone, and no axis of bars', () => {
  const moved = { x: [20, 60], y: [2, 6] } as const;
  expect(movedView('scatter', view, moved, picture)).toEqual(moved);
  expect(movedView('line', view, moved, picture)).toEqual({ x: [20, 60], y: [0, 10] });
  expect(movedView('bar', view, moved, picture)).toEqual(view);
});

test('an axis of categories stays as it is', () => {
  const category: Axis = { ...axis, kind: 'category', unit: 'category' };
  const named = { ...picture, axes: { x: category, y: axis } };
  const moved = { x: [20, 60], y: [2, 6] } as const;
  expect(movedView('heatmap', view, moved, named)).toEqual({ x: [0, 100], y: [2, 6] });
  expect(domainOfView('heatmap', moved, named, area)).toEqual({ y: [2, 6] });
  // What lists its values may look like times.
  const days = ['2001-01-01', '2001-01-02', '2001-01-03'];
  expect(viewOf({ x: days }, named, view).x).toEqual([-0.5, 2.5]);
});

test('an axis is not moved so far that doubles no longer tell its pixels apart', () => {
  expect(movedView('scatter', view, { x: [5, 5], y: [1, 2] }, picture)).toEqual({
    x: [0, 100],
    y: [1, 2],
  });
  expect(movedView('scatter', view, { x: [-Infinity, Infinity], y: [1, 2] }, picture).x).toEqual([
    0, 100,
  ]);
  // One that is there by a link is moved about and zoomed out of, not into.
  const far = { x: [1e15, 1e15 + 200], y: [0, 10] } as const;
  const to = (x: readonly [number, number]) =>
    movedView('scatter', far, { x, y: [0, 10] }, picture).x;
  expect(to([1e15 + 50, 1e15 + 250])).toEqual([1e15 + 50, 1e15 + 250]);
  expect(to([1e15 - 50, 1e15 + 250])).toEqual([1e15 - 50, 1e15 + 250]);
  expect(to([1e15 + 50, 1e15 + 150])).toEqual(far.x);
});

test('the domain that asks for a view names the axes that may be moved', () => {
  const asked = domainOfView('scatter', { x: [20, 60], y: [2, 6] }, picture, area);
  expect(asked).toEqual({ x: [20, 60], y: [2, 6] });
  expect(Object.keys(domainOfView('histogram', view, picture, area))).toEqual(['x']);
});

test('a domain moves the view at once, and an open axis stays until the answer is there', () => {
  expect(viewOf({ x: [10, 20] }, picture, view)).toEqual({ x: [10, 20], y: [0, 10] });
  expect(viewOf({}, picture, view)).toEqual(view);
});
