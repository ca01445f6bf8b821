import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { splitName } from '../../protocol/parameter-names.js';
import { ChartControls } from './controls/chart-controls.js';
import { Chips } from './controls/chips.js';
import { FilterList } from './controls/filter-list.js';
import { AgainstChip } from './inspect/against-chip.js';
import { FaultNote } from './fault-note.js';
import { Icon } from './icon.js';
import { Headline } from './picture/headline.js';
import { Legend } from './picture/legend.js';
import { Picture } from './picture/picture.js';
import { Tools } from './picture/tools.js';
import { StatusLine } from './picture/status-line.js';
import { isCsv } from './start/is-csv.js';
import { lazy } from './lazy.js';
import { useInstance } from './parameters/use-instance.js';
import { useStore } from './store.js';
import { DataTable } from './table/lazy-table.js';

const DatasetState = lazy(async () => (await import('./start/load-panel.js')).DatasetState);
const ParameterForm = lazy(
  async () => (await import('./parameters/parameter-form.js')).ParameterForm,
);
const CsvOptions = lazy(async () => (await import('./start/csv-options.js')).CsvOptions);

/** One dataset: the panel of choices, the picture, and the rows below. */
export function Explorer(): JSX.Element {
  const { dataset, datasets, navigation, preferences, plot } = useStore();
  const info = dataset.value;
  const view = navigation.view.value!;
  const wrong = useInstance(view.dataset, (name) => navigation.revise({ ...view, dataset: name }));
  if (!info) {
    return (
      <main id="main" class="page" tabIndex={-1}>
        {datasets.list.value === null ||
        (splitName(view.dataset) !== undefined && wrong === undefined) ? (
          <div class="centered muted">Looking for {view.dataset}…</div>
        ) : (
          <div class="centered">
            <h1>There is no dataset “{view.dataset}”</h1>
            <p class="muted">
              {wrong?.message ??
                'It may have another name now, or was not opened since the server started.'}
            </p>
            <button type="button" class="button primary" onClick={() => navigation.commit(null)}>
              See what there is
            </button>
          </div>
        )}
      </main>
    );
  }
  if (info.status !== 'ready') {
    return (
      <main id="main" class="page" tabIndex={-1}>
        <Combination />
        <DatasetState dataset={info} />
      </main>
    );
  }
  const onlyRows = plot.value?.mark === 'rows';
  const tableOpen = preferences.tableOpen.value || onlyRows;
  return (
    <div class="explorer">
      <Panel />
      <main id="main" class="work" tabIndex={-1}>
        <div class="work-head">
          <Headline />
          <AgainstChip />
          <Chips />
          <Tools />
        </div>
        <Notices />
        {!onlyRows && (
          <div class="stage">
            <Picture />
            <Legend />
          </div>
        )}
        <StatusLine />
        {tableOpen && !onlyRows && <Splitter />}
        <section
          class="rows"
          aria-label="Rows"
          hidden={!tableOpen}
          style={onlyRows ? { flex: 1 } : { height: `${100 * preferences.tableShare.value}%` }}
        >
          {tableOpen && <DataTable />}
        </section>
        {!onlyRows && (
          <button
            type="button"
            class="table-toggle"
            aria-expanded={tableOpen}
            onClick={() => (preferences.tableOpen.value = !tableOpen)}
          >
            <Icon name="rows" size={14} /> {tableOpen ? 'Hide rows' : 'Show rows'}
          </button>
        )}
      </main>
    </div>
  );
}

/** The choices; on narrow screens a drawer over the picture. */
function Panel(): JSX.Element {
  const { panelOpen, dataset } = useStore();
  const open = panelOpen.value;
  return (
    <>
      <nav id="panel" class="panel" aria-label="Chart and filters" hidden={!open}>
        <Combination />
        <ChartControls />
        <FilterList />
        {dataset.value && isCsv(dataset.value.source) && (
          <section class="group">
            <CsvOptions dataset={dataset.value} />
          </section>
        )}
      </nav>
      {open && (
        <button
          type="button"
          class="scrim"
          aria-label="Close the panel"
          onClick={() => (panelOpen.value = false)}
        />
      )}
    </>
  );
}

/** Which combination of parameters is looked at; another one keeps the choices about the picture. */
function Combination(): JSX.Element | null {
  const { dataset, navigation } = useStore();
  const info = dataset.value;
  const view = navigation.view.value;
  if (info?.parameters === undefined || !view) return null;
  return (
    <section class="group">
      <h2>Parameters</h2>
      <ParameterForm
        base={info.of?.dataset ?? info.name}
        parameters={info.parameters}
        name={info.name}
        info={info}
        onRun={(next) => {
          const { snapshot: _, ...rest } = view;
          navigation.commit({ ...rest, dataset: next });
        }}
      />
    </section>
  );
}

/** What of the address could not be used: told once, until the next choice. */
function Notices(): JSX.Element {
  const { navigation, plot } = useStore();
  const faults = [
    ...navigation.faults.value.map(
      ({ parameter, value, reason }) => `${parameter}=${value.slice(0, 60)}: ${reason}`,
    ),
    ...(plot.value?.faults ?? []),
  ];
  return <FaultNote faults={faults} />;
}

/** The line between picture and table, moved by mouse or arrow keys. */
function Splitter(): JSX.Element {
  const { tableShare } = useStore().preferences;
  const held = useRef(false);
  const set = (share: number): void => {
    tableShare.value = Math.min(0.75, Math.max(0.15, share));
  };
  useEffect(() => () => void (held.current = false), []);
  return (
    <div
      class="splitter"
      role="separator"
      tabIndex={0}
      aria-orientation="horizontal"
      aria-label="Height of the table"
      aria-valuenow={Math.round(tableShare.value * 100)}
      aria-valuemin={15}
      aria-valuemax={75}
      onPointerDown={(event) => {
        held.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!held.current) return;
        const work = event.currentTarget.parentElement!.getBoundingClientRect();
        set((work.bottom - event.clientY) / work.height);
      }}
      onPointerUp={() => (held.current = false)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        set(tableShare.value + (event.key === 'ArrowUp' ? 0.03 : -0.03));
      }}
    />
  );
}
