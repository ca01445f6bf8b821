import { signal, type ReadonlySignal } from '@preact/signals';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { api } from './api.js';

/** What there is on the server, kept current by its events. */
export interface Datasets {
  /** Null until the first answer. */
  readonly list: ReadonlySignal<readonly DatasetInfo[] | null>;
  /** False while the server cannot be reached. */
  readonly online: ReadonlySignal<boolean>;
  find(name: string): DatasetInfo | undefined;
  refresh(): Promise<void>;
}

/** While the event stream is down, the list is asked for at this pace. */
const RETRY_MS = 2_000;

/** Follows the server's datasets: loads the list, then listens to events for progress and new snapshots. */
export function followDatasets(): Datasets {
  const list = signal<readonly DatasetInfo[] | null>(null);
  const online = signal(true);
  let asking: Promise<void> | undefined;
  let again = false;

  // Many events at once cost one question, and one more for what came after it was asked.
  function refresh(): Promise<void> {
    again = asking !== undefined;
    asking ??= ask().finally(() => {
      asking = undefined;
      if (again) void refresh();
    });
    return asking;
  }

  async function ask(): Promise<void> {
    try {
      list.value = await api.datasets();
      online.value = true;
    } catch {
      online.value = false;
    }
  }

  function patch(event: MessageEvent<string>): void {
    const { dataset: name, ...change } = JSON.parse(event.data) as {
      dataset: string;
    } & Partial<DatasetInfo>;
    const known = list.value?.find((each) => each.name === name);
    const sameSnapshot = change.snapshot === undefined || change.snapshot === known?.snapshot;
    const news = !known || change.status !== known.status || !sameSnapshot || !change.progress;
    if (known && change.progress) {
      const next = { ...known, progress: change.progress };
      list.value = list.value!.map((each) => (each === known ? next : each));
    }
    // Columns, report and problem come with the whole description only.
    if (news) void refresh();
  }

  function listen(): void {
    const events = api.events();
    events.addEventListener('open', () => void refresh());
    events.addEventListener('dataset', patch);
    events.addEventListener('snapshot', () => void refresh());
    events.addEventListener('error', () => {
      // Some proxies end the stream for good; then it is begun anew.
      events.close();
      setTimeout(() => {
        void refresh().then(listen, listen);
      }, RETRY_MS);
    });
  }

  void refresh();
  listen();
  return {
    list,
    online,
    find: (name) => list.value?.find((each) => each.name === name),
    refresh,
  };
}
