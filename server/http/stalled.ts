import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { App } from '../routes/parts.js';

/** A connection on which nothing moves for so long is closed: a reader that stalls holds memory. */
export const STALLED_MS = 60_000;

/**
 * Closes connections on which nothing has moved for `STALLED_MS`, which the server itself watches. Only one whose
 * request is here and unanswered stays: it is we who let it wait.
 */
export function closeStalled(app: App): void {
  const latest = new WeakMap<Socket, { request: IncomingMessage; response: ServerResponse }>();
  app.addHook('onRequest', (request, reply, done) => {
    latest.set(request.raw.socket, { request: request.raw, response: reply.raw });
    done();
  });
  app.server.on('timeout', (socket) => {
    const { request, response } = latest.get(socket) ?? {};
    const isOurTurn = request?.complete === true && response?.headersSent === false;
    if (!isOurTurn) socket.destroy();
  });
}
