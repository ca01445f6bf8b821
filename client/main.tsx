import { computed, effect, signal } from '@preact/signals';
import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/picture.css';
import './styles/freshness.css';
import { App } from './app/app.js';
import { api } from './app/state/api.js';
import { createDashboards } from './app/state/dashboards.js';
import { holdDatasets } from './app/freshness/hold-datasets.js';
import { followDatasets } from './app/state/datasets.js';
import { createNavigation } from './app/state/navigation.js';
import { createPinned } from './app/state/pinned.js';
import { createPictureFirst } from './app/state/picture-first.js';
import { openPreferences } from './app/state/preferences.js';
import { createAsker } from './data/ask.js';
import { openFeed } from './data/events/open-feed.js';
import { createStore, StoreContext } from './app/store.js';

/** How often ages such as "3 min ago" are told anew. */
const CLOCK_MS = 20_000;

const basePath = new URL(document.baseURI).pathname;
const preferences = openPreferences(storageOf(), basePath);
const darkMedia = globalThis.matchMedia('(prefers-color-scheme: dark)');
const systemDark = signal(darkMedia.matches);
darkMedia.addEventListener('change', () => (systemDark.value = darkMedia.matches));
const pictureFirst = createPictureFirst();
const dashboards = createDashboards({
  list: () => api.dashboards(),
  problems: () => api.configProblems(),
  load: (name, signal) => api.dashboard(name, signal),
});
const store = createStore({
  pinned: createPinned(api.datasetAt),
  pictureFirst,
  navigation: createNavigation(
    {
      location: globalThis.location,
      history: globalThis.history,
      document,
      addEventListener: (type, listener) => globalThis.addEventListener(type, listener),
    },
    () => performance.now(),
    (run) => pictureFirst.withPicture(run),
  ),
  datasets: holdDatasets(
    followDatasets({
      ask: () => api.datasets(),
      listen: (hear) =>
        openFeed(api.eventsUrl(), (heard) => {
          hear(heard);
          if (heard.kind === 'open' || (heard.kind === 'event' && heard.name === 'config')) {
            void dashboards.refresh();
          }
        }),
      page: document,
    }),
  ),
  dashboards,
  preferences,
  ask: createAsker().ask,
  theme: computed(() =>
    preferences.theme.value === 'system'
      ? systemDark.value
        ? 'dark'
        : 'light'
      : preferences.theme.value,
  ),
  // On a small screen the panel is a drawer: it begins closed, and nobody wants that remembered.
  panelOpen: globalThis.matchMedia('(max-width: 700px)').matches
    ? signal(false)
    : preferences.panelOpen,
});

effect(() => {
  const { value } = preferences.theme;
  if (value === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = value;
});
setInterval(() => (store.now.value = Date.now()), CLOCK_MS);

// The chart is on its way while the datasets are still asked for; where it fails the picture says so.
if (store.navigation.place.peek().page !== 'start') import('./chart/chart.js').catch(() => {});

render(
  <StoreContext.Provider value={store}>
    <App />
  </StoreContext.Provider>,
  document.getElementById('app')!,
);

/** Even looking at the storage throws where a browser forbids it. */
function storageOf(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
