import { describe, expect, test } from 'vitest';
import { problemInWords } from '../../../protocol/config/problem.js';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { readConfig } from '../../../server/config/read-config.js';
import { checkColumns } from '../../../server/dashboards/check-columns.js';
import { stepsOf, textOfPath } from '../../../server/dashboards/fault.js';
import { buildTestApp } from '../helpers.js';

const read = (lines: string) =>
  readConfig(`version: 1\ndashboards:\n  x:\n${lines}`, '/etc/halftone.yaml', {
    env: {},
    dir: '/etc',
  });
const problemsOf = (lines: string) => read(lines).problems.map(problemInWords);

const VALID = `    title: Flights
    filters: [{ column: origin, control: choice, value: [ATL, null] }]
    pages:
      - title: Delays
        items:
          - { id: delays, span: 8, chart: { dataset: flights, mark: histogram, x: delay, xr: [0, 90] } }
          - { id: map, column: 9, span: 4, chart: { dataset: flights, y: [a, b], filters: { delay: 5..90, c: [0, false, null, ""] } } }
          - text: "# Hello"
    links: { delays: [map] }
`;

describe('a dashboard of the configuration', () => {
  test('is given as it is written', () => {
    const { config, problems } = read(VALID);
    expect(problems).toEqual([]);
    expect(config!.dashboards!['x']!.pages![0]!.items[1]!.chart!.filters).toEqual({
      delay: '5..90',
      c: [0, false, null, ''],
    });
  });

  test.each([
    ['    {}\n', 'halftone.yaml:3:3: A dashboard needs "items", or "pages" with items.'],
    [
      '    items: []\n    pages: [{ title: a, items: [] }]\n',
      'halftone.yaml:4:5: A dashboard has "items" or "pages", not both. Put the items into a page.',
    ],
    [
      '    itmes: []\n',
      'halftone.yaml:4:5: "itmes" is no option of a dashboard. Did you mean "items"?',
    ],
    ['    items:\n      - { span: 3 }\n', 'halftone.yaml:5:9: An item needs "chart" or "text".'],
    [
      '    items:\n      - chart: { dataset: a, markk: bar }\n',
      'halftone.yaml:5:30: "markk" is no option of a chart. Did you mean "mark"?',
    ],
    [
      '    items:\n      - chart: { dataset: a, mark: baar }\n',
      'halftone.yaml:5:36: "mark" has to be "scatter", "line", "histogram", "bar", "heatmap", "value" or "rows", but is "baar". Did you mean "bar"?',
    ],
    [
      '    items:\n      - chart: { dataset: a, agg: most }\n',
      'halftone.yaml:5:30: agg: most: an aggregate is one of count, sum, mean, min, max, median, quantile, distinct, or a quantile such as p90.',
    ],
    [
      '    items:\n      - chart: { dataset: a, filters: { d: .. } }\n',
      'halftone.yaml:5:41: filters.d: ..: a range needs at least one end.',
    ],
    [
      '    items:\n      - { chart: { dataset: a }, span: 8, column: 9 }\n',
      'halftone.yaml:5:34: This item ends in column 16; the grid has 12. "columns" of the dashboard says how many there are.',
    ],
    [
      '    items:\n      - { id: a, chart: { dataset: a } }\n      - { id: a, chart: { dataset: a } }\n',
      'halftone.yaml:6:11: Two charts have the id "a".',
    ],
    [
      '    items:\n      - { id: a.b, chart: { dataset: a } }\n',
      'halftone.yaml:5:11: "a.b" cannot be the name of a chart: it is letters, digits, "_" and "-".',
    ],
    [
      '    items:\n      - { id: map, chart: { dataset: a } }\n    links: { mapp: [map] }\n',
      'halftone.yaml:6:14: No chart has the id "mapp". Did you mean "map"?',
    ],
    [
      '    items:\n      - chart: { dataset: a }\n      - chart: { dataset: a }\n      - chart: { dataset: a }\n    links: { c1: [c2], c2: [c3], c3: [c1] }\n',
      'halftone.yaml:8:14: The links go in a circle: c1 → c2 → c3 → c1. Without "links" a selection filters all other charts of its dataset, each the other.',
    ],
    [
      '    items:\n      - { id: map, chart: { dataset: a } }\n    linkedAxes: [[map.x, map.z]]\n',
      'halftone.yaml:6:26: "map.z" is no axis: write the id of a chart, a dot, and x or y. Did you mean "map.x"?',
    ],
    [
      '    items:\n      - { id: map, chart: { dataset: a } }\n    linkedAxes: [[map.x, mapp.y]]\n',
      'halftone.yaml:6:26: No chart has the id "mapp". Did you mean "map.y"?',
    ],
    [
      '    items:\n      - { id: map, chart: { dataset: a } }\n    linkedAxes: [[map.x, map.x]]\n',
      'halftone.yaml:6:26: The axis "map.x" is linked twice.',
    ],
    [
      '    items: []\n    filters: [{ column: a }, { column: a }]\n',
      'halftone.yaml:5:32: There are two filters of "a".',
    ],
    [
      '    items: []\n    filters: [{ column: a, value: .. }]\n',
      'halftone.yaml:5:28: The value of the filter of "a" cannot be used: a range needs at least one end.',
    ],
  ])('is refused with its place: %j', (lines, problem) => {
    expect(problemsOf(lines)).toEqual([problem]);
  });
});

