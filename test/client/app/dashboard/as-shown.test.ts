import { expect, test } from 'vitest';
import { dashboardAsShown } from '../../../../client/app/dashboard/as-shown.js';
import type { Dashboard } from '../../../../protocol/dashboard.js';

test('a dashboard as it is shown begins with what was chosen', () => {
  const dashboard: Dashboard = {
    title: 'T',
    filters: [{ column: 'a', label: 'A', value: '5..90' }, { column: 'b' }],
    pages: [
      { title: 'P', items: [{ text: 'hello' }, { chart: { dataset: 'd', x: 'a' } }] },
      { title: 'Q', items: [{ id: 'q', chart: { dataset: 'd', x: 'b' } }] },
    ],
  };
  const shown = dashboardAsShown(dashboard, {
    dashboard: 't',
    filters: [
      { op: 'in', column: 'b', values: ['', '0', null] },
      { op: 'range', column: 'c', min: '1' },
    ],
    cleared: ['a'],
    axes: { c1: { xDomain: ['0', '10'] } },
    against: { q: 'all' },
    selections: { q: [{ op: 'null', column: 'b' }] },
  });
  expect(shown).toEqual({
    title: 'T',
    filters: [
      { column: 'a', label: 'A' },
      { column: 'b', value: ['', '0', null] },
      { column: 'c', value: '1..' },
    ],
    pages: [
      { title: 'P', items: [{ text: 'hello' }, { chart: { dataset: 'd', x: 'a', xr: [0, 10] } }] },
      { title: 'Q', items: [{ id: 'q', chart: { dataset: 'd', x: 'b', vs: 'all' } }] },
    ],
  });
  expect(dashboardAsShown(dashboard, { dashboard: 't' })).toEqual(dashboard);
});

test('a dashboard as it is shown keeps the parameters that were chosen, and leaves out those of the dataset', () => {
  const dashboard: Dashboard = {
    items: [],
    parameters: { a: { rows: 10 }, b: { rows: 20 }, c: { rows: 30 } },
  };
  const view = {
    dashboard: 't',
    parameters: { b: 'region=East+%26+West&rows=5', c: '', d: 'rows=7' },
  };
  expect(dashboardAsShown(dashboard, view).parameters).toEqual({
    a: { rows: 10 },
    b: { region: 'East & West', rows: '5' },
    d: { rows: '7' },
  });
});
