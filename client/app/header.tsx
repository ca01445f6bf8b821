import type { JSX } from 'preact';
import { formatCompact } from './format.js';
import { Icon } from './icon.js';
import { JobsLink } from './jobs/jobs-link.js';
import { useStore } from './store.js';
import { Toolbar } from './toolbar.js';

/** The name of the product, the dataset, and the toolbar. */
export function Header(): JSX.Element {
  const { navigation, datasets, panelOpen, dataset } = useStore();
  const view = navigation.view.value;
  const list = datasets.list.value ?? [];
  const home = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigation.commit(null);
  };
  return (
    <header class="header">
      {view && (
        <button
          type="button"
          class="button quiet icon"
          aria-label={panelOpen.value ? 'Hide the panel' : 'Show the panel'}
          title="Panel"
          aria-expanded={panelOpen.value}
          aria-controls="panel"
          onClick={() => (panelOpen.value = !panelOpen.value)}
        >
          <Icon name="panel" />
        </button>
      )}
      <a class="brand" href="./" onClick={home} aria-label="Halftone, start page">
        <Logo />
        <span>Halftone</span>
      </a>
      {view && (
        <label class="dataset-picker">
          <span class="sr-only">Dataset</span>
          <select
            class="field"
            value={view.dataset}
            onChange={(event) => {
              const { value } = event.currentTarget;
              navigation.commit(value === '' ? null : { dataset: value });
            }}
          >
            {!dataset.value && <option value={view.dataset}>{view.dataset}</option>}
            {list.map(({ name, rows, status }) => (
              <option key={name} value={name}>
                {name}
                {/* What is said of the open one elsewhere would only cut its name off. */}
                {name === view.dataset
                  ? ''
                  : ` (${status === 'ready' ? `${formatCompact(rows)} rows` : status})`}
              </option>
            ))}
            <option value="">Open another…</option>
          </select>
        </label>
      )}
      <span class="spacer" />
      <JobsLink />
      <Toolbar />
    </header>
  );
}

/** A corner of a halftone print: dots that grow. */
function Logo(): JSX.Element {
  return (
    <svg width="22" height="22" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
      {[5, 12, 19].map((y, row) =>
        [5, 12, 19].map((x, column) => (
          <circle key={`${x} ${y}`} cx={x} cy={y} r={1.2 + (row + column) * 0.62} />
        )),
      )}
    </svg>
  );
}
