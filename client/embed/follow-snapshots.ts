import type { DatasetInfo } from '../../protocol/dataset.js';

/** A dataset has other rows from now on. */
export interface SnapshotNews {
  dataset: string;
  snapshot: string;
}

interface Following {
  /** The address of the server's event stream. */
  address: string;
  /** A browser sends no token with an event stream: then the list of datasets is asked for now and then. */
  hasToken: boolean;
  datasets: () => Promise<DatasetInfo[]>;
}

const ASK_EVERY_MS = 5_000;
/** Some proxies end the stream for good; then it is begun anew. */
const RETRY_MS = 2_000;

/** Tells listeners of new snapshots, by one stream for all of them that lasts as long as there is one. */
export function followSnapshots(
  following: Following,
): (listener: (news: SnapshotNews) => void) => () => void {
  const listeners = new Set<(news: SnapshotNews) => void>();
  let stop: (() => void) | undefined;
  const tell = (news: SnapshotNews): void => {
    for (const listener of listeners) listener(news);
  };
  return (listener) => {
    // One function may listen twice, and stop once.
    const own = (news: SnapshotNews): void => listener(news);
    listeners.add(own);
    stop ??= following.hasToken ? askNowAndThen(following, tell) : listen(following, tell);
    return () => {
      listeners.delete(own);
      if (listeners.size > 0) return;
      stop?.();
      stop = undefined;
    };
  };
}

function listen({ address }: Following, tell: (news: SnapshotNews) => void): () => void {
  let stream: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    stream = new EventSource(address);
    stream.addEventListener('snapshot', ({ data }: MessageEvent<string>) =>
      tell(JSON.parse(data) as SnapshotNews),
    );
    stream.addEventListener('error', () => {
      if (stream.readyState === EventSource.CLOSED) timer = setTimeout(open, RETRY_MS);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    stream.close();
  };
}

function askNowAndThen({ datasets }: Following, tell: (news: SnapshotNews) => void): () => void {
  const known = new Map<string, string>();
  const ask = async (): Promise<void> => {
    for (const { name, snapshot } of await datasets()) {
      if (snapshot === null) continue;
      const before = known.get(name);
      known.set(name, snapshot);
      if (before !== undefined && before !== snapshot) tell({ dataset: name, snapshot });
    }
  };
  const askQuietly = (): void => void ask().catch(() => undefined);
  askQuietly();
  const timer = setInterval(askQuietly, ASK_EVERY_MS);
  return () => clearInterval(timer);
}
