import type { Dashboard, DashboardFilter, DashboardItem } from '../../../protocol/dashboard.js';
import type { DashboardView } from '../../../protocol/dashboard/address.js';
import {
  chartOfView,
  viewOfChart,
  wordsOfFilter,
} from '../../../protocol/dashboard/chart-words.js';
import { pagesOf } from '../../../protocol/dashboard/pages.js';
import { filtersOf } from './dashboard-state.js';

/** A dashboard whose first view is what a person chose: filters, axes, parameters, and comparisons. Selections stay out. */
export function dashboardAsShown(dashboard: Dashboard, view: DashboardView): Dashboard {
  const ids = pagesOf(dashboard).map(({ items }) => items.map(({ id }) => id));
  const items = (given: readonly DashboardItem[], page: number): DashboardItem[] =>
    given.map((item, at) => asShown(item, ids[page]![at], view));
  const filters = filtersAsShown(dashboard, view);
  const parameters = parametersAsShown(dashboard, view);
  return {
    ...dashboard,
    ...(dashboard.items ? { items: items(dashboard.items, 0) } : {}),
    ...(dashboard.pages
      ? { pages: dashboard.pages.map((page, at) => ({ ...page, items: items(page.items, at) })) }
      : {}),
    ...(filters.length > 0 ? { filters } : {}),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
  };
}

/** What was chosen in the place of what the dashboard has at first; a dataset that is back at its defaults is left out. */
function parametersAsShown(
  { parameters = {} }: Dashboard,
  view: DashboardView,
): NonNullable<Dashboard['parameters']> {
  const chosen = Object.entries(view.parameters ?? {}).map(
    ([dataset, query]) => [dataset, Object.fromEntries(new URLSearchParams(query))] as const,
  );
  return Object.fromEntries(
    Object.entries({ ...parameters, ...Object.fromEntries(chosen) }).filter(
      ([, values]) => Object.keys(values).length > 0,
    ),
  );
}

function asShown(
  item: DashboardItem,
  id: string | undefined,
  { axes, against }: DashboardView,
): DashboardItem {
  if (item.chart === undefined || id === undefined) return item;
  const chosen = axes?.[id];
  const compared = against?.[id];
  if (chosen === undefined && compared === undefined) return item;
  const view = {
    ...viewOfChart(item.chart).view,
    ...chosen,
    ...(compared === undefined ? {} : { against: compared }),
  };
  return { ...item, chart: chartOfView(view) };
}

function filtersAsShown(dashboard: Dashboard, view: DashboardView): DashboardFilter[] {
  const shown = filtersOf(dashboard, view).filter(({ op }) => op !== 'contains');
  const declared = dashboard.filters ?? [];
  const valueOf = (column: string): Pick<DashboardFilter, 'value'> => {
    const filter = shown.find((each) => each.column === column);
    return filter === undefined
      ? {}
      : { value: wordsOfFilter(filter) as NonNullable<DashboardFilter['value']> };
  };
  return [
    ...declared.map((filter) => {
      const { value: _, ...rest } = filter;
      return { ...rest, ...valueOf(filter.column) };
    }),
    ...shown
      .filter(({ column }) => !declared.some((each) => each.column === column))
      .map(({ column }) => ({ column, ...valueOf(column) })),
  ];
}
