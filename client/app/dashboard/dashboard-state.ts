import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { AddressFilter } from '../../../protocol/address/view.js';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import type { Dashboard, DashboardProblem } from '../../../protocol/dashboard.js';
import type { DashboardView } from '../../../protocol/dashboard/address.js';
import { filterOfWords } from '../../../protocol/dashboard/chart-words.js';
import {
  linkedCharts,
  pagesOf,
  type PlacedItem,
  type PlacedPage,
} from '../../../protocol/dashboard/pages.js';
import { columnsOfFilter } from '../../../protocol/dashboard/selection.js';
import { queryOfValues, splitName } from '../../../protocol/parameter-names.js';
import type { Filter } from '../../../protocol/query.js';
import { loadCubes } from '../../data/load-cubes.js';
import type { Navigation } from '../state/navigation.js';
import type { Datasets } from '../state/datasets.js';
import type { Pinned } from '../state/pinned.js';
import { createBrush, type Brush } from './brush.js';

/** What all parts of a dashboard share: its pages, and what a person chose on them. */
export interface DashboardState {
  name: string;
  dashboard: Dashboard;
  problems: readonly DashboardProblem[];
  pages: readonly PlacedPage[];
  /** All charts of all pages. */
  charts: readonly PlacedItem[];
  /** The page that is shown. */
  page: ReadonlySignal<PlacedPage>;
  view: ReadonlySignal<DashboardView>;
  /** What filters all charts: what was chosen, else what the dashboard has at first. */
  filters: ReadonlySignal<readonly AddressFilter[]>;
  /** The datasets of the charts, and of the filters. */
  datasets: readonly string[];
  /** A dataset as the link has it: with the columns of the snapshot that it is pinned to, without any until they are known. */
  infoOf: (dataset: string) => DatasetInfo | undefined;
  /** Whether the link is pinned to an older snapshot: it is the newest that the configuration may not fit. */
  isOlder: (dataset: string) => boolean;
  /** A selection while it is being made. */
  brush: Brush;
  /** Bigger than the others, by id. */
  large: Signal<string | null>;
  /** Takes a choice into the address. */
  change(edit: (view: DashboardView) => DashboardView): void;
  /** Follows a drag with the address. */
  drag(edit: (view: DashboardView) => DashboardView): void;
  /** What the selections of other charts filter in the chart `id` of a dataset. */
  selectionsFor(id: string | undefined, dataset: string): readonly Filter[];
}

export function createDashboardState(
  {
    name,
    dashboard,
    problems,
  }: { name: string; dashboard: Dashboard; problems: readonly DashboardProblem[] },
  navigation: Navigation,
  datasets: Pick<Datasets, 'find'>,
  pinned: Pick<Pinned, 'of'>,
): DashboardState {
  const pages = pagesOf(dashboard);
  const charts = pages.flatMap(({ items }) => items).filter(({ id }) => id !== undefined);
  const view = computed((): DashboardView => {
    const place = navigation.place.value;
    return place.page === 'dashboard' ? place.view : { dashboard: name };
  });
  const page = computed(() => pages.find((each) => each.name === view.value.page) ?? pages[0]!);
  const brush = createBrush({
    linked: (from) => linkedCharts(dashboard, from),
    selectionOf: (chart) => view.peek().selections?.[chart] ?? [],
    load: (body, take, signal) => loadCubes('', body, take, signal),
  });
  const state: DashboardState = {
    name,
    dashboard,
    problems,
    pages,
    charts,
    page,
    view,
    filters: computed(() => filtersOf(dashboard, view.value)),
    datasets: [...new Set(charts.map(({ item }) => item.chart!.dataset))],
    infoOf(dataset) {
      const info = datasets.find(dataset);
      return info && pinned.of(info, view.value.snapshots?.[dataset]);
    },
    isOlder(dataset) {
      const snapshot = view.value.snapshots?.[dataset];
      return snapshot !== undefined && snapshot !== datasets.find(dataset)?.snapshot;
    },
    brush,
    large: signal(null),
    change: (edit) => navigation.go({ page: 'dashboard', view: tidy(edit(view.peek())) }),
    drag: (edit) => navigation.dragTo({ page: 'dashboard', view: tidy(edit(view.peek())) }),
    selectionsFor(id, dataset) {
      const columns = state.infoOf(dataset)?.columns ?? [];
      const has = (column: string): boolean =>
        columns.length === 0 || columns.some((each) => each.name === column);
      const active = id === undefined ? brush.active.value : brush.filtersFor(id);
      const all: Record<string, readonly Filter[] | undefined> = { ...view.value.selections };
      if (active !== null) all[active.chart] = active.filters;
      return Object.entries(all).flatMap(([from, filters]) => {
        if (filters === undefined || from === id) return [];
        const isLinked =
          id === undefined
            ? sameDataset(charts, from, dataset)
            : linkedCharts(dashboard, from).includes(id);
        return isLinked ? filters.filter((filter) => columnsOfFilter(filter).every(has)) : [];
      });
    },
  };
  return state;
}

