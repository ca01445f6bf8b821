import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameMetadata } from '../../protocol/frame.js';
import type { Filter, Query } from '../../protocol/query.js';
import { buildApp } from '../../server/app.js';
import { type Catalog, createCatalog } from '../../server/catalog/catalog.js';
import type { CatalogParts } from '../../server/catalog/parts.js';
import { DEFAULT_CONFIG, type ServerConfig } from '../../server/config.js';
import type { Engine, Frame } from '../../server/engine/engine.js';
import { createEventHub } from '../../server/events/hub.js';
import { createFrameCache } from '../../server/frames/frame-cache.js';
import { createFreshener } from '../../server/frames/freshen.js';
import { DEFAULT_SERVING, type Serving } from '../../server/frames/serving.js';
import { createAccess } from '../../server/http/token.js';
import { createJobs } from '../../server/jobs/jobs.js';
import { createRuns } from '../../server/jobs/runs.js';
import type { DatasetSource } from '../../server/loader/source.js';
import { createMetrics } from '../../server/metrics.js';
import type { App, AppParts } from '../../server/routes/parts.js';
import { CACHE_FORMAT, type Snapshot } from '../../server/snapshots/manifest.js';
import { openStream } from '../../workers/arrow/stream.js';
import { writeFooter } from '../../workers/parquet/write-footer.js';
import { writeRowGroups } from '../../workers/parquet/write-row-groups.js';
import { writeText } from '../../workers/text/write-text.js';

const NO_MEMORY = {
  bytes: 0,
  maxBytes: 1,
  limitBytes: 1,
  bookedBytes: 0,
  peakBytes: 0,
  scratchBytes: 0,
  keptBytes: 0,
};

/** A source of one CSV that is never read. */
export function fakeSource(name: string, path = `/data/${name}.csv`): DatasetSource {
  return { name, kind: 'csv', files: [path], united: false, csv: {}, strict: false };
}

/** A snapshot of `rows` rows with one number column `x`. */
export function fakeSnapshot(
  dataset: string,
  { id = 'snap-1', rows = 3, mtimeNs = '1' } = {},
): Snapshot {
  return {
    dir: `/cache/${dataset}/${id}`,
    manifest: {
      format: CACHE_FORMAT,
      id,
      dataset,
      sequence: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
      rows,
      source: fakeFingerprint(dataset, mtimeNs),
      columns: [
        {
          info: { name: 'x', type: 'DOUBLE', kind: 'number', nulls: 0, min: 1, max: 3 },
          logical: { kind: 'float', bits: 64 },
        },
      ],
      segments: [],
      report: {
        lines: rows,
        rows,
        setAside: 0,
        nulled: 0,
        warnings: [],
        findings: [
          {
            code: 'RAGGED',
            message: 'Two fields, where three are expected.',
            line: 7,
            value: 'a,"b',
          },
        ],
        elapsedMs: 1,
      },
    },
  };
}

export function fakeFingerprint(dataset: string, mtimeNs = '1') {
  const path = `/data/${dataset}.csv`;
  return { kind: 'csv' as const, files: [{ path, size: 1, mtimeNs, ino: '1' }], options: '{}' };
}

/** A frame of `rows` float64 values 0, 0.5, 1 … in the column `x`. */
export function fakeFrame({ dataset = 'a', snapshot = 'snap-1', rows = 3 } = {}): Frame {
  const metadata: FrameMetadata = {
    version: 1,
    dataset,
    snapshot,
    mark: 'rows',
    method: 'aggregate',
    exact: true,
    rows: { total: rows, matched: rows, drawn: rows, outside: 0, dropped: 0 },
    marks: rows,
    domain: null,
    scale: { x: 'linear', y: 'linear' },
    width: 1,
    height: 1,
    unit: {},
  };
  const { bytes, columns } = openStream(
    [{ name: 'x', type: { type: 'float', bits: 64 } }],
    { halftone: JSON.stringify(metadata) },
    rows,
    [{ nulls: 0, buffers: [0, rows * 8] }],
  );
  const data = columns[0]![1]!;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < rows; i++) view.setFloat64(i * 8, i / 2, true);
  // Over shared memory, as the engine may give it.
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return {
    bytes: shared,
    metadata,
    plan: { tier: 'scan', reason: 'für alle', rowsTouched: rows, bytesTouched: rows * 8 },
    timing: { queueMs: 1, computeMs: 2, encodeMs: 3 },
  };
}

