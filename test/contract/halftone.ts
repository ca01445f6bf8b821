import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableFromIPC, type Table } from '@uwdata/flechette';
import type { FrameMetadata } from '../../protocol/frame.js';
import type { Problem } from '../../protocol/problem.js';
import { createLoading } from '../../server/catalog/loading.js';
import { createEngine } from '../../server/engine/create-engine.js';
import { checkQuery } from '../../server/engine/check-query.js';
import { checkFilters } from '../../server/engine/check-filters.js';
import { createFrameCache } from '../../server/frames/frame-cache.js';
import { createLoader } from '../../server/loader/loader.js';
import type { DatasetSource } from '../../server/loader/source.js';
import { createColumnStore } from '../../server/memory/columns.js';
import { createPool } from '../../server/pool.js';
import type { App } from '../../server/routes/parts.js';
import { createAside } from '../../server/snapshots/aside.js';
import { openStore } from '../../server/snapshots/store.js';
import { writeText } from '../../workers/text/write-text.js';
import { buildTestApp } from '../server/helpers.js';

/** Date and timestamp, as Arrow numbers its types. */
const TIMES: ReadonlySet<number> = new Set([8, 10]);
const DIST = new URL('../../dist/', import.meta.url);

/** An answer as a program outside this repository sees it: bytes over HTTP, read by another Arrow reader. */
export interface Answer {
  bytes: Uint8Array;
  metadata: FrameMetadata;
  table: Table;
  /** A column as plain values: 64-bit integers and times as bigint, null where there is no value. */
  column: (name: string) => unknown[];
  /** The Arrow rows as objects. */
  rows: () => Record<string, unknown>[];
  headers: Record<string, unknown>;
}

/** The whole product behind its HTTP, over tables that are made by SQL. */
export interface Halftone {
  app: App;
  /** The frame of a query; fails where the answer is no frame. */
  frame: (query: object) => Promise<Answer>;
  /** The problem that a query is answered with; fails where it is a frame. */
  refusal: (query: object) => Promise<Problem>;
  /** GET of a path below /api/v1, as JSON. */
  get: (path: string) => Promise<any>;
  close: () => Promise<void>;
}

/** Starts the product with one dataset for each SELECT. */
export async function startHalftone(tables: Readonly<Record<string, string>>): Promise<Halftone> {
  const dir = await mkdtemp(join(tmpdir(), 'halftone-contract-'));
  const store = await openStore({ dir, now: () => new Date() });
  const aside = createAside({ dir, now: () => new Date(), warn: () => {} });
  const loader = createLoader({
    memoryBytes: 2e9,
    deadlineMs: 120_000,
    threads: 2,
    childFile: fileURLToPath(new URL('server/loader/child.js', DIST)),
  });
  const pool = createPool({ threads: 2, filename: new URL('workers/tasks.js', DIST).href });
  const columns = createColumnStore({
    read: (task) => pool.run('readSpans', task),
    budgetBytes: 1e9,
  });
  const engine = createEngine({ store: columns, pool });
  const { app, catalog } = await buildTestApp({
    datasets: [],
    catalogParts: createLoading(loader, { shared: store, aside }),
    parts: {
      engine,
      checkQuery,
      checkFilters,
      frames: createFrameCache({ engine }),
      writeText: async (task) => writeText(task),
    },
  });
  catalog.add(Object.entries(tables).map(([name, query]) => sqlSource(name, query)));
  await catalog.idle();
  for (const { name, status, problem } of catalog.list()) {
    if (status !== 'ready') throw new Error(`"${name}" is ${status}: ${problem?.detail}`);
  }
  const first = Object.keys(tables)[0]!;
  const post = (query: object) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/frame',
      payload: { dataset: first, ...query },
    });
  return {
    app,
    async frame(query) {
      const response = await post(query);
      if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${response.body}`);
      return readAnswer(new Uint8Array(response.rawPayload), response.headers);
    },
    async refusal(query) {
      const response = await post(query);
      if (response.statusCode === 200) throw new Error('A frame, where a problem is expected.');
      return response.json();
    },
    async get(path) {
      const response = await app.inject({ method: 'GET', url: `/api/v1/${path}` });
      return response.json();
    },
    async close() {
      await app.close();
      await catalog.close();
      await loader.close();
      await pool.close();
      await aside.close();
      store.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function sqlSource(name: string, query: string): DatasetSource {
  const shape = { kind: 'sql', files: [], united: false, csv: {}, strict: false } as const;
  return { name, ...shape, sql: { query, inputs: [] } };
}

function readAnswer(bytes: Uint8Array, headers: Record<string, unknown>): Answer {
  const table = tableFromIPC(bytes, { useBigInt: true, useDecimalInt: true });
  const column = (name: string): unknown[] => {
    const child = table.getChild(name);
    if (!child) throw new Error(`No column "${name}" among ${table.names.join(', ')}.`);
    const isTime = TIMES.has(child.type.typeId);
    return Array.from({ length: child.length }, (_, i): unknown => {
      const value = child.at(i) as unknown;
      // The reader makes milliseconds of dates and times: their own unit is what the frame promises.
      return isTime && value !== null ? BigInt(child.data[0]!.values[i] as number) : value;
    });
  };
  return {
    bytes,
    metadata: JSON.parse(table.schema.metadata!.get('halftone')!) as FrameMetadata,
    table,
    column,
    rows() {
      const columns = table.names.map((name) => [name, column(name)] as const);
      return Array.from({ length: table.numRows }, (_, i) =>
        Object.fromEntries(columns.map(([name, values]) => [name, values[i]])),
      );
    },
    headers,
  };
}

/** A value of a column in SQL: numbers, texts, true and false; null. */
export type Literal = number | bigint | string | boolean | null;

/** A SELECT that gives these rows in this order, each column cast to its type. */
export function tableSql(
  columns: Readonly<Record<string, [type: string, values: readonly Literal[]]>>,
): string {
  const names = Object.keys(columns);
  const lists = Object.values(columns);
  const size = lists[0]![1].length;
  const list = names
    .map((name, c) => `c${c}::${lists[c]![0]} AS "${name.replaceAll('"', '""')}"`)
    .join(', ');
  const rows = Array.from(
    { length: Math.max(1, size) },
    (_, i) => `(${lists.map(([, values]) => literal(values[i] ?? null)).join(', ')})`,
  );
  const where = size === 0 ? ' WHERE false' : '';
  return `SELECT ${list} FROM (VALUES ${rows.join(', ')}) t(${names.map((_, c) => `c${c}`).join(', ')})${where}`;
}

function literal(value: Literal): string {
  if (value === null) return 'NULL::VARCHAR';
  if (Object.is(value, -0)) return `'-0.0'`;
  return `'${String(value).replaceAll("'", "''")}'`;
}