const column = (name: string, kind: 'number' | 'text') => ({
  name,
  kind,
  type: 'X',
  nulls: 0,
  min: 0,
  max: 1,
});
const flights = {
  name: 'flights',
  rows: 3,
  columns: [column('delay', 'number'), column('distance', 'number'), column('origin', 'text')],
} as unknown as DatasetInfo;

describe('what does not fit the data', () => {
  test('is a chart of a dataset or a column that is not there, with the nearest that is', () => {
    const faults = checkColumns(
      {
        items: [
          { chart: { dataset: 'fligths' } },
          { chart: { dataset: 'flights', x: 'dely', filters: { orgin: 'a' } } },
          { chart: { dataset: 'flights', mark: 'scatter', x: 'origin', y: 'delay' } },
          { chart: { dataset: 'flights', x: 'delay' } },
        ],
        filters: [{ column: 'origin' }, { column: 'destination' }],
      },
      [flights],
    );
    expect(
      faults.map(({ path, message, hint, chart }) => [textOfPath(path), message, hint, chart]),
    ).toEqual([
      ['items[0].chart.dataset', 'There is no dataset "fligths".', 'Did you mean "flights"?', 'c1'],
      ['items[1].chart.x', '"flights" has no column "dely".', 'Did you mean "delay"?', 'c2'],
      [
        'items[1].chart.filters.orgin',
        '"flights" has no column "orgin".',
        'Did you mean "origin"?',
        'c2',
      ],
      ['items[2].chart', 'x: origin is text, which a scatter cannot draw there.', undefined, 'c3'],
      ['filters[1].column', '"flights" has no column "destination".', undefined, undefined],
    ]);
  });

  test('has a path that can be read back', () => {
    expect(stepsOf('pages[0].items[12].chart')).toEqual(['pages', 0, 'items', 12, 'chart']);
  });
});

describe('the routes', () => {
  test('give the dashboards, each with what does not fit in it and where that is written', async () => {
    const { config, document } = read(VALID);
    const { app } = await buildTestApp({
      parts: {
        configuration: () => ({
          file: 'halftone.yaml',
          config: config!,
          problems: [],
          placeOf: document.placeOf,
        }),
      },
    });
    const list = await app.inject('/api/v1/dashboards');
    expect(list.json()).toMatchObject({
      dashboards: [{ name: 'x', title: 'Flights', pages: 1, charts: 2 }],
    });
    const one = await app.inject('/api/v1/dashboards/x');
    expect(one.json()).toMatchObject({
      name: 'x',
      dashboard: config!.dashboards!['x'],
      problems: [
        {
          path: 'pages[0].items[0].chart.dataset',
          message: 'There is no dataset "flights".',
          chart: 'delays',
          file: 'halftone.yaml',
          line: 9,
        },
        { path: 'pages[0].items[1].chart.dataset', chart: 'map', line: 10 },
      ],
    });
    const none = await app.inject('/api/v1/dashboards/y');
    expect(none.statusCode).toBe(404);
    expect(none.json()).toMatchObject({ code: 'DASHBOARD_UNKNOWN' });
    expect((await app.inject('/api/v1/dashboards/toString')).statusCode).toBe(404);
    await app.close();
  });
});
