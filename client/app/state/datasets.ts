import { signal, type ReadonlySignal } from '@preact/signals';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import type { Heard } from '../../data/events/feed.js';

/** What there is on the server, kept current by its events. */
export interface Datasets {
  /** Null until the first answer. */
  readonly list: ReadonlySignal<readonly DatasetInfo[] | null>;
  /** False while the server cannot be reached. */
  readonly online: ReadonlySignal<boolean>;
  find(name: string): DatasetInfo | undefined;
  refresh(): Promise<void>;
}

/** What the browser and the server lend to it. */
export interface DatasetsParts {
  ask: () => Promise<DatasetInfo[]>;
  /** Begins to listen to the server's events. */
  listen: (hear: (heard: Heard) => void) => void;
  page: Pick<Document, 'hidden' | 'addEventListener'>;
}

/** While the event stream is down, the list is asked for at this pace. */
const RETRY_MS = 2_000;

/**
 * Follows the server's datasets: loads the list, then listens to events for progress and new snapshots. A tab that nobody
 * sees waits, and catches up in one question when it is seen.
 */
export function followDatasets({ ask, listen, page }: DatasetsParts): Datasets {
  const list = signal<readonly DatasetInfo[] | null>(null);
  const online = signal(true);
  let asking: Promise<void> | undefined;
  let again = false;
  let isLost = false;
  let isMissing = false;

  // Many events at once cost one question, and one more for what came after it was asked.
  function refresh(): Promise<void> {
    again = asking !== undefined;
    asking ??= askNow().finally(() => {
      asking = undefined;
      if (again) void refresh();
    });
    return asking;
  }

  async function askNow(): Promise<void> {
    try {
      list.value = await ask();
      online.value = true;
    } catch {
      online.value = false;
    }
  }

  /** A question that may wait until the tab is seen. */
  function catchUp(): void {
    isMissing = page.hidden && list.peek() !== null;
    if (!isMissing) void refresh();
  }

  function patch(data: string): void {
    const { dataset: name, ...change } = JSON.parse(data) as {
      dataset: string;
    } & Partial<DatasetInfo>;
    const known = list.value?.find((each) => each.name === name);
    const sameSnapshot = change.snapshot === undefined || change.snapshot === known?.snapshot;
    const news = !known || change.status !== known.status || !sameSnapshot || !change.progress;
    if (known && change.progress && !page.hidden) {
      const next = { ...known, progress: change.progress };
      list.value = list.value!.map((each) => (each === known ? next : each));
    }
    // Columns, report and problem come with the whole description only.
    if (news) catchUp();
  }

  function keepAsking(): void {
    setTimeout(() => {
      if (isLost) void (page.hidden ? Promise.resolve() : refresh()).then(keepAsking);
    }, RETRY_MS);
  }

  void refresh();
  listen((heard) => {
    if (heard.kind === 'lost') {
      if (!isLost) keepAsking();
      isLost = true;
      return;
    }
    isLost = false;
    if (heard.kind === 'event' && heard.name === 'dataset') patch(heard.data);
    else if (heard.kind === 'open' || heard.name === 'snapshot') catchUp();
  });
  page.addEventListener('visibilitychange', () => {
    if (isMissing && !page.hidden) catchUp();
  });
  return {
    list,
    online,
    find: (name) => list.value?.find((each) => each.name === name),
    refresh,
  };
}
