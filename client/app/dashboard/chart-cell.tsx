import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import type { DashboardItem } from '../../../protocol/dashboard.js';
import { viewOfChart } from '../../../protocol/dashboard/chart-words.js';
import { splitName } from '../../../protocol/parameter-names.js';
import { formatCount } from '../format.js';
import { FaultNote } from '../fault-note.js';
import { AgainstChip } from '../inspect/against-chip.js';
import { FreshnessChip } from '../freshness/freshness-chip.js';
import { Icon } from '../icon.js';
import { Legend } from '../picture/legend.js';
import { Picture } from '../picture/picture.js';
import { titleOf } from '../picture/title.js';
import { DatasetState } from '../start/load-panel.js';
import { StoreContext, useStore } from '../store.js';
import { DataTable } from '../table/lazy-table.js';
import { ChartMenu } from './chart-menu.js';
import { createChartStore } from './chart-store.js';
import { datasetOf, type DashboardState } from './dashboard-state.js';

/** A chart that is this near to the screen, in CSS pixels, is asked for. */
const NEAR_PX = 200;

/** One chart of a dashboard: its title, its picture, where its rows went. What fails in it harms no other. */
export function ChartCell({
  state,
  id,
  item,
}: {
  state: DashboardState;
  id: string;
  item: DashboardItem;
}): JSX.Element {
  const page = useStore();
  const host = useRef<HTMLElement>(null);
  const seen = useMemo(() => signal(false), [state, id]);
  const store = useMemo(
    () => createChartStore(page, state, { base: viewOfChart(item.chart!).view, id, seen }),
    [page, state, id],
  );
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => (seen.value = entries.at(-1)!.isIntersecting),
      { rootMargin: `${NEAR_PX}px` },
    );
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, [seen]);
  const problems = state.isOlder(datasetOf(state.dashboard, state.view.value, item.chart!.dataset))
    ? []
    : state.problems.filter(({ chart }) => chart === id);
  const plot = store.plot.value;
  const title = item.title ?? (plot ? titleOf(plot) : item.chart!.dataset);
  return (
    <StoreContext.Provider value={store}>
      <article ref={host} class="cell" aria-label={title} data-chart={id}>
        <header class="cell-head">
          <h2 title={title}>{title}</h2>
          <ChartMenu state={state} id={id} title={title} />
        </header>
        {problems.length > 0 ? (
          <div class="centered" role="alert">
            <Icon name="warning" size={20} />
            {problems.map(({ message, hint, file, line }) => (
              <p key={message}>
                {message} {hint}
                {file !== undefined && (
                  <>
                    <br />
                    <code class="muted small">
                      {file}:{line}
                    </code>
                  </>
                )}
              </p>
            ))}
          </div>
        ) : (
          <CellBody
            seen={seen.value}
            dataset={datasetOf(state.dashboard, state.view.value, item.chart!.dataset)}
          />
        )}
      </article>
    </StoreContext.Provider>
  );
}

function CellBody({ seen, dataset: name }: { seen: boolean; dataset: string }): JSX.Element {
  const { dataset, datasets, plot } = useStore();
  const wasSeen = useRef(false);
  wasSeen.current ||= seen;
  const info = dataset.value;
  if (!info) {
    return (
      <div class="centered muted" role="status">
        {datasets.list.value === null || splitName(name) !== undefined
          ? 'Looking for the data…'
          : `There is no dataset “${name}” now.`}
      </div>
    );
  }
  if (info.status !== 'ready') return <DatasetState dataset={info} />;
  if (!wasSeen.current || !plot.value) return <div class="cell-waiting" />;
  return (
    <>
      <FaultNote faults={plot.value.faults} />
      <div class="cell-stage">
        {plot.value.mark === 'rows' ? (
          <DataTable />
        ) : (
          <>
            <Picture />
            <Legend />
          </>
        )}
      </div>
      <CellStatus />
    </>
  );
}

/** How many rows are in the picture, in as few words as it takes. */
function CellStatus(): JSX.Element {
  const { shown } = useStore();
  const current = shown.value?.metadata;
  if (!current) return <footer class="cell-status" />;
  const { total, matched, drawn } = current.rows;
  return (
    <footer
      class="cell-status"
      title={`${formatCount(drawn)} drawn of ${formatCount(matched)} that match, of ${formatCount(total)} rows`}
    >
      <span class="number">
        {drawn === total
          ? `${formatCount(total)} rows`
          : `${formatCount(drawn)} of ${formatCount(total)} rows`}
      </span>
      {current.estimated ? (
        <span class="badge">about</span>
      ) : (
        !current.exact && <span class="badge">approximate</span>
      )}
      <AgainstChip />
      <FreshnessChip />
    </footer>
  );
}
