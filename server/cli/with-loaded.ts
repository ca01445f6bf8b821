import { createCatalog, type Catalog } from '../catalog/catalog.js';
import { createEventHub } from '../events/hub.js';
import { parseCsvOptions } from '../loader/sources/parse-csv-options.js';
import { resolveSources } from '../loader/sources/resolve-sources.js';
import type { CsvOptions } from '../loader/source.js';
import { createPool } from '../pool.js';
import { openServices, type Services } from '../services.js';
import { openCacheDir } from './cache-dir.js';
import { createLoadDisplay } from './load-display.js';
import { loadMemoryOf } from './load-memory.js';
import type { Terminal } from './terminal.js';

/** How files are loaded by a command that serves nobody. */
export interface LoadFlags {
  csv: readonly string[];
  strict?: boolean;
  cacheDir?: string;
}

export interface LoadedOptions {
  terminal: Terminal;
  stop: AbortSignal;
  /** Bytes of columns in memory. */
  memoryLimit: number;
  /** Worker threads; by default one a core. */
  threads?: number;
}

/** What `withLoaded` lends until its function has ended. */
export interface Loaded {
  catalog: Catalog;
  services: Services;
}

/**
 * Loads paths as `serve` does, without a server, and hands them to `use`; what that leaves in the cache makes a `serve` of the same
 * files quick. Throws what the first path or the first load is refused for.
 */
export async function withLoaded<T>(
  paths: readonly string[],
  flags: LoadFlags,
  { terminal, stop, memoryLimit, threads }: LoadedOptions,
  use: (loaded: Loaded) => Promise<T>,
): Promise<T> {
  const { cwd, err, now } = terminal;
  const csv = Object.assign({}, ...flags.csv.map(parseCsvOptions)) as CsvOptions;
  const strict = flags.strict ?? false;
  const services = await openServices({
    cacheDir: await openCacheDir(flags.cacheDir, terminal),
    memoryLimit,
    pool: createPool(threads === undefined ? {} : { threads }),
    loadMemory: loadMemoryOf(terminal),
    warn: (message) => err(`${message}\n`),
  });
  const display = createLoadDisplay(terminal);
  let failure: Error | undefined;
  const catalog = createCatalog({
    parts: services.catalogParts,
    events: createEventHub({ epoch: 'command', history: 1 }),
    now,
    onProgress: display.progress,
    onSettled: (_info, error) => {
      display.clear();
      failure ??= error;
    },
  });
  const end = () => void Promise.all([catalog.close(), services.endLoads()]);
  stop.addEventListener('abort', end, { once: true });
  try {
    const found = await resolveSources(paths, { cwd, csv, strict, describe: services.describe });
    if (found.problems[0] !== undefined) throw found.problems[0].error;
    for (const { message } of found.warnings) err(`${message}\n`);
    catalog.add(found.sources);
    await catalog.idle();
    if (failure !== undefined) throw failure;
    return await use({ catalog, services });
  } finally {
    stop.removeEventListener('abort', end);
    await catalog.close();
    await services.close();
  }
}
