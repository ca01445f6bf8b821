import type { ServerResponse } from 'node:http';
import { HalftoneError } from '../errors.js';
import { formatEvent } from '../events/format-event.js';
import type { App, AppParts } from './parts.js';

/** Open streams of events: beyond it, a newcomer is asked to come back. */
export const MAX_EVENT_CLIENTS = 1000;
/** Proxies close what is silent for long; half a minute is a common limit. */
const HEARTBEAT_MS = 15_000;
/** A reader that leaves so much unread is let go: it comes back and is told the present state. */
const MAX_UNREAD_BYTES = 256 * 1024;
const HEARTBEAT = Buffer.from(':\n\n');

/** Server-sent events: what happens to datasets, with ids and replay. */
export function eventRoutes(app: App, { catalog, events, isClosing }: AppParts): void {
  const open = new Set<ServerResponse>();
  let heartbeat: NodeJS.Timeout | undefined;

  app.get('/events', { schema: { summary: 'Server-sent events' } }, (request, reply) => {
    if (open.size >= MAX_EVENT_CLIENTS || isClosing()) {
      throw new HalftoneError('OVERLOADED', `${open.size} streams of events are open already.`, {
        hint: 'Ask again later.',
      });
    }
    reply.hijack();
    const stream = reply.raw;
    // Ended by its connection alone, an event is the same bytes to every reader, with no chunk of its own around it.
    stream.removeHeader('transfer-encoding');
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
    stream.flushHeaders();
    // A little jitter keeps a thousand readers from coming back in the same instant.
    send(stream, Buffer.from(`retry: ${2000 + Math.floor(Math.random() * 2000)}\n\n`));
    const lastSeen = request.headers['last-event-id'];
    const missed = typeof lastSeen === 'string' ? events.since(lastSeen) : undefined;
    const past = missed?.map(({ bytes }) => bytes) ?? presentState();
    if (past.length > 0) send(stream, Buffer.concat(past));
    const unsubscribe = events.subscribeReader(({ bytes }) => send(stream, bytes));
    open.add(stream);
    heartbeat ??= setInterval(() => {
      for (const each of open) send(each, HEARTBEAT);
    }, HEARTBEAT_MS);
    stream.on('close', () => {
      unsubscribe();
      open.delete(stream);
      if (open.size > 0) return;
      clearInterval(heartbeat);
      heartbeat = undefined;
    });
  });

  /** What somebody has to know who saw no event so far. */
  function presentState(): Buffer[] {
    return catalog.list().map((info) => {
      const { name, status, snapshot, sequence, rows, progress, problem, stale } = info;
      return formatEvent(events.lastId, {
        name: 'dataset',
        data: { dataset: name, status, snapshot, sequence, rows, progress, problem, stale },
      });
    });
  }

  // Streams never end by themselves, and close() waits for every answer to end.
  app.addHook('preClose', (done) => {
    for (const stream of open) stream.end();
    done();
  });
}

/**
 * Writes to the connection of a stream, whose headers are there. Past its response: that keeps a record and plans a turn for each write,
 * which for a thousand readers took 15 MB.
 */
function send({ socket, writableEnded }: ServerResponse, bytes: Buffer): void {
  // At a shutdown loads end, and say so, while the last bytes are still on their way to a slow reader.
  if (socket === null || writableEnded) return;
  if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy();
  else socket.write(bytes);
}
