import { tableFromIPC } from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import { answerBox, answerBrush, brushAnswer } from '../../../../client/cube/answer-brush.js';
import { brushFilters } from '../../../../protocol/brush.js';
import { linearCell } from '../../../../protocol/cells.js';
import type { ActiveView } from '../../../../protocol/cube.js';
import type { Filter, Query } from '../../../../protocol/query.js';
import type { Frame } from '../../../../server/engine/engine.js';
import { cubesOf } from '../../../helpers/cube-of.js';
import { memorySnapshot } from '../../../helpers/memory-snapshot.js';
import { testColumn } from '../../../helpers/test-columns.js';

const ROWS = 400;
const SMALL_BATCH = 128;
/** Without 'other' under any brush: all values keep a color. */
const TOP = 256;

const KINDS = [
  'cents',
  'odd',
  'int16',
  'decimal',
  'decimal128',
  'int64',
  'day',
  'micro',
  'nano',
  'clock',
  'word',
  'text',
  'flag',
  'int8',
  'float32',
];
const COLUMNS = KINDS.map((kind, i) => testColumn(kind, ROWS, { seed: i + 1, nullEvery: 9 }));
const TABLE = memorySnapshot(COLUMNS, SMALL_BATCH);

const VIEWS: Record<string, Partial<Query>> = {
  'a histogram': { mark: 'histogram', x: 'decimal', bins: 7 },
  'a histogram of odd numbers': { mark: 'histogram', x: 'odd', bins: 5, domain: { x: [0, 50] } },
  'a histogram on a log axis': { mark: 'histogram', x: 'cents', bins: 6, scale: { x: 'log' } },
  'a histogram of days': { mark: 'histogram', x: 'day' },
  'a histogram with series': { mark: 'histogram', x: 'int8', bins: 4, color: 'word', top: TOP },
  'a bar of words': { mark: 'bar', x: 'word' },
  'a bar of texts that is cut off': { mark: 'bar', x: 'text', limit: 20 },
  'a bar of booleans with series': { mark: 'bar', x: 'flag', color: 'word', top: TOP },
  'a bar of small integers': { mark: 'bar', x: 'int8', limit: 12, sort: [{ column: 'key' }] },
  'a bar of doubles': {
    mark: 'bar',
    x: 'odd',
    limit: 30,
    aggregate: { op: 'sum', column: 'int16' },
  },
  'a bar of large integers': { mark: 'bar', x: 'int64', limit: 3000 },
  'a bar of decimals': { mark: 'bar', x: 'decimal128', limit: 3000 },
  'a bar of months': { mark: 'bar', x: { column: 'day', bin: 'month' }, limit: 3000 },
  'a bar of widths': { mark: 'bar', x: { column: 'cents', bin: 12.5 }, limit: 3000 },
  'a bar of sums of two columns': {
    mark: 'bar',
    x: 'word',
    y: ['int16', 'int8'],
    aggregate: { op: 'sum' },
  },
  'a bar of means': { mark: 'bar', x: 'word', aggregate: { op: 'mean', column: 'decimal' } },
  'a bar of the number of values': {
    mark: 'bar',
    x: 'flag',
    aggregate: { op: 'count', column: 'odd' },
  },
  'a bar of sums of odd numbers': {
    mark: 'bar',
    x: 'word',
    aggregate: { op: 'sum', column: 'odd' },
  },
  'a bar of means of 64-bit integers': {
    mark: 'bar',
    x: 'flag',
    aggregate: { op: 'mean', column: 'int64' },
  },
  'a line over months': {
    mark: 'line',
    x: { column: 'micro', bin: 'year' },
    y: 'cents',
    aggregate: { op: 'mean' },
  },
  'a line of two columns': {
    mark: 'line',
    x: { column: 'int16', bin: 500 },
    y: ['odd', 'cents'],
    aggregate: { op: 'sum' },
  },
  'a line with series': {
    mark: 'line',
    x: { column: 'int16', bin: 900 },
    y: 'cents',
    aggregate: { op: 'sum' },
    color: 'flag',
    top: TOP,
  },
  'a heatmap': { mark: 'heatmap', x: 'cents', y: 'day', cells: { x: 6, y: 4 } },
  'a heatmap of categories': {
    mark: 'heatmap',
    x: 'word',
    y: 'decimal',
    cells: { x: 50, y: 3 },
    aggregate: { op: 'mean', column: 'float32' },
  },
  'a heatmap on log axes': {
    mark: 'heatmap',
    x: 'cents',
    y: 'float32',
    cells: { x: 5, y: 5 },
    scale: { x: 'log', y: 'log' },
  },
  'a density': { mark: 'scatter', method: 'density', x: 'cents', y: 'nano', width: 6, height: 5 },
  'a sparse density': {
    mark: 'scatter',
    method: 'density',
    x: 'cents',
    y: 'int16',
    width: 300,
    height: 200,
  },
  'a value': { mark: 'value' },
  'a sum': { mark: 'value', aggregate: { op: 'sum', column: 'decimal' } },
};
const EXTREMES: Record<string, Partial<Query>> = {
  'a least value': { mark: 'value', aggregate: { op: 'min', column: 'odd' } },
  'greatest values': { mark: 'bar', x: 'word', aggregate: { op: 'max', column: 'decimal' } },
  'least values of cells': {
    mark: 'heatmap',
    x: 'cents',
    y: 'day',
    cells: { x: 3, y: 3 },
    aggregate: { op: 'min', column: 'int64' },
  },
};

