import type { ServerResponse } from 'node:http';
import { HalftoneError } from '../errors.js';
import type { SentEvent } from '../events/hub.js';
import type { App, AppParts } from './parts.js';

/** Open streams of events: beyond it, a newcomer is asked to come back. */
export const MAX_EVENT_CLIENTS = 1000;
/** Proxies close what is silent for long; half a minute is a common limit. */
const HEARTBEAT_MS = 15_000;
/** A reader that leaves so much unread is let go: it comes back and is told the present state. */
const MAX_UNREAD_BYTES = 256 * 1024;

/** Server-sent events: what happens to datasets, with ids and replay. */
export function eventRoutes(app: App, { catalog, events, isClosing }: AppParts): void {
  const open = new Set<ServerResponse>();

  app.get('/events', { schema: { summary: 'Server-sent events' } }, (request, reply) => {
    if (open.size >= MAX_EVENT_CLIENTS || isClosing()) {
      throw new HalftoneError('OVERLOADED', `${open.size} streams of events are open already.`, {
        hint: 'Ask again later.',
      });
    }
    reply.hijack();
    const stream = reply.raw;
    const headers = reply.getHeaders() as Record<string, string>;
    stream.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // The stream lasts as long as its connection; kept open after its end, it would hold up a shutdown.
      connection: 'close',
    });
    if (request.method === 'HEAD') {
      stream.end();
      return;
    }
    const write = (text: string) => {
      // At a shutdown loads end, and say so, while the last bytes are still on their way to a slow reader.
      if (stream.writableEnded) return;
      const unread = (stream.socket?.writableLength ?? 0) + stream.writableLength;
      if (unread > MAX_UNREAD_BYTES) stream.destroy();
      else stream.write(text);
    };

    // A little jitter keeps a thousand readers from coming back in the same instant.
    write(`retry: ${2000 + Math.floor(Math.random() * 2000)}\n\n`);
    const lastSeen = request.headers['last-event-id'];
    const missed = typeof lastSeen === 'string' ? events.since(lastSeen) : undefined;
    for (const event of missed ?? presentState()) write(format(event));
    const unsubscribe = events.subscribe((event) => write(format(event)));
    const heartbeat = setInterval(() => write(':\n\n'), HEARTBEAT_MS);
    open.add(stream);
    stream.on('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
      open.delete(stream);
    });
  });

  /** What somebody has to know who saw no event so far. */
  function presentState(): SentEvent[] {
    return catalog.list().map(({ name, status, snapshot, rows, progress, problem, stale }) => ({
      id: events.lastId,
      name: 'dataset',
      data: { dataset: name, status, snapshot, rows, progress, problem, stale },
    }));
  }

  // Streams never end by themselves, and close() waits for every answer to end.
  app.addHook('preClose', (done) => {
    for (const stream of open) stream.end();
    done();
  });
}

function format({ id, name, data }: SentEvent): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
