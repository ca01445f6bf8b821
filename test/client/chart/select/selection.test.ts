import { expect, test } from 'vitest';
import type { Axis } from '../../../../client/chart/axis.js';
import {
  filtersOf,
  selectableOf,
  shapeOf,
  type SelectionPlane,
} from '../../../../client/chart/select/selection-filters.js';
import {
  betweenCategories,
  gripAt,
  movedShape,
  WHOLE,
  type Shape,
} from '../../../../client/chart/select/shape.js';
import { simplify } from '../../../../client/chart/select/simplify.js';

const number: Axis = { kind: 'number', scale: 'linear', zoned: false, unit: 'number' };
const time: Axis = { kind: 'time', scale: 'linear', zoned: true, unit: 'ms' };
const plane = (more: Partial<SelectionPlane> = {}): SelectionPlane => ({
  query: { dataset: 'd', mark: 'scatter', x: 'a', y: 'b' },
  axes: { x: number, y: number },
  view: { x: [0, 100], y: [0, 1] },
  area: { width: 1000, height: 500 },
  ...more,
});

test.each<[string, Shape, Partial<SelectionPlane>]>([
  ['a box', { kind: 'box', x: [10, 20.5], y: [0.25, 0.5] }, {}],
  [
    'a lasso',
    {
      kind: 'lasso',
      points: [
        [1, 0],
        [2, 0.5],
        [0, 1],
      ],
    },
    {},
  ],
  [
    'a box on a log axis',
    { kind: 'box', x: [0, 2], y: [0, 1] },
    { axes: { x: { ...number, scale: 'log' }, y: number } },
  ],
  [
    'a band in time',
    { kind: 'band', x: [Date.UTC(2001, 0, 2), Date.UTC(2001, 0, 3, 4)] },
    {
      query: { dataset: 'd', mark: 'line', x: { column: 'at', bin: 'day' }, y: 'b' },
      axes: { x: time, y: number },
      view: { x: [Date.UTC(2001, 0, 1), Date.UTC(2001, 1, 1)], y: [0, 1] },
    },
  ],
  [
    'bars',
    { kind: 'keys', keys: ['x', null, 3] },
    { query: { dataset: 'd', mark: 'bar', x: 'a' } },
  ],
])('%s becomes filters, and those the same shape again', (_, shape, more) => {
  const there = plane(more);
  expect(shapeOf(filtersOf(shape, there), there)).toEqual(shape);
});

test('the ends of a range are values of the column, short enough for an address', () => {
  const box: Shape = { kind: 'box', x: [10.123456789, 20], y: [0.25, 0.5] };
  expect(filtersOf(box, plane())).toEqual([
    { op: 'range', column: 'a', min: 10.123, max: 20 },
    { op: 'range', column: 'b', min: 0.25, max: 0.5 },
  ]);
});

test('a range along one axis of a plane is a box as wide as the picture, which says that range alone', () => {
  const there = plane();
  const wide = [{ op: 'range', column: 'a', min: 10, max: 20 }] as const;
  const high = [{ op: 'range', column: 'b', min: 0.25, max: 0.5 }] as const;
  expect(shapeOf(wide, there)).toMatchObject({ kind: 'box', x: [10, 20], y: [0, 1] });
  expect(shapeOf(high, there)).toMatchObject({ kind: 'box', x: [0, 100], y: [0.25, 0.5] });
  expect(filtersOf(shapeOf(high, there)!, there)).toEqual(high);
  const other = { op: 'range', column: 'c', min: 0, max: 1 } as const;
  expect(shapeOf([...wide, other], there)).toBeUndefined();
  expect(shapeOf([{ op: 'range', column: 'a', min: 10 }], there)).toBeUndefined();
});

test('filters on other columns, or of another kind, mark nothing', () => {
  const filter = { op: 'range', column: 'other', min: 1, max: 2 } as const;
  expect(shapeOf([filter], plane())).toBeUndefined();
  expect(shapeOf([{ op: 'null', column: 'a' }], plane())).toBeUndefined();
  expect(shapeOf([], plane())).toBeUndefined();
});

test('bars over numbers cannot be selected on, and of categories whole cells', () => {
  const query = { dataset: 'd', mark: 'bar', x: { column: 'at', bin: 0.1 } } as const;
  expect(selectableOf(plane({ query }))).toBeUndefined();
  expect(selectableOf(plane({ axes: { x: number, y: category } }))).toBe('cells');
  expect(selectableOf(plane())).toBe('plane');
});

test('the span of a bar of a calendar is marked by its beginning', () => {
  const query = { dataset: 'd', mark: 'bar', x: { column: 'at', bin: 'month' } } as const;
  expect(selectableOf(plane({ query }))).toBe('keys');
  const span = { op: 'range', column: 'at', min: '2026-02-01', max: '2026-03-01' } as const;
  const filters = [{ ...span, maxExclusive: true }];
  const shape = shapeOf(filters, plane({ query }));
  expect(shape).toEqual({ kind: 'keys', keys: ['2026-02-01'], filters });
  expect(filtersOf(shape!, plane({ query }))).toEqual(filters);
});