/** What a row of a frame stands for, and its numbers. */
function marksOf({
  bytes,
}: Pick<Frame, 'bytes'>): Map<string, { count: number; value: number | null }> {
  const table = tableFromIPC(bytes, { useBigInt: true });
  const names = table.schema.fields
    .map(({ name }) => name)
    .filter((name) => name !== 'count' && name !== 'value');
  const columns = names.map((name) => [...(table.getChild(name).toArray() as Iterable<unknown>)]);
  const counts = [...(table.getChild('count').toArray() as Iterable<number>)];
  const hasValue = table.schema.fields.some(({ name }) => name === 'value');
  const values = hasValue
    ? [...(table.getChild('value').toArray() as Iterable<number | null>)]
    : counts;
  return new Map(
    counts.map((count, i) => {
      const key = names.length === 0 ? [i] : columns.map((column) => column[i]);
      return [JSON.stringify(key, writeWide), { count, value: values[i]! }];
    }),
  );
}

const writeWide = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' || Number.isNaN(value) ? String(value) : value;

/** The frame of a query with the brush as a filter, over the very bins of the frame without one. */
function underBrush(
  query: Query,
  { metadata }: Frame,
  brush: Filter[],
  keys: Map<string, unknown>,
): Query {
  const { domain } = metadata;
  const isBinnedBar = query.mark === 'bar' && typeof query.x === 'object';
  return {
    ...query,
    ...(domain && { domain }),
    ...(query.mark === 'bar' && { limit: isBinnedBar ? 10_000 : keys.size }),
    filters: [...(query.filters ?? []), ...brush],
  };
}

/** `long` is the longest sum of the cube: what a pair of doubles loses of it, a short difference lacks. */
function expectSame(found: number, wanted: number | null, long: number, name: string): void {
  if (wanted === null) expect(found, name).toBeNaN();
  else if (Number.isInteger(wanted) || !Number.isFinite(wanted)) expect(found, name).toBe(wanted);
  else {
    const most = 1e-15 * Math.abs(wanted) + long * 2 ** -100;
    expect(Math.abs(found - wanted), name).toBeLessThanOrEqual(most);
  }
}

