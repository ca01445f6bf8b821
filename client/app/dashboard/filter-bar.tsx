import { useMemo } from 'preact/hooks';
import type { JSX } from 'preact';
import type { DashboardFilter } from '../../../protocol/dashboard.js';
import { viewOfChart } from '../../../protocol/dashboard/chart-words.js';
import { resolvePlot } from '../../../protocol/view/resolve-plot.js';
import type { Filter } from '../../../protocol/query.js';
import { isContinuous } from '../../../protocol/view/columns.js';
import { ChoiceFilter } from '../controls/choice-filter.js';
import { RangeFilter } from '../controls/range-filter.js';
import { UsedChip } from '../controls/used-chip.js';
import { describeFilter, zoneOf } from '../filters.js';
import { titleOf } from '../picture/title.js';
import { Icon } from '../icon.js';
import { Menu } from '../menu.js';
import { StoreContext, useStore } from '../store.js';
import { createChartStore } from './chart-store.js';
import { withSelection, withSharedFilter, type DashboardState } from './dashboard-state.js';
import { describeSelection } from './describe-selection.js';
import { sharedZone } from './shared-zone.js';
import { namesOf } from './unused-parts.js';

/** The filters that all charts share, and the selections that stand, each with a way to take it back. */
export function FilterBar({ state }: { state: DashboardState }): JSX.Element | null {
  const { dashboard } = state;
  const { columns: known } = namesOf(state);
  const declared = dashboard.filters ?? [];
  const filters = state.filters.value;
  const others = filters.filter(({ column }) => !declared.some((each) => each.column === column));
  const selections = Object.entries(state.view.value.selections ?? {});
  const count = filters.length + selections.length;
  const zone = zoneOfPage(state);
  const columns = state.datasets.flatMap((name) => state.infoOf(name)?.columns ?? []);
  if (declared.length === 0 && count === 0) return null;
  return (
    <div class="filter-bar" role="group" aria-label="Filters">
      {declared.map((filter) => (
        <FilterMenu key={filter.column} state={state} declared={filter} />
      ))}
      <ul class="chips" aria-label="Active filters">
        {others.map((filter) => (
          <li key={filter.column} class="chip">
            <UsedChip
              unused={
                known?.has(filter.column) === false ? 'no dataset has this column' : undefined
              }
            >
              <b>{filter.column}</b> {describeFilter(filter, zoneOf(columns, filter.column, zone))}
            </UsedChip>
            <ClearButton
              label={`Clear the filter on ${filter.column}`}
              onClick={() =>
                state.change((view) => withSharedFilter(dashboard, view, filter.column, undefined))
              }
            />
          </li>
        ))}
        {selections.map(([chart, selected]) => (
          <li key={`s ${chart}`} class="chip selection">
            <span>
              <b>{titleOfChart(state, chart)}</b>{' '}
              {describeSelection(selected as Filter[], zoneOfChart(state, chart))}
            </span>
            <ClearButton
              label={`Clear the selection in ${titleOfChart(state, chart)}`}
              onClick={() => state.change((view) => withSelection(view, chart, null))}
            />
          </li>
        ))}
        {count > 1 && (
          <li>
            <button
              type="button"
              class="button quiet small"
              onClick={() =>
                state.change((view) => {
                  const free = filters.reduce(
                    (edited, { column }) => withSharedFilter(dashboard, edited, column, undefined),
                    view,
                  );
                  return { ...free, selections: {} };
                })
              }
            >
              Clear all
            </button>
          </li>
        )}
      </ul>
    </div>
  );
}

function ClearButton({ label, onClick }: { label: string; onClick: () => void }): JSX.Element {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick}>
      <Icon name="close" size={12} />
    </button>
  );
}

/** The title of a chart: its own, else what is on its axes. */
function titleOfChart({ charts, infoOf }: DashboardState, id: string): string {
  const item = charts.find((chart) => chart.id === id)?.item;
  if (item?.title !== undefined || item?.chart === undefined) return item?.title ?? id;
  const { view } = viewOfChart(item.chart);
  const info = infoOf(view.dataset);
  return info && info.columns.length > 0 ? titleOf(resolvePlot(view, info)) : id;
}

/** The zone in which shared filters are told on the page that is shown. */
const zoneOfPage = ({ page, infoOf }: DashboardState): string | undefined =>
  sharedZone(
    page.value.items.flatMap(({ item: { chart } }) => {
      const view = chart && viewOfChart(chart).view;
      return view === undefined ? [] : [{ view, info: infoOf(view.dataset) }];
    }),
  );

/** The zone of the times on the axes of a chart; undefined for UTC. */
function zoneOfChart({ charts }: DashboardState, id: string): string | undefined {
  const chart = charts.find((each) => each.id === id)?.item.chart;
  return chart && viewOfChart(chart).view.timeZone;
}

/** One declared filter: a button that says what is chosen, and opens to its control. */
function FilterMenu({
  state,
  declared: { column: name, dataset, label = name, control },
}: {
  state: DashboardState;
  declared: DashboardFilter;
}): JSX.Element {
  const page = useStore();
  const info = (dataset === undefined ? state.datasets : [dataset])
    .map((each) => state.infoOf(each))
    .find((each) => each?.columns.some((column) => column.name === name));
  const column = info?.columns.find((each) => each.name === name);
  const filter = state.filters.value.find((each) => each.column === name);
  const store = useMemo(
    () =>
      info === undefined
        ? undefined
        : createChartStore(page, state, { base: { dataset: info.name }, id: undefined }),
    [page, state, info?.name],
  );
  const isRange =
    column !== undefined &&
    (control ?? (isContinuous(column) ? 'range' : 'choice')) === 'range' &&
    isContinuous(column);
  return (
    <Menu
      class={`filter-menu${filter ? ' active' : ''}`}
      label={`Filter by ${label}`}
      disabled={column === undefined || info?.status !== 'ready'}
      text={
        <>
          <span class="filter-label">{label}</span>
          <span class="summary">
            {filter
              ? describeFilter(filter, zoneOf(info?.columns, name, zoneOfPage(state)))
              : 'all'}
          </span>
          <Icon name="chevron" size={14} />
        </>
      }
    >
      {() =>
        column &&
        store && (
          <StoreContext.Provider value={store}>
            {isRange ? (
              <RangeFilter column={column} filter={filter} />
            ) : (
              <ChoiceFilter column={column} filter={filter} />
            )}
            {filter && (
              <button
                type="button"
                class="link"
                onClick={() =>
                  state.change((view) => withSharedFilter(state.dashboard, view, name, undefined))
                }
              >
                All of {label}
              </button>
            )}
          </StoreContext.Provider>
        )
      }
    </Menu>
  );
}
