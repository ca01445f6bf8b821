import { fileURLToPath } from 'node:url';
import { buildApp } from '../app.js';
import { comparingEngine } from '../catalog/comparing-engine.js';
import { createCatalog, type Catalog } from '../catalog/catalog.js';
import { createOpened } from '../catalog/opened.js';
import { followPatterns } from '../catalog/follow-patterns.js';
import { createPulledCopies } from '../catalog/pulled-copies.js';
import { rebuildingEngine } from '../catalog/rebuilding-engine.js';
import { createLiveConfig, NO_CONFIG, type LiveConfig } from '../config/live-config.js';
import type { OpenedConfig } from '../config/open-config.js';
import { DEFAULT_CONFIG, type ServerConfig } from '../config.js';
import { checkQuery } from '../engine/check-query.js';
import { checkFilters } from '../engine/check-filters.js';
import { createEventHub } from '../events/hub.js';
import { uploadFolder } from '../files/upload-folder.js';
import { servingOf } from '../config/serving.js';
import { createFrameCache } from '../frames/frame-cache.js';
import { frameFolder, openFrameStore } from '../frames/frame-store.js';
import { createFreshener } from '../frames/freshen.js';
import type { Serving } from '../frames/serving.js';
import { warmUp } from '../frames/warm-up.js';
import { createAccess } from '../http/token.js';
import { isPulled } from '../loader/source.js';
import { createJobs, type Jobs } from '../jobs/jobs.js';
import { keepTime } from '../jobs/keep-time.js';
import { openPauses } from '../jobs/pauses.js';
import { createRuns } from '../jobs/runs.js';
import { createMetrics, type Metrics } from '../metrics.js';
import type { WorkerPool } from '../pool.js';
import type { AppParts } from '../routes/parts.js';
import { findSamples } from '../samples.js';
import { openServices } from '../services.js';
import { createBackgroundVerify } from '../snapshots/background-verify.js';
import { addPaths, openOne } from './add-paths.js';
import { openCacheDir } from './cache-dir.js';
import { describeError, EXIT } from './exit-codes.js';
import { listen } from './listen.js';
import { createLoadDisplay } from './load-display.js';
import { loadMemoryOf } from './load-memory.js';
import { openBrowser } from './open-browser.js';
import { announceServer } from './running-server.js';
import type { ServeOptions } from './serve-options.js';
import { shutDown } from './shutdown.js';
import type { Terminal } from './terminal.js';

const CHECK_SOURCES_EVERY_MS = 5000;
const CHECK_CONFIG_EVERY_MS = 500;
const CLIENT_DIR = fileURLToPath(new URL('../../client', import.meta.url));

/** What a server works with; the pool is closed with it. */
export interface ServeParts {
  terminal: Terminal;
  stop: AbortSignal;
  pool: WorkerPool;
  /** A valid one, which is followed from here on. */
  configuration: OpenedConfig | undefined;
}

/**
 * Serves datasets until `stop` fires, and gives the exit code. The page is there at once; the loads go on behind it.
 * Where every path that was given is refused there is nothing to serve, and it ends by itself.
 */