async function expectEveryBrush(
  active: ActiveView,
  views: Record<string, Partial<Query>>,
  filters: Filter[] = [],
  step = 1,
): Promise<void> {
  const names = Object.keys(views);
  const made = await cubesOf(TABLE, active, Object.values(views), { filters });
  for (const [i, cube] of made.read.entries()) {
    const [query, frame] = [made.queries[i]!, made.frames[i]!];
    const marks = marksOf(frame);
    const keys = [...marks.keys()];
    const { info, metadata } = cube;
    expect(metadata).toMatchObject({ mark: query.mark, rows: frame.metadata.rows });
    expect(info.bins, names[i]).toBe(keys.length);
    expect(info.rows.matched, names[i]).toBe(frame.metadata.rows.matched);
    const out = brushAnswer(cube);
    const long = cube.sums?.reduce((most, sum) => Math.max(most, Math.abs(sum)), 0) ?? 0;
    for (const [x, y] of brushesOf(info.active, step)) {
      const answer =
        y === undefined ? answerBrush(cube, ...x, out) : answerBox(cube, { x, y }, out);
      expect(answer).toBe(out);
      const brush = brushFilters(info.active, x, y);
      const asked = underBrush(query, frame, brush, marks);
      const direct = await made.engine.frame(TABLE.snapshot, asked);
      const wanted = marksOf(direct);
      const title = `${names[i]}, brush ${JSON.stringify([x, y])}`;
      for (const [k, key] of keys.entries()) {
        const mark = wanted.get(key);
        expect(answer.counts[k], `${title}, ${key}`).toBe(mark?.count ?? 0);
        if (answer.values === null) continue;
        const isCount = info.op === 'count';
        const value = mark === undefined || mark.count === 0 ? (isCount ? 0 : null) : mark.value;
        expectSame(answer.values[k]!, value, long, `${title}, ${key}`);
      }
      const { matched, drawn, outside, dropped } = direct.metadata.rows;
      expect(answer.rows.matched, title).toBe(matched);
      expect(answer.rows, title).toEqual({ matched, drawn, outside, dropped });
    }
  }
}

function* brushesOf(
  { width, height }: { width: number; height?: number },
  step: number,
): Generator<[[number, number], [number, number]?]> {
  for (let a = 0; a <= width; a += step) {
    for (let b = a; b <= width; b += step) {
      if (height === undefined) yield [[a, b]];
      else {
        for (let c = 0; c <= height; c += step) {
          for (let d = c; d <= height; d += step)
            yield [
              [a, b],
              [c, d],
            ];
        }
      }
    }
  }
}

const ACTIVES: Record<string, ActiveView> = {
  'two-decimal numbers': { x: 'cents', width: 7 },
  'numbers with NaN and infinities': { x: 'odd', width: 5, domain: { x: [-1.5, 100] } },
  'a log axis': { x: 'cents', width: 6, scale: { x: 'log' } },
  integers: { x: 'int16', width: 9, domain: { x: [-1000, 1500] } },
  decimals: { x: 'decimal', width: 7 },
  days: { x: 'day', width: 6 },
  instants: { x: 'micro', width: 5 },
  nanoseconds: { x: 'nano', width: 4 },
  'times of day': { x: 'clock', width: 4 },
};

describe('a brush is answered as a frame with the brush as a filter', () => {
  const some = ['a histogram', 'a bar of words', 'a bar of means'];
  test.each(Object.keys(ACTIVES))('along %s', async (name) => {
    const views = Object.fromEntries(some.map((view) => [view, VIEWS[view]!]));
    await expectEveryBrush(ACTIVES[name]!, views);
  });

  test.each(Object.keys({ ...VIEWS, ...EXTREMES }))('in %s', async (name) => {
    const view = { ...VIEWS, ...EXTREMES }[name]!;
    await expectEveryBrush({ x: 'cents', width: 5, domain: { x: [10, 90] } }, { [name]: view });
  });

  test.each(Object.keys(VIEWS))('with two axes, in %s', async (name) => {
    const active = { x: 'cents', y: 'day', cells: { x: 2, y: 2 } };
    await expectEveryBrush(active, { [name]: VIEWS[name]! });
  });

  const own: Record<string, Filter> = {
    words: { op: 'in', column: 'word', values: ['a', 'air', null] },
    range: { op: 'range', column: 'int16', min: -500, max: 1200 },
    lasso: {
      op: 'polygon',
      x: 'cents',
      y: 'float32',
      points: [
        [0, 0],
        [90, 20],
        [60, 120],
      ],
    },
    text: { op: 'not', filter: { op: 'contains', column: 'text', text: 'a' } },
  };

  test('where every view has filters of its own beside those of all', async () => {
    const { words, range, lasso, text } = own;
    const views: Record<string, Partial<Query>> = {
      'without the words': { ...VIEWS['a bar of words'], filters: [range!, lasso!] },
      'without the range': { ...VIEWS['a histogram'], filters: [words!, lasso!] },
      'without the lasso': { ...VIEWS['a heatmap'], filters: [words!, range!] },
      'without any': { ...VIEWS['a bar of means'] },
      'by the same as another': { ...VIEWS['a sum'], filters: [words!, range!] },
    };
    await expectEveryBrush({ x: 'cents', width: 6 }, views, [text!]);
    await expectEveryBrush({ x: 'nano', width: 6 }, views, []);
  });

  test('where no row passes the filters of a view, or of all', async () => {
    const nothing: Filter = { op: 'in', column: 'word', values: [] };
    const views = ['a histogram', 'a bar of words', 'a heatmap', 'a density', 'a value', 'a sum'];
    const empty = Object.fromEntries(
      [...views, 'a bar of months', 'a line over months'].map((name) => [
        name,
        { ...VIEWS[name]!, filters: [nothing] },
      ]),
    );
    const active = { x: 'cents', width: 4 };
    await expectEveryBrush(active, { ...empty, 'a sum beside': VIEWS['a sum']! });
    await expectEveryBrush(
      active,
      { 'a sum': VIEWS['a sum']!, 'a bar': VIEWS['a bar of words']! },
      [nothing],
    );
  });
});

