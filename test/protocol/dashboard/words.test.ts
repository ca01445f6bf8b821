import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress, parseAddress } from '../../../protocol/address/address.js';
import {
  formatDashboardAddress,
  parseDashboardAddress,
  type DashboardView,
} from '../../../protocol/dashboard/address.js';
import {
  chartOfView,
  filterOfWords,
  viewOfChart,
} from '../../../protocol/dashboard/chart-words.js';
import { linkedCharts, pagesOf } from '../../../protocol/dashboard/pages.js';

/** What a view becomes when it goes through a configuration and back. */
const throughWords = (address: string): string => {
  const { view } = parseAddress(address)!;
  return formatAddress(viewOfChart(JSON.parse(JSON.stringify(chartOfView(view)))).view);
};

describe('the words of a chart', () => {
  test.each([
    'explore/flights?mark=scatter&x=distance&y=delay&color=origin&xr=0,3000&yr=-60,240',
    'explore/flights?mark=line&x=date&y=delay&y=distance&agg=p90&bin=week&band=no&tz=Europe/Berlin',
    'explore/flights?mark=scatter&x=distance&y=delay&size=2.5&opacity=0.02&shade=equal&palette=magma',
    'explore/flights?mark=scatter&x=distance&y=delay&color=delay&palette=diverging&middle=0',
    'explore/flights?mark=line&x=date&y=delay&now=no',
    'explore/flights?mark=line&x=date&y=delay&stroke=4.5',
    'explore/flights?mark=histogram&x=delay&bins=0x',
    'explore/flights?mark=histogram&x=delay&bins=12&xs=log',
    'explore/flights?mark=bar&x=origin&top=3&order=name&f.origin=ATL,~,,0&f.delay=0..90&c.name=!a%2526b',
    'explore/a%2Fb?f.x=!1%252C5,false&f.y=..7&sort=!delay',
    'explore/flights?area=a,b,0,0,1,0,1,1&area=!a%252C,b,0,0,1,0,1,1',
    'explore/flights?mark=line&x=date&y=delay&bin=none&xr=2001-01-01,2001-02-01',
  ])('say what the address %s says', (address) => {
    expect(throughWords(address)).toBe(formatAddress(parseAddress(address)!.view));
  });

  test('take any column and any value', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.array(fc.option(fc.string()), { minLength: 1, maxLength: 4 }),
        (column, values) => {
          const view = {
            dataset: column,
            x: column,
            filters: [{ op: 'in' as const, column, values: [...new Set(values)] }],
          };
          const address = formatAddress(view);
          expect(throughWords(address)).toBe(formatAddress(parseAddress(address)!.view));
        },
      ),
    );
  });

  test('may be numbers, truths and null in the filters', () => {
    const { view, faults } = viewOfChart({
      dataset: 'd',
      filters: { a: 0, b: [false, null, ''], c: '5..90', d: '!ATL,LAS', e: null },
    });
    expect(faults).toEqual([]);
    expect(view.filters).toEqual([
      { op: 'in', column: 'a', values: ['0'] },
      { op: 'in', column: 'b', values: ['false', null, ''] },
      { op: 'range', column: 'c', min: '5', max: '90' },
      { op: 'in', column: 'd', values: ['ATL', 'LAS'], exclude: true },
      { op: 'in', column: 'e', values: [null] },
    ]);
  });

  test('that mean nothing are told', () => {
    expect(filterOfWords('a', '..')).toBe('a range needs at least one end');
    expect(viewOfChart({ dataset: 'd', agg: 'most' }).faults[0]).toMatchObject({
      parameter: 'agg',
      value: 'most',
    });
  });
});

describe('the address of a dashboard', () => {
  const full: DashboardView = {
    dashboard: 'a/b',
    page: 'delays',
    filters: [
      { op: 'in', column: 'origin', values: ['', '0', 'false', null] },
      { op: 'range', column: 'f.x', min: '0' },
    ],
    cleared: ['carrier'],
    selections: {
      c1: [{ op: 'range', column: 'delay', min: 0, max: 90, maxExclusive: true }],
      map: [
        {
          op: 'polygon',
          x: 'a',
          y: 'b',
          points: [
            [0, 0],
            [1, 0],
            [1, 1],
          ],
        },
      ],
    },
    axes: { c1: { xDomain: ['0', '10'], yDomain: ['2001-01-01', '2001-02-01'] } },
    against: { c1: 'rest', c2: '[]' },
    snapshots: { 'my.data': 'snap-1' },
    kiosk: true,
    cycle: 60,
  };

  test('gives back the choices that it was made of', () => {
    const address = formatDashboardAddress(full);
    expect(parseDashboardAddress(address)).toEqual({ view: full, faults: [] });
    expect(address.startsWith('d/a%2Fb/delays?')).toBe(true);
  });

  test('holds nothing that nobody chose', () => {
    expect(formatDashboardAddress({ dashboard: 'x' })).toBe('d/x');
    expect(parseDashboardAddress('d/x/')).toEqual({ view: { dashboard: 'x' }, faults: [] });
    expect(parseDashboardAddress('explore/x')).toBeNull();
    expect(parseDashboardAddress('d/')).toBeNull();
  });

  test('leaves out what cannot be used, and says why', () => {
    const { view, faults } = parseDashboardAddress(
      'd/x?f.a=1&f.a=2&s.c1=[1]&s.c2=%&cycle=0&kiosk=yes&nope=1&q.c=1&xr.c1=&snap.a=',
    )!;
    expect(view).toEqual({ dashboard: 'x', filters: [{ op: 'in', column: 'a', values: ['1'] }] });
    expect(faults.map(({ parameter }) => parameter)).toEqual([
      'f.a',
      's.c1',
      's.c2',
      'cycle',
      'kiosk',
      'nope',
      'q.c',
      'xr.c1',
      'snap.a',
    ]);
  });
});

describe('pages and links', () => {
  const chart = (dataset: string) => ({ chart: { dataset } });

  test('number the charts without an id over all pages, and name pages by their titles', () => {
    const pages = pagesOf({
      pages: [
        { title: 'Delays by day!', items: [chart('a'), { text: 'hello' }] },
        { title: '???', items: [{ ...chart('a'), id: 'map' }, chart('b')] },
      ],
    });
    expect(pages.map(({ name }) => name)).toEqual(['delays-by-day', 'page-2']);
    expect(pages.map(({ items }) => items.map(({ id }) => id))).toEqual([
      ['c1', undefined],
      ['map', 'c3'],
    ]);
    expect(pages[1]!.items[0]!.path).toBe('pages[1].items[0]');
  });

  test('link all charts of one dataset, unless they are said', () => {
    const items = [chart('a'), chart('b'), chart('a')];
    expect(linkedCharts({ items }, 'c1')).toEqual(['c3']);
    expect(linkedCharts({ items, links: { c1: ['c2'] } }, 'c1')).toEqual(['c2']);
    expect(linkedCharts({ items, links: {} }, 'c1')).toEqual([]);
  });
});
