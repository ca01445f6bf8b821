import type { FastifyInstance } from 'fastify';
import type { Catalog } from '../catalog/catalog.js';
import type { Runs } from '../jobs/runs.js';
import type { Services } from '../services.js';

/** Answers that are under way have so long to end; what takes longer is an export or a reader that stalls. */
const DRAIN_MS = 1000;

/**
 * Stops a server in order: streams of events end, loads are stopped and their children with them, answers under way
 * are finished within a second, what is left then is cut off.
 */
export async function shutDown({
  app,
  catalog,
  runs,
  services,
}: {
  app: Pick<FastifyInstance, 'close' | 'server'>;
  catalog: Pick<Catalog, 'close'>;
  runs: Pick<Runs, 'flushed'>;
  services: Pick<Services, 'endLoads' | 'close'>;
}): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
  const stopped = Promise.all([app.close(), catalog.close(), services.endLoads()]);
  try {
    await stopped;
  } finally {
    clearTimeout(cut);
    // How the loads have ended is written while the folder is ours still.
    await runs.flushed();
    await services.close();
  }
}