const sameDataset = (charts: readonly PlacedItem[], from: string, dataset: string): boolean =>
  charts.find(({ id }) => id === from)?.item.chart?.dataset === dataset;

/** The filters of a dashboard's first view. */
export function defaultFilters({ filters = [] }: Dashboard): AddressFilter[] {
  return filters.flatMap(({ column, value }) => {
    const filter = value === undefined ? undefined : filterOfWords(column, value);
    return typeof filter === 'object' ? [filter] : [];
  });
}

/** What filters all charts: defaults that were not changed or cleared, and what was chosen. */
export function filtersOf(dashboard: Dashboard, view: DashboardView): AddressFilter[] {
  const chosen = view.filters ?? [];
  const open = defaultFilters(dashboard).filter(
    ({ column }) =>
      !view.cleared?.includes(column) && !chosen.some((filter) => filter.column === column),
  );
  return [...open, ...chosen];
}

/** The view with `filter` in the place of the column's old one; without it the column is free. */
export function withSharedFilter(
  dashboard: Dashboard,
  view: DashboardView,
  column: string,
  filter: AddressFilter | undefined,
): DashboardView {
  const byDefault = defaultFilters(dashboard).find((each) => each.column === column);
  const old = view.filters ?? [];
  const at = old.findIndex((each) => each.column === column);
  const filters = old.filter((each) => each.column !== column);
  const cleared = (view.cleared ?? []).filter((each) => each !== column);
  const isDefault = JSON.stringify(filter) === JSON.stringify(byDefault);
  if (filter === undefined && byDefault !== undefined) cleared.push(column);
  else if (filter !== undefined && !isDefault)
    filters.splice(at < 0 ? filters.length : at, 0, filter);
  return { ...view, filters, cleared };
}

/** The view with a selection of a chart; null takes it back. */
export function withSelection(
  view: DashboardView,
  chart: string,
  filters: readonly Filter[] | null,
): DashboardView {
  const { [chart]: _, ...others } = view.selections ?? {};
  return {
    ...view,
    selections: filters === null || filters.length === 0 ? others : { ...others, [chart]: filters },
  };
}

/** The values that the dashboard gives the parameters of a dataset at first; empty where they are those of the dataset. */
const queryAtFirst = ({ parameters }: Dashboard, base: string): string =>
  queryOfValues(parameters?.[base] ?? {});

/** The dataset that a chart shows: the combination of parameters that was chosen, else that of the dashboard, where it has any. */
export function datasetOf(
  dashboard: Dashboard,
  { parameters }: DashboardView,
  base: string,
): string {
  const query = parameters?.[base] ?? queryAtFirst(dashboard, base);
  return query === '' ? base : `${base}?${query}`;
}

/** The view with another combination of parameters of a dataset, by its name. */
export function withCombination(
  dashboard: Dashboard,
  view: DashboardView,
  base: string,
  name: string,
): DashboardView {
  const { [base]: _, ...others } = view.parameters ?? {};
  const query = splitName(name)?.query ?? '';
  const isAtFirst = query === queryAtFirst(dashboard, base);
  return { ...view, parameters: isAtFirst ? others : { ...others, [base]: query } };
}

/** Only what was chosen is written: empty lists and records go. */
export function tidy(view: DashboardView): DashboardView {
  const entries = Object.entries(view).filter(
    ([, value]) =>
      value !== undefined &&
      !(typeof value === 'object' && Object.keys(value as object).length === 0),
  );
  return Object.fromEntries(entries) as unknown as DashboardView;
}
