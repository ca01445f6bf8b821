import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { JSX } from 'preact';
import { lazy } from './lazy.js';
import { Explorer } from './explorer.js';
import { FreshnessPanel } from './freshness/freshness-chip.js';
import { Header } from './header.js';
import { LazyJobsPage } from './jobs/lazy-jobs-page.js';
import { useShortcuts } from './shortcuts.js';
import { useStore, type Store } from './store.js';
import { DataTable } from './table/lazy-table.js';

/** A message stays long enough to be read. */
const MESSAGE_MS = 4_000;

const StartPage = lazy(async () => (await import('./start/start-page.js')).StartPage);
const DashboardPage = lazy(
  async () => (await import('./dashboard/dashboard-page.js')).DashboardPage,
);

/** The page: a header, and below it the explorer of one dataset or the start page. */
export function App(): JSX.Element {
  const store = useStore();
  const { navigation, datasets, message } = store;
  const place = navigation.place.value;
  const view = navigation.view.value;
  useShortcuts(store);
  useEffect(() => {
    if (place.page !== 'dashboard' && place.page !== 'jobs') {
      document.title = view ? `${view.dataset} · Halftone` : 'Halftone';
    }
  }, [place.page, view?.dataset]);
  useEffect(() => preloadBehindPicture(store), [store]);
  useEffect(() => {
    if (message.value === '') return undefined;
    const timer = setTimeout(() => (message.value = ''), MESSAGE_MS);
    return () => clearTimeout(timer);
  }, [message.value]);
  return (
    <div class="app">
      <a class="skip" href="#main" onClick={skip}>
        Skip to the picture
      </a>
      <Header />
      {!datasets.online.value && (
        <div class="banner" role="alert">
          The server cannot be reached. What you see stays; the page tries again by itself.
        </div>
      )}
      {place.page === 'explore' ? (
        <Explorer />
      ) : place.page === 'dashboard' ? (
        <DashboardPage name={place.view.dashboard} />
      ) : place.page === 'jobs' ? (
        <LazyJobsPage />
      ) : (
        <StartPage />
      )}
      <div class="toast" role="status" aria-live="polite">
        {message.value && <span>{message.value}</span>}
      </div>
    </div>
  );
}

/** What a person is likely to want next is fetched behind the first picture, when the page has nothing else to do. */
function preloadBehindPicture({ navigation, shown }: Store): () => void {
  const atRest = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
  let isBegun = false;
  return effect(() => {
    if (isBegun || (navigation.place.value.page === 'explore' && shown.value === null)) return;
    isBegun = true;
    atRest(() => {
      // What fails now is tried again, and told, when it is wanted.
      for (const part of [DataTable, FreshnessPanel, StartPage])
        part.preload().catch(() => undefined);
    });
  });
}

/** A plain link to `#main` would leave the page, because addresses are relative to the base. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
