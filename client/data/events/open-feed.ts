import { keepFeed, type Heard } from './feed.js';

/**
 * Listens to the server's events at `url`, an absolute address, for as long as the page is there: through the worker that
 * all tabs share, or, where the browser has no shared workers, through a stream of its own.
 */
export function openFeed(url: string, hear: (heard: Heard) => void): void {
  const port = sharedPort(url, () => keepFeed(() => new EventSource(url), hear));
  if (port === undefined) return;
  port.addEventListener('message', ({ data }: MessageEvent<Heard>) => hear(data));
  port.start();
  port.postMessage('join');
  globalThis.addEventListener('pagehide', () => port.postMessage('leave'));
  globalThis.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) port.postMessage('join');
  });
}

/** The port to the shared worker; where there can be none, calls `instead` and gives nothing. */
function sharedPort(url: string, instead: () => void): MessagePort | undefined {
  try {
    const worker = new SharedWorker(new URL('./feed-worker.ts', import.meta.url), {
      type: 'module',
      name: url,
    });
    worker.addEventListener('error', instead, { once: true });
    return worker.port;
  } catch {
    instead();
    return undefined;
  }
}
