import { expect, test } from 'vitest';
import { formatAddress, parseAddress } from '../../../protocol/address/address.js';
import type { ColumnInfo } from '../../../protocol/column.js';
import { plotQuery } from '../../../protocol/view/plot-query.js';
import { resolvePlot } from '../../../protocol/view/resolve-plot.js';

const column = (name: string, kind: ColumnInfo['kind']): ColumnInfo => ({
  name,
  kind,
  type: 'X',
  nulls: 0,
  min: kind === 'number' ? 0 : 'a',
  max: kind === 'number' ? 9 : 'b',
});
const dataset = {
  rows: 9,
  columns: [column('a', 'number'), column('b', 'number'), column('c', 'text')],
};
const resolved = (words: string) => {
  const { view } = parseAddress(`explore/d?${words}`)!;
  expect(parseAddress(formatAddress(view))!.view).toEqual(view);
  return resolvePlot(view, dataset);
};
const queryOf = (words: string) => plotQuery(resolved(words), 'd', 's');

test('a comparison takes off all rows, the rest, other filters or a snapshot', () => {
  const filters = 'f.c=x&f.a=1..2';
  const x = { op: 'in', column: 'c', values: ['x'] };
  const range = { op: 'range', column: 'a', min: 1, max: 2 };
  expect(queryOf(`mark=histogram&x=a&${filters}&vs=all`).against).toEqual({ filters: [] });
  expect(queryOf(`mark=histogram&x=a&${filters}&vs=rest`)).toMatchObject({
    filters: [x, range],
    against: {
      filters: [
        {
          op: 'any',
          filters: [
            { op: 'not', filter: x },
            { op: 'not', filter: range },
          ],
        },
      ],
    },
  });
  expect(queryOf(`mark=bar&x=c&vs=${JSON.stringify([x])}`).against).toEqual({ filters: [x] });
  expect(queryOf('mark=bar&x=c&vs=2026-01').against).toEqual({ snapshot: '2026-01' });
});

test('a scatter is compared by cells, without colors', () => {
  const query = queryOf('mark=scatter&x=a&y=b&color=c&top=3&method=points&vs=all');
  expect(query).toEqual({
    dataset: 'd',
    snapshot: 's',
    mark: 'heatmap',
    x: 'a',
    y: 'b',
    against: { filters: [] },
  });
});

test('what has no difference says so', () => {
  expect(resolved('mark=rows&vs=all')).toMatchObject({
    against: undefined,
    faults: ['vs: tables have no difference'],
  });
  expect(resolved('mark=line&x=a&y=b&vs=all').faults).toEqual([
    'vs: lines through rows have no difference; bin them',
  ]);
  expect(resolved('mark=bar&x=c&vs=[').faults).toEqual(['vs: it is no list of filters']);
});
