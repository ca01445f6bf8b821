import type { FastifyReply } from 'fastify';

/** A signal that fires when the client goes away before its answer is complete. */
export function withdrawnSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  if (reply.raw.destroyed) controller.abort();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
