import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { formatAge, formatBytes, formatNoun } from '../format.js';
import { Icon } from '../icon.js';
import { ConfigNote } from '../dashboard/config-note.js';
import { api, type Sample } from '../state/api.js';
import { formatPlace } from '../state/place.js';
import { useStore } from '../store.js';
import { DropZone } from './drop-zone.js';
import { Failure } from './failure.js';
import { LoadPanel } from './load-panel.js';
import { PathField } from './path-field.js';
import '../../styles/start.css';

/** Where a person begins: what is there already, a path, a file to drop, and samples. */
export function StartPage(): JSX.Element {
  const { datasets, navigation } = useStore();
  const list = datasets.list.value;
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const [problem, setProblem] = useState<Error>();
  useEffect(() => {
    api.samples().then(setSamples, () => {});
  }, []);

  const opened = async (answer: Promise<{ datasets: DatasetInfo[] }>): Promise<void> => {
    setProblem(undefined);
    try {
      const [first] = (await answer).datasets;
      await datasets.refresh();
      if (first) navigation.commit({ dataset: first.name });
    } catch (error) {
      setProblem(error as Error);
    }
  };
  const known = new Set(list?.map((dataset) => dataset.name));
  const offered = samples.filter((sample) => !known.has(sample.name));
  return (
    <main id="main" class="start" tabIndex={-1}>
      <div class="start-inner">
        <header>
          <h1>Open a table</h1>
          <p class="muted">
            CSV, TSV, Parquet, Arrow or JSON lines, of any size. Every row stays on this machine,
            and every row is drawn.
          </p>
        </header>
        <ConfigNote />
        <PathField onOpen={(path) => void opened(api.open({ path }))} />
        <DropZone onDone={(answer) => void opened(answer)} />
        {problem && <Failure error={problem} />}
        <DashboardList />
        {list && list.length > 0 && (
          <section aria-labelledby="datasets-heading">
            <h2 id="datasets-heading">Datasets</h2>
            <ul class="cards">
              {list.map((dataset) => (
                <li key={dataset.name}>
                  <DatasetCard dataset={dataset} />
                </li>
              ))}
            </ul>
          </section>
        )}
        {offered.length > 0 && (
          <section aria-labelledby="samples-heading">
            <h2 id="samples-heading">Samples to try</h2>
            <ul class="cards">
              {offered.map((sample) => (
                <li key={sample.name}>
                  <button
                    type="button"
                    class="card"
                    onClick={() => void opened(api.open({ sample: sample.name }))}
                  >
                    <Icon name="file" size={20} />
                    <span class="card-text">
                      <b>{sample.name}</b>
                      <span class="muted">
                        {sample.file}, {formatBytes(sample.bytes)}
                      </span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </main>
  );
}

/** The dashboards of the configuration. */
function DashboardList(): JSX.Element | null {
  const { dashboards, navigation } = useStore();
  const list = dashboards.list.value ?? [];
  if (list.length === 0) return null;
  return (
    <section aria-labelledby="dashboards-heading">
      <h2 id="dashboards-heading">Dashboards</h2>
      <ul class="cards">
        {list.map(({ name, title, description, pages, charts, problems }) => {
          const place = { page: 'dashboard', view: { dashboard: name } } as const;
          return (
            <li key={name}>
              <a
                class="card"
                href={formatPlace(place)}
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                  event.preventDefault();
                  navigation.go(place);
                }}
              >
                <Icon name="grid" size={20} />
                <span class="card-text">
                  <b>{title}</b>
                  <span class="muted">
                    {description && (
                      <>
                        {description}
                        <br />
                      </>
                    )}
                    {formatNoun(charts, 'chart')}
                    {pages > 1 && ` on ${pages} pages`}
                  </span>
                  {problems > 0 && (
                    <span class="danger-text">
                      {formatNoun(problems, 'part')} of it {problems === 1 ? 'does' : 'do'} not fit
                      the data
                    </span>
                  )}
                </span>
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function DatasetCard({ dataset }: { dataset: DatasetInfo }): JSX.Element {
  const { navigation, now } = useStore();
  const { name, status, rows, columns, bytes, createdAt, problem } = dataset;
  if (status === 'loading') return <LoadPanel dataset={dataset} compact />;
  return (
    <a
      class="card"
      href={navigation.href({ dataset: name })}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        navigation.commit({ dataset: name });
      }}
    >
      <Icon name={status === 'failed' ? 'warning' : 'rows'} size={20} />
      <span class="card-text">
        <b>{name}</b>
        {status === 'failed' ? (
          <span class="danger-text">{problem?.detail ?? 'It could not be loaded.'}</span>
        ) : (
          <span class="muted">
            {formatNoun(rows, 'row')} · {formatNoun(columns.length, 'column')} ·{' '}
            {formatBytes(bytes)}
            {createdAt && (
              <>
                <br />
                loaded {formatAge(now.value - Date.parse(createdAt))}
              </>
            )}
          </span>
        )}
      </span>
    </a>
  );
}
