import { signal } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import { chartNavigation } from '../../../../client/app/dashboard/chart-navigation.js';
import { namesOf } from '../../../../client/app/dashboard/unused-parts.js';
import type { ColumnInfo } from '../../../../protocol/column.js';
import type { Pinned } from '../../../../client/app/state/pinned.js';
import {
  createDashboardState,
  withSelection,
} from '../../../../client/app/dashboard/dashboard-state.js';
import type { Navigation } from '../../../../client/app/state/navigation.js';
import type { Place } from '../../../../client/app/state/place.js';
import type { Datasets } from '../../../../client/app/state/datasets.js';
import type { Dashboard } from '../../../../protocol/dashboard.js';
import { formatDashboardAddress } from '../../../../protocol/dashboard/address.js';
import { viewOfChart } from '../../../../protocol/dashboard/chart-words.js';

const DASHBOARD: Dashboard = {
  filters: [
    { column: 'origin', value: ['ATL'] },
    { column: 'delay', dataset: 'flights' },
  ],
  items: [
    { id: 'a', chart: { dataset: 'flights', x: 'delay', xr: [0, 90] } },
    { id: 'b', chart: { dataset: 'flights', x: 'distance', filters: { distance: '5..' } } },
    { id: 'c', chart: { dataset: 'airports', x: 'delay' } },
  ],
};

/** A dashboard at an address, and the navigation of each of its charts. */
function opened(dashboard = DASHBOARD) {
  const place = signal<Place>({ page: 'dashboard', view: { dashboard: 'x' } });
  const navigation = {
    place,
    go: (next: Place) => (place.value = next),
    dragTo: (next: Place) => (place.value = next),
  } as unknown as Navigation;
  const columns: Record<string, string[]> = {
    flights: ['delay', 'distance', 'origin'],
    airports: ['delay', 'origin'],
  };
  const datasets = {
    find: (name: string) => ({
      status: 'ready',
      columns: columns[name]!.map((each) => ({ name: each })),
    }),
  } as unknown as Datasets;
  // The snapshot `old` has one column more, and the columns of `unknown` are not known yet.
  const pinned: Pick<Pinned, 'of'> = {
    of: (info, snapshot) => ({
      ...info,
      columns:
        snapshot === 'unknown'
          ? []
          : snapshot === 'old'
            ? [...info.columns, { name: 'gone' } as ColumnInfo]
            : info.columns,
    }),
  };
  const state = createDashboardState(
    { name: 'x', dashboard, problems: [] },
    navigation,
    datasets,
    pinned,
  );
  const chart = (id: string) => {
    const { chart: words } = dashboard.items!.find((item) => item.id === id)!;
    return chartNavigation(navigation, state, viewOfChart(words!).view, {
      id,
      columns: () => new Set(columns[words!.dataset]),
    });
  };
  return { state, chart, address: () => formatDashboardAddress(state.view.value) };
}

describe('a chart of a dashboard', () => {
  test('has its own words, and the filters of the dashboard that concern its dataset', () => {
    const { chart, state } = opened();
    state.change((view) => ({ ...view, filters: [{ op: 'range', column: 'delay', min: '0' }] }));
    const origin = { op: 'in', column: 'origin', values: ['ATL'] };
    const delay = { op: 'range', column: 'delay', min: '0' };
    expect(chart('a').view.value).toEqual({
      dataset: 'flights',
      x: 'delay',
      xDomain: ['0', '90'],
      filters: [origin, delay],
    });
    expect(chart('b').view.value!.filters).toEqual([
      { op: 'range', column: 'distance', min: '5' },
      origin,
      delay,
    ]);
    // The filter of delay names the dataset flights.
    expect(chart('c').view.value!.filters).toEqual([origin]);
  });

  test('writes only what was chosen into the address', () => {
    const { chart, address } = opened();
    const a = chart('a');
    expect(address()).toBe('d/x');
    a.drag({ ...a.view.value!, xDomain: ['0', '10'] });
    expect(address()).toBe('d/x?xr.a=0,10');
    a.commit({ ...a.view.value!, xDomain: ['0', '90'] });
    expect(address()).toBe('d/x');
    a.commit({
      ...a.view.value!,
      filters: [{ op: 'in', column: 'origin', values: ['', '0', null] }],
    });
    expect(address()).toBe('d/x?f.origin=,0,~');
    a.commit({ dataset: 'flights', x: 'delay', xDomain: ['0', '90'] });
    // The dashboard has a filter at first: that it was cleared is a choice too.
    expect(address()).toBe('d/x?f.origin=..');
    a.commit({ ...a.view.value!, filters: [{ op: 'in', column: 'origin', values: ['ATL'] }] });
    expect(address()).toBe('d/x');
  });

  test('is filtered by the selections of the charts that are linked to it, never by its own', () => {
    const { state, address } = opened();
    const delay = { op: 'range', column: 'delay', min: 0, max: 90 } as const;
    const distance = { op: 'range', column: 'distance', min: 1 } as const;
    state.change((view) => withSelection(withSelection(view, 'a', [delay]), 'b', [distance]));
    expect(state.selectionsFor('a', 'flights')).toEqual([distance]);
    expect(state.selectionsFor('b', 'flights')).toEqual([delay]);
    expect(state.selectionsFor('c', 'airports')).toEqual([]);
    state.brush.move({ chart: 'a', filters: [distance] });
    expect(state.selectionsFor('b', 'flights')).toEqual([distance]);
    state.brush.end();
    state.change((view) => withSelection(withSelection(view, 'a', null), 'b', []));
    expect(address()).toBe('d/x');
  });

  test('of another dataset takes a linked selection of columns that it has', () => {
    const { state } = opened({ ...DASHBOARD, links: { a: ['c'], b: ['c'] } });
    state.change((view) =>
      withSelection(withSelection(view, 'a', [{ op: 'null', column: 'delay' }]), 'b', [
        { op: 'null', column: 'distance' },
      ]),
    );
    expect(state.selectionsFor('c', 'airports')).toEqual([{ op: 'null', column: 'delay' }]);
    expect(state.selectionsFor('b', 'flights')).toEqual([]);
  });

  test('takes a selection by the columns of the snapshot that the link is pinned to', () => {
    const { state } = opened();
    const gone = { op: 'null', column: 'gone' } as const;
    state.change((view) => withSelection(view, 'a', [gone]));
    expect(state.selectionsFor('b', 'flights')).toEqual([]);
    for (const flights of ['old', 'unknown']) {
      state.change((view) => ({ ...view, snapshots: { flights } }));
      expect(state.selectionsFor('b', 'flights')).toEqual([gone]);
    }
    expect(namesOf(state).columns).toBeUndefined();
    state.change((view) => ({ ...view, snapshots: { flights: 'old' } }));
    expect(namesOf(state).columns?.has('gone')).toBe(true);
  });
});