test('a box is taken by its edges, by its corners or as a whole, and stays within the picture', () => {
  const box: Shape = { kind: 'box', x: [10, 20], y: [0.2, 0.4] };
  expect(gripAt(box, [10.4, 0.3], [0.5, 0.01])).toMatchObject({
    left: true,
    right: false,
    low: false,
  });
  expect(gripAt(box, [20, 0.4], [0.5, 0.01])).toMatchObject({ right: true, high: true });
  expect(gripAt(box, [15, 0.3], [0.5, 0.01])).toEqual(WHOLE);
  expect(gripAt(box, [25, 0.3], [0.5, 0.01])).toBeUndefined();
  const { view } = plane();
  expect(movedShape(box, WHOLE, [95, -0.1], view)).toEqual({
    kind: 'box',
    x: [90, 100],
    y: [expect.closeTo(0.1), expect.closeTo(0.3)],
  });
  const right = gripAt(box, [20, 0.3], [0.5, 0.01])!;
  expect(movedShape(box, right, [-15, 0], view), 'an edge passes the other').toMatchObject({
    x: [5, 10],
  });
});

test('a thinned line stays within the tolerance of every point of its course', () => {
  const course = Array.from({ length: 400 }, (_, i): [number, number] => {
    const angle = i / 40;
    return [100 * Math.cos(angle), 60 * Math.sin(1.7 * angle)];
  });
  const thin = simplify(course, 0.75);
  expect(thin.length).toBeLessThan(course.length / 3);
  expect(thin[0]).toEqual(course[0]);
  expect(thin.at(-1)).toEqual(course.at(-1));
  for (const [px, py] of course) {
    let nearest = Infinity;
    for (let i = 1; i < thin.length; i++) {
      const [ax, ay] = thin[i - 1]!;
      const [bx, by] = thin[i]!;
      for (let step = 0; step <= 200; step++) {
        const share = step / 200;
        const away = Math.hypot(px - ax - share * (bx - ax), py - ay - share * (by - ay));
        nearest = Math.min(nearest, away);
      }
    }
    expect(nearest).toBeLessThan(0.8);
  }
});

const category: Axis = { ...number, kind: 'category', unit: 'category' };
const named = plane({
  query: { dataset: 'd', mark: 'heatmap', x: 'a', y: 'b' },
  axes: { x: category, y: number },
  view: { x: [-0.5, 3.5], y: [0, 100] },
  categories: { x: ['u', 'v', 'w', 'z'] },
});

test('a box over categories lists those that it takes, and is marked anew where they stand by then', () => {
  const box: Shape = { kind: 'box', x: [0.5, 2.5], y: [20, 30] };
  const filters = filtersOf(box, named);
  expect(filters).toEqual([
    { op: 'in', column: 'a', values: ['v', 'w'] },
    { op: 'range', column: 'b', min: 20, max: 30 },
  ]);
  expect(shapeOf(filters, named)).toEqual({ ...box, filters });
  // In another order of rows, or where one of them is gone.
  const moved = shapeOf(filters, { ...named, categories: { x: ['w', 'z', 'u', 'v'] } });
  expect(moved).toEqual({
    kind: 'cells',
    x: [
      [-0.5, 0.5],
      [2.5, 3.5],
    ],
    y: [[20, 30]],
    filters,
  });
  expect(filtersOf(moved!, named)).toEqual(filters);
  const less = shapeOf(filters, { ...named, categories: { x: ['z', 'w'] } });
  expect(less).toMatchObject({ kind: 'box', x: [0.5, 1.5] });
});

test('filters of one axis mark all of the other, and those that are no cells of categories nothing', () => {
  expect(shapeOf([{ op: 'in', column: 'a', values: ['u'] }], named)).toMatchObject({
    kind: 'box',
    x: [-0.5, 0.5],
    y: [0, 100],
  });
  expect(shapeOf([{ op: 'range', column: 'b', min: 5, max: 9 }], named)).toMatchObject({
    x: [-0.5, 3.5],
    y: [5, 9],
  });
  expect(shapeOf([{ op: 'range', column: 'a', min: 'u', max: 'w' }], named)).toBeUndefined();
  expect(shapeOf([{ op: 'in', column: 'b', values: [5] }], named)).toBeUndefined();
  expect(shapeOf([{ op: 'in', column: 'c', values: ['u'] }], named)).toBeUndefined();
  expect(shapeOf([{ op: 'in', column: 'a', values: ['u'], exclude: true }], named)).toBeUndefined();
});

test('a new box takes the categories that it touches, a moved one has its edges between the nearest', () => {
  const snapped = (x: readonly [number, number], isNew: boolean) => {
    const shape = betweenCategories({ kind: 'box', x, y: [20.2, 30.7] }, named, isNew);
    if (shape.kind !== 'box') throw new Error(`Expected a box, got ${shape.kind}.`);
    expect(shape.y).toEqual([20.2, 30.7]);
    return shape.x;
  };
  const edges = [-0.5, 0.5, 1.5, 2.5, 3.5];
  const nearest = (end: number): number => Math.min(...edges.map((edge) => Math.abs(edge - end)));
  for (let i = 0; i <= 40; i++) {
    for (let k = i; k <= 40; k++) {
      const [low, high] = [i / 10 - 0.5, k / 10 - 0.5];
      const touched = [0, 1, 2, 3].filter((at) => at + 0.5 > low && at - 0.5 < high);
      const taken = snapped([low, high], true);
      if (low < high) expect(taken).toEqual([touched[0]! - 0.5, touched.at(-1)! + 0.5]);
      const moved = snapped([low, high], false);
      for (const [from, to] of [taken, moved]) {
        expect(edges).toContain(from);
        expect(edges).toContain(to);
        expect(from).toBeLessThan(to);
      }
      if (high - low > 1) {
        expect(Math.abs(moved[0] - low)).toBeCloseTo(nearest(low), 9);
        expect(Math.abs(moved[1] - high)).toBeCloseTo(nearest(high), 9);
      }
    }
  }
});
