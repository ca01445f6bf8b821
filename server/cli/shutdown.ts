import type { FastifyInstance } from 'fastify';
import type { Catalog } from '../catalog/catalog.js';

/** Answers that are under way have so long to end. */
const DRAIN_MS = 3000;

/**
 * Stops a server in order: streams of events end, loads are stopped and their children with them, answers under way
 * are finished within a few seconds, what is left then is cut off.
 */
export async function shutDown({
  app,
  catalog,
  close,
}: {
  app: Pick<FastifyInstance, 'close' | 'server'>;
  catalog: Pick<Catalog, 'close'>;
  close: () => Promise<void>;
}): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
  const stopped = Promise.all([app.close(), catalog.close()]);
  try {
    await stopped;
  } finally {
    clearTimeout(cut);
    await close();
  }
}