/** An engine that counts what it is asked. */
export function fakeEngine(rows = 3): Engine & { asked: Query[] } {
  const asked: Query[] = [];
  return {
    asked,
    async frame(snapshot, query) {
      asked.push(query);
      const { dataset, id } = snapshot.manifest;
      return fakeFrame({ dataset, snapshot: id, rows });
    },
    async plan() {
      const plan = { tier: 'scan', reason: 'für alle', rows, bytes: rows * 8 } as const;
      return { plan: { ...plan, others: [], indexes: [] }, exact: true };
    },
    cubes: (snapshot, { views }) =>
      views.map(async () => fakeFrame({ snapshot: snapshot.manifest.id, rows })),
    async sample() {
      return null;
    },
    async values(_snapshot, { search }) {
      return { values: [{ value: search ?? 'all', count: 2 }], matching: 1, total: 1 };
    },
    async row(_snapshot, row) {
      return { row, values: { x: row / 2 } };
    },
    async *rows() {
      yield fakeFrame({ rows }).bytes;
    },
  };
}

/** Loads at once, and remembers nothing on disk. */
export function fakeParts(overrides: Partial<CatalogParts> = {}): CatalogParts {
  return {
    load: async (source) => fakeSnapshot(source.name),
    reopen: async () => undefined,
    kept: async () => [],
    lostCopy: async () => undefined,
    remove: async () => undefined,
    fingerprint: async (source) => fakeFingerprint(source.name),
    ...overrides,
  };
}

export interface TestApp {
  app: App;
  parts: AppParts;
  catalog: Catalog;
  reported: unknown[];
}

export interface TestAppOptions {
  config?: Partial<ServerConfig>;
  catalogParts?: Partial<CatalogParts>;
  parts?: Partial<AppParts>;
  serving?: Partial<Serving>;
  /** Milliseconds since 1970. */
  clock?: () => number;
  datasets?: readonly string[];
  /** Waits until the datasets are loaded. */
  settle?: boolean;
}

/** An app over fakes with the dataset `a`; a test closes it. */
export async function buildTestApp({
  config,
  catalogParts,
  parts: overrides,
  serving = {},
  clock = () => 0,
  datasets = ['a'],
  settle = true,
}: TestAppOptions = {}): Promise<TestApp> {
  const reported: unknown[] = [];
  const events = createEventHub({ epoch: 'test' });
  const runs = createRuns({ events, clock: () => 0 });
  const catalog = createCatalog({ parts: fakeParts(catalogParts), events, now: () => 0, runs });
  const paused = new Map<string, string>();
  const engine = overrides?.engine ?? fakeEngine();
  const frames = createFrameCache({ engine, now: clock });
  const full: ServerConfig = {
    ...DEFAULT_CONFIG,
    clientDir: join(tmpdir(), 'halftone-no-client'),
    uploadDir: mkdtempSync(join(tmpdir(), 'halftone-test-')),
    ...config,
  };
  const parts: AppParts = {
    config: full,
    catalog,
    runs,
    jobs: createJobs({
      catalog,
      runs,
      pauses: {
        since: (name) => paused.get(name),
        set: async (name, at) => void (at ? paused.set(name, at) : paused.delete(name)),
      },
      mayRun: () => true,
      clock: () => 0,
    }),
    engine,
    checkQuery: (value) => value as Query,
    checkFilters: (value) => value as Filter[],
    frames,
    freshener: createFreshener({
      catalog,
      servingOf: () => ({ ...DEFAULT_SERVING, ...serving }),
      now: clock,
      report: (error) => reported.push(error),
    }),
    frameUse: () => ({ frames: 0, bytes: 0, maxBytes: 1 }),
    writeText: async (task) => writeText(task),
    writeParquet: {
      rowGroups: async (task) => writeRowGroups(task),
      footer: async (task) => writeFooter(task),
    },
    verifier: {
      verify: () => Promise.reject(new Error('Nothing is verified here.')),
    },
    events,
    metrics: createMetrics(
      {
        frameBytes: () => frames.bytesHeld,
        columnBytes: () => 0,
        account: () => NO_MEMORY,
        eventClients: () => events.readers,
        tasks: () => ({ running: 0, waiting: 0, done: 0, withdrawn: 0, failed: 0 }),
        datasets: () => catalog.list(),
        clock: () => 0,
      },
      false,
    ),
    ...(full.token === undefined ? {} : { access: createAccess(full.token, () => 0) }),
    openPath: async (path, { name }) => [
      fakeSource(name ?? path.split('/').pop()!.split('.')[0]!, path),
    ],
    configuration: () => ({ file: null, config: null, problems: [] }),
    samples: [{ name: 'weather', file: 'weather.csv', path: '/samples/weather.csv', bytes: 5 }],
    columnUse: () => NO_MEMORY,
    now: () => 0,
    report: (error) => reported.push(error),
    isClosing: () => false,
    ...overrides,
  };
  catalog.add(datasets.map((name) => fakeSource(name)));
  if (settle) await catalog.idle();
  return { app: await buildApp(parts), parts, catalog, reported };
}

/** The base64url of a query's JSON, as an address carries it. */
export function addressOf(query: unknown): string {
  return Buffer.from(JSON.stringify(query)).toString('base64url');
}
