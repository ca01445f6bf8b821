import { computed } from '@preact/signals';
import type { AddressFilter, View } from '../../../protocol/address/view.js';
import type { DashboardView } from '../../../protocol/dashboard/address.js';
import { columnsOfFilter } from '../../../protocol/dashboard/selection.js';
import type { Navigation } from '../state/navigation.js';
import type { DashboardState } from './dashboard-state.js';
import { datasetOf, withSharedFilter } from './dashboard-state.js';
import { movedAxes } from './moved-axes.js';

/**
 * The navigation of one chart within a dashboard: its view is made of its own words and of what was chosen on the dashboard,
 * and a change of it is one of the dashboard. `base` is the chart as the configuration has it, `id` is absent for a control
 * that has filters alone.
 */
export function chartNavigation(
  page: Navigation,
  state: DashboardState,
  base: View,
  { id, columns }: { id: string | undefined; columns: () => ReadonlySet<string> | undefined },
): Navigation {
  const view = computed((): View => viewOfChart(state, base, id, columns()));
  const edited = (next: View | null): DashboardView => {
    const now = state.view.peek();
    return next === null ? now : editOf(state, now, { base, id, before: view.peek(), next });
  };
  return {
    ...page,
    view,
    faults: computed(() => []),
    commit: (next) => state.change(() => edited(next)),
    drag: (next) => state.drag(() => edited(next)),
    revise: (next) => page.replace({ page: 'dashboard', view: edited(next) }),
  };
}

function viewOfChart(
  state: DashboardState,
  base: View,
  id: string | undefined,
  columns: ReadonlySet<string> | undefined,
): View {
  const { axes, snapshots, against: compared, hidden } = state.view.value;
  const hide = id === undefined ? undefined : hidden?.[id];
  const against = (id === undefined ? undefined : compared?.[id]) ?? base.against;
  const own = id === undefined ? undefined : axes?.[id];
  const shared = state.filters.value.filter(({ column }) =>
    concerns(state, column, base.dataset, columns),
  );
  const filters = [...(base.filters ?? []), ...shared];
  const snapshot = snapshots?.[base.dataset] ?? base.snapshot;
  return {
    ...base,
    dataset: datasetOf(state.dashboard, state.view.value, base.dataset),
    ...own,
    ...(against === undefined ? {} : { against }),
    ...(hide === undefined ? {} : { hide }),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(filters.length > 0 ? { filters } : {}),
  };
}

/** Whether the shared filter of a column filters a dataset: it has to have the column, and the dashboard may name another. */
function concerns(
  { dashboard }: DashboardState,
  column: string,
  dataset: string,
  columns: ReadonlySet<string> | undefined,
): boolean {
  const declared = dashboard.filters?.find((filter) => filter.column === column);
  if (declared?.dataset !== undefined && declared.dataset !== dataset) return false;
  return columns === undefined || columns.has(column);
}

interface Edit {
  base: View;
  id: string | undefined;
  before: View;
  next: View;
}

function editOf(
  state: DashboardState,
  now: DashboardView,
  { base, id, before, next }: Edit,
): DashboardView {
  let edited = now;
  if (id !== undefined) {
    const { axes } = now;
    edited = {
      ...edited,
      axes: movedAxes(state.dashboard, axes, { id, base, before, next }),
    };
  }
  if (id !== undefined && before.against !== next.against) {
    const { [id]: _, ...others } = edited.against ?? {};
    const { against } = next;
    edited = { ...edited, against: against === undefined ? others : { ...others, [id]: against } };
  }
  if (id !== undefined && before.hide !== next.hide) {
    const { [id]: _, ...others } = edited.hidden ?? {};
    const { hide } = next;
    edited = { ...edited, hidden: hide === undefined ? others : { ...others, [id]: hide } };
  }
  const own = base.filters ?? [];
  const [old, wanted] = [before, next].map(({ filters = [] }) =>
    filters.filter((filter) => !own.includes(filter)),
  );
  for (const column of new Set([...old!, ...wanted!].map((filter) => filter.column))) {
    const find = (filters: readonly AddressFilter[]) =>
      filters.find((filter) => filter.column === column);
    const filter = find(wanted!);
    if (JSON.stringify(filter) === JSON.stringify(find(old!))) continue;
    edited = withSharedFilter(state.dashboard, edited, column, filter);
  }
  if (before.snapshot !== undefined && next.snapshot === undefined) {
    const { [base.dataset]: _, ...others } = edited.snapshots ?? {};
    edited = { ...edited, snapshots: others };
  }
  return edited;
}

/** The dashboard without what hides rows of a chart: selections that look at `column`. */
export function withoutSelectionsOf(view: DashboardView, column: string): DashboardView {
  const selections = Object.fromEntries(
    Object.entries(view.selections ?? {}).filter(
      ([, filters]) => !filters.some((filter) => columnsOfFilter(filter).includes(column)),
    ),
  );
  return { ...view, selections };
}