export async function serve(
  paths: readonly string[],
  options: ServeOptions,
  { terminal, stop, pool, configuration }: ServeParts,
): Promise<number> {
  const { now, err } = terminal;
  const cacheDir = await openCacheDir(options.cacheDir, terminal);
  const services = await openServices({
    cacheDir,
    memoryLimit: options.memoryLimit,
    pool,
    loadMemory: loadMemoryOf(terminal),
    warn: (message) => err(`${message}\n`),
  });
  const display = createLoadDisplay(terminal);
  const events = createEventHub({ epoch: Date.now().toString(36) });
  const verify = createBackgroundVerify({
    onDamage: (snapshot, damage) => {
      err(`${damage.message}\n`);
      catalog.rebuild(snapshot, damage);
    },
  });
  let metrics: Metrics | undefined;
  const runs = createRuns({
    dir: cacheDir,
    mayWrite: services.mayWriteCache,
    events,
    clock: Date.now,
    onEnded: (run) => {
      metrics?.runs.inc({ trigger: run.trigger, state: run.state });
      jobs.ended(run);
    },
  });
  const catalog: Catalog = createCatalog({
    parts: services.catalogParts,
    events,
    runs,
    isClosing: () => stop.aborted,
    now,
    onProgress: display.progress,
    onReopened: verify.add,
    async warm(snapshot, signal, previous) {
      if (previous !== undefined && snapshot.manifest.appendedTo !== undefined) {
        await services.extendIndexes(previous, snapshot, signal);
      }
      await warmUp(warming, snapshot, signal);
    },
    // What has a time limit is looked after when somebody asks.
    isWatched: (name) => serving(name).ttlMs === undefined,
    onSettled: (info, error) => {
      // Loads that end because everything ends are nobody's news.
      if (!stop.aborted) display.settled(info, error);
      const { name, snapshot } = info;
      // What is gone answers nobody, and a refresh every two seconds would fill every cache with it.
      const kept = catalog.snapshots(name);
      services.keepOnly(kept);
      const ids = new Set(kept.map(({ manifest }) => manifest.id));
      frames.keepOnly(name, ids);
      stored.keepOnly(name, ids);
      if (kept[0] !== undefined && isPulled(catalog.source(name))) copies.add(kept[0]);
      // Frames of what was loaded before a column was hidden may hold its values.
      if (catalog.source(name).hide !== undefined) {
        void stored.clear({ dataset: name, except: snapshot ?? '' });
      }
    },
  });
  const jobs: Jobs = createJobs({
    catalog,
    runs,
    pauses: openPauses(cacheDir),
    mayRun: services.mayWriteCache,
    clock: Date.now,
  });
  const config = configOf(options, cacheDir);
  const engine = comparingEngine({
    engine: rebuildingEngine(services.engine, catalog),
    catalog,
    compare: services.compare,
  });
  const warn = (message: string): void => err(`${message}\n`);
  const serving = (name: string): Serving => servingOf(live.datasets, name);
  const stored = openFrameStore({
    dir: frameFolder(cacheDir),
    maxBytes: options.frameBytes,
    now: Date.now,
  });
  const frames = createFrameCache({
    engine,
    store: stored,
    account: services.account,
    servingOf: serving,
    now: Date.now,
  });
  const copies = createPulledCopies({
    rows: (snapshot, filters, signal) => services.engine.rows(snapshot, filters, signal),
    write: services.writeParquet,
    mayWrite: services.mayWriteCache,
    now: terminal.now,
    report: (error, dataset) => warn(`The copy of "${dataset}": ${describeError(error)}`),
  });
  const warming = { frames, checkQuery, servingOf: serving, warn };
  const samples = await findSamples();
  const given = options.samples ? [...paths, ...samples.map(({ path }) => path)] : paths;
  const isBare = given.length === 0 && options.sql.length === 0 && configuration === undefined;
  const opened = createOpened(cacheDir);
  let live: Pick<LiveConfig, 'state' | 'datasets'> = NO_CONFIG;
  const access = config.token === undefined ? undefined : createAccess(config.token, Date.now);
  metrics = createMetrics({
    frameBytes: () => frames.bytesHeld,
    columnBytes: () => services.columnUse().bytes,
    account: () => services.columnUse(),
    eventClients: () => events.readers,
    tasks: () => pool.counts(),
    datasets: () => catalog.list(),
    clock: Date.now,
  });
  const parts: AppParts = {
    config,
    catalog,
    runs,
    jobs,
    engine,
    checkQuery,
    checkFilters,
    frames,
    freshener: createFreshener({
      catalog,
      servingOf: serving,
      now: Date.now,
      report: (error, dataset) => err(`Refreshing "${dataset}": ${describeError(error)}\n`),
    }),
    frameUse: () => ({
      frames: stored.frames,
      bytes: stored.bytesHeld,
      maxBytes: stored.maxBytes,
    }),
    writeText: services.writeText,
    writeParquet: services.writeParquet,
    verifier: services.verifier,
    events,
    configuration: () => live.state,
    samples,
    now,
    ...(access === undefined ? {} : { access }),
    metrics,
    openPath: async (path, { name, ...how }) => {
      const sources = await openOne(path, name, {
        ...how,
        cwd: terminal.cwd,
        describe: services.describe,
      });
      if (isBare) await opened.add(sources);
      return sources;
    },
    columnUse: services.columnUse,
    report: (error, where) => err(`${where}: ${describeError(error)}\n`),
    isClosing: () => stop.aborted,
  };

  const app = await buildApp(parts);
  const close = async () => {
    await Promise.all([verify.close(), copies.close()]);
    await stored.idle();
    await shutDown({ app, catalog, runs, services });
  };
  // Files that are only being looked at end the same way.
  stop.addEventListener('abort', () => void services.endLoads(), { once: true });
  let port: number;
  let names: string[];
  let followed: LiveConfig | undefined;
  try {
    port = await listen(app, { host: config.host, port: options.port });
    names = await addPaths(given, options, services, catalog, terminal);
    if (isBare) catalog.add(await opened.list());
    if (configuration !== undefined) {
      followed = createLiveConfig({
        opened: configuration,
        catalog,
        events,
        tell: (message) => err(`${message}\n`),
      });
      live = followed;
    }
  } catch (error) {
    await close();
    throw error;
  }
  const shownHost = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = `http://${shownHost}:${port}${config.basePath === '/' ? '' : config.basePath}`;
  const withdraw = services.mayWriteCache() ? await announceServer(cacheDir, url) : () => {};
  terminal.out(`Halftone is listening on ${url}\n`);
  const link =
    access === undefined ? url : `${url.replace(/\/$/u, '')}/login?code=${access.createCode()}`;
  if (access !== undefined) err(`Open ${link} (this link works once).\n`);
  if (options.open) openBrowser(link, terminal.platform);

  // What is computed from other datasets follows them at once.
  const unsubscribe = events.subscribe(({ name }) => {
    if (name === 'snapshot') void catalog.checkSources();
  });
  const lookAtFiles = async (): Promise<void> => {
    await followed?.checkFiles();
    const isOthers = (name: string): boolean => followed?.has(name) === true;
    await followPatterns(catalog, { cwd: terminal.cwd, isOthers });
    await catalog.checkSources();
  };
  // A disk that does not answer is asked once.
  let looking: Promise<void> | undefined;
  const watches = [
    setInterval(() => {
      looking ??= lookAtFiles()
        .catch((error: unknown) => err(`Looking at files: ${describeError(error)}\n`))
        .finally(() => (looking = undefined));
    }, CHECK_SOURCES_EVERY_MS),
    setInterval(() => void followed?.check(), CHECK_CONFIG_EVERY_MS),
  ];
  const stopTime = keepTime(jobs, (error) => err(`A schedule: ${describeError(error)}\n`));
  // A configuration can be mended while it runs.
  const refused =
    given.length > 0 && followed === undefined ? whenAllRefused(names, catalog) : undefined;
  const code = await Promise.race([stopped(stop), ...(refused === undefined ? [] : [refused])]);
  for (const watch of watches) clearInterval(watch);
  stopTime();
  withdraw();
  unsubscribe();
  await close();
  return code;
}

function configOf(options: ServeOptions, cacheDir: string): ServerConfig {
  const { host, basePath, allowHosts, allowOrigins, frameAncestors, trustProxy } = options;
  const { token, readOnly } = options;
  return Object.freeze({
    ...DEFAULT_CONFIG,
    host,
    basePath,
    allowHosts,
    allowOrigins,
    frameAncestors,
    trustProxy,
    token,
    readOnly,
    clientDir: CLIENT_DIR,
    uploadDir: uploadFolder(cacheDir),
  });
}

/** Settles with the exit code for refused data when nothing that was given can be served; else never. */
async function whenAllRefused(names: readonly string[], catalog: Catalog): Promise<number> {
  await catalog.idle();
  const served = names.some((name) => {
    const { status, problem } = catalog.get(name);
    // A load that a person stopped was not refused.
    return status !== 'failed' || problem?.code === 'LOAD_CANCELLED';
  });
  return served ? new Promise<number>(() => {}) : EXIT.refused;
}

function stopped(stop: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve(EXIT.ok);
    stop.addEventListener('abort', () => resolve(EXIT.ok), { once: true });
  });
}