test('rows of "other" and of null have bins of their own', async () => {
  const active: ActiveView = { x: 'cents', width: 5, domain: { x: [0, 100] } };
  const view: Partial<Query> = { mark: 'bar', x: 'flag', color: 'word', top: 2 };
  const { frames, read } = await cubesOf(TABLE, active, [view]);
  const table = tableFromIPC(frames[0]!.bytes);
  const keys = [...(table.getChild('key').toArray() as Iterable<boolean | null>)];
  const series = [...(table.getChild('series').toArray() as Iterable<string | null>)];
  const kept = new Set(series.filter((label) => label !== null && !label.startsWith('other')));
  expect(kept.size).toBe(2);
  const [cents, flag, word] = ['cents', 'flag', 'word'].map(
    (name) => COLUMNS.find((column) => column.name === name)!.values,
  );
  for (const [[a, b]] of brushesOf({ width: 5 }, 1)) {
    const { counts } = answerBrush(read[0]!, a, b);
    for (const [k, key] of keys.entries()) {
      let wanted = 0;
      for (let row = 0; row < ROWS; row++) {
        const cell = cents![row] === null ? -1 : linearCell(Number(cents![row]), 0, 100, 5);
        if (cell < a || cell >= b) continue;
        const own = word![row] as string | null;
        const label = own === null || kept.has(own) ? own : 'rest';
        const shown = series[k] === null || kept.has(series[k]!) ? series[k] : 'rest';
        const isKey = flag![row] === null ? key === null : Boolean(flag![row]) === key;
        if (isKey && label === shown) wanted++;
      }
      expect(counts[k]).toBe(wanted);
    }
  }
});

test('the bytes of a cube do not depend on the number of threads', async () => {
  const active = { x: 'cents', width: 40 };
  const views = [
    'a histogram',
    'a bar of sums of odd numbers',
    'a line over months',
    'a heatmap of categories',
  ];
  const asked = views.map((name) => VIEWS[name]!);
  const [one, ...others] = await Promise.all(
    [1, 2, 5].map(async (threads) => (await cubesOf(TABLE, active, asked, { threads })).cubes),
  );
  for (const cubes of others) {
    for (const [i, { bytes }] of cubes.entries()) {
      expect(Buffer.compare(bytes, one![i]!.bytes), views[i]).toBe(0);
    }
  }
});

test('a brush beyond the edges, or of the other kind, is refused', async () => {
  const along = (await cubesOf(TABLE, { x: 'cents', width: 4 }, [VIEWS['a value']!])).read[0]!;
  for (const [a, b] of [
    [-1, 2],
    [0, 5],
    [3, 2],
    [0.5, 2],
    [NaN, 2],
  ] as const) {
    expect(() => answerBrush(along, a, b)).toThrow('between edges 0 and 4');
  }
  expect(() => answerBox(along, { x: [0, 1], y: [0, 1] })).toThrow('one axis');
  const both = { x: 'cents', y: 'day', cells: { x: 2, y: 2 } };
  const box = (await cubesOf(TABLE, both, [VIEWS['a value']!])).read[0]!;
  expect(() => answerBrush(box, 0, 1)).toThrow('two axes');
});
