/** What is heard of the server's events: they are coming, one of them, or that they are not coming for now. */
export type Heard =
  { kind: 'open' } | { kind: 'event'; name: string; data: string } | { kind: 'lost' };

/** What the browser lends: a stream of server-sent events, as `EventSource` is one. */
export type Source = Pick<EventSource, 'addEventListener' | 'close'>;

const NAMES = ['dataset', 'snapshot', 'run', 'config'] as const;

/** While the server cannot be reached, it is tried again at this pace. */
const RETRY_MS = 2_000;

/**
 * Keeps one stream of events open until the returned function is called. Some proxies end a stream for good; then it is
 * begun anew, and whoever hears `open` asks for the present state.
 */
export function keepFeed(open: () => Source, hear: (heard: Heard) => void): () => void {
  let source: Source | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const begin = (): void => {
    const mine = open();
    source = mine;
    mine.addEventListener('open', () => hear({ kind: 'open' }));
    for (const name of NAMES) {
      mine.addEventListener(name, (event) => {
        hear({ kind: 'event', name, data: (event as MessageEvent<string>).data });
      });
    }
    mine.addEventListener('error', () => {
      if (source !== mine) return;
      mine.close();
      source = undefined;
      hear({ kind: 'lost' });
      timer = setTimeout(begin, RETRY_MS);
    });
  };
  begin();
  return () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
}
