import { useEffect, useMemo } from 'preact/hooks';
import type { JSX } from 'preact';
import type { DashboardInfo } from '../../../protocol/dashboard.js';
import { DEFAULT_COLUMNS } from '../../../protocol/dashboard/pages.js';
import { ProblemError } from '../../data/ask.js';
import { FaultNote } from '../fault-note.js';
import { useStore } from '../store.js';
import { useAnswer } from '../use-answer.js';
import { ChartCell } from './chart-cell.js';
import { ConfigNote } from './config-note.js';
import { createDashboardState, type DashboardState } from './dashboard-state.js';
import { DashboardMenu } from './dashboard-menu.js';
import { FilterBar } from './filter-bar.js';
import { useKiosk } from './kiosk.js';
import { PageTabs } from './page-tabs.js';
import { useTellHost } from './tell-host.js';
import { ParameterBar } from './parameter-bar.js';
import { TextBlock } from './text-block.js';
import { namesOf, unusedParts } from './unused-parts.js';
import '../../styles/dashboard.css';

/** A dashboard of the configuration; the last one that was valid stays while the file is not. */
export function DashboardPage({ name }: { name: string }): JSX.Element {
  const { dashboards, datasets, navigation, pinned } = useStore();
  // Problems name columns: they are asked for anew when a dataset has changed.
  const loaded = datasets.list.value?.map(({ name: each, status, columns }) => [
    each,
    status,
    columns.length,
  ]);
  const key = JSON.stringify([name, dashboards.version.value, loaded]);
  const { value: info, error } = useAnswer(key, (signal) => dashboards.load(name, signal));
  const written = info && JSON.stringify(info);
  const state = useMemo(
    () =>
      info === undefined ? undefined : createDashboardState(info, navigation, datasets, pinned),
    [written],
  );
  if (error && (info === undefined || isUnknown(error)))
    return <NoDashboard name={name} error={error} />;
  if (info?.name !== name || state === undefined) {
    return (
      <main id="main" class="page" tabIndex={-1}>
        <div class="centered muted">Looking for {name}…</div>
      </main>
    );
  }
  return <LoadedDashboard info={info} state={state} />;
}

const isUnknown = (error: Error): boolean =>
  error instanceof ProblemError && error.code === 'DASHBOARD_UNKNOWN';

function NoDashboard({ name, error }: { name: string; error: Error }): JSX.Element {
  const { navigation } = useStore();
  const hint = error instanceof ProblemError ? error.problem.hint : undefined;
  return (
    <main id="main" class="page" tabIndex={-1}>
      <div class="centered" role="alert">
        <h1>
          {isUnknown(error) ? `There is no dashboard “${name}”` : 'The dashboard cannot be had'}
        </h1>
        <p class="muted">
          {isUnknown(error) ? (hint ?? 'The configuration has none of this name.') : error.message}
        </p>
        <button type="button" class="button primary" onClick={() => navigation.commit(null)}>
          See what there is
        </button>
      </div>
    </main>
  );
}

function LoadedDashboard({
  info,
  state,
}: {
  info: DashboardInfo;
  state: DashboardState;
}): JSX.Element {
  const { navigation } = useStore();
  const { dashboard, name } = info;
  const { kiosk } = state.view.value;
  const page = state.page.value;
  const title = dashboard.title ?? name;
  useKiosk(state);
  useTellHost(state);
  useEffect(() => {
    document.title = `${title} · Halftone`;
  }, [title]);
  const columns = dashboard.columns ?? DEFAULT_COLUMNS;
  const large = state.large.value;
  return (
    <main id="main" class="dashboard" tabIndex={-1} data-kiosk={kiosk ? '' : undefined}>
      {!kiosk && (
        <div class="dashboard-head">
          <h1>{title}</h1>
          <DashboardMenu state={state} />
          {dashboard.description && <p class="muted">{dashboard.description}</p>}
          <PageTabs state={state} />
        </div>
      )}
      {!kiosk && <ParameterBar state={state} />}
      {!kiosk && <FilterBar state={state} />}
      <ConfigNote />
      <FaultNote
        faults={[
          ...navigation.faults.value.map(
            ({ parameter, value, reason }) => `${parameter}=${value.slice(0, 60)}: ${reason}`,
          ),
          ...unusedParts(state.view.value, namesOf(state)),
        ]}
      />
      <FaultNote
        faults={info.problems
          .filter(({ chart }) => chart === undefined && !state.datasets.some(state.isOlder))
          .map(
            ({ message, hint, file, line }) =>
              `${file === undefined ? '' : `${file}:${line}: `}${message}${hint ? ` ${hint}` : ''}`,
          )}
        lead="Parts of this dashboard do not fit the data:"
      />
      {page.items.length === 0 ? (
        <div class="centered">
          <h2>This page has no charts yet.</h2>
          <p class="muted">
            Explore a dataset, and choose “Save as YAML” from the menu of its chart.
          </p>
        </div>
      ) : (
        <div
          class="grid"
          role="group"
          aria-label={page.title || title}
          data-large={large ?? undefined}
          style={{ '--columns': columns }}
        >
          {page.items.map(({ id, item, path }) => {
            const span =
              item.span ??
              (item.chart === undefined ? columns : Math.max(1, Math.ceil(columns / 2)));
            const style = {
              '--span': Math.min(span, columns),
              '--height': item.height ?? 8,
              gridColumnStart: item.column,
              gridRowStart: item.row,
            };
            return (
              <div
                key={id ?? path}
                class={`grid-item${item.text === undefined ? '' : ' text'}${item.chart?.mark === 'value' ? ' value' : ''}${large !== null && large === id ? ' large' : ''}${item.height === undefined ? ' natural' : ''}`}
                style={style as JSX.CSSProperties}
              >
                {item.text === undefined ? (
                  <ChartCell state={state} id={id!} item={item} />
                ) : (
                  <TextBlock text={item.text} />
                )}
              </div>
            );
          })}
        </div>
      )}
    </main>
  );
}
