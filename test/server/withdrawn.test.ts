import { mkdtempSync, rmSync } from 'node:fs';
import { request as ask } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Query } from '../../protocol/query.js';
import { withDuckDb } from '../bench/duckdb.js';
import { halftone, killAll, WAIT, type Halftone } from '../helpers/halftone-process.js';

// Whole processes on a machine that may be busy: nothing here depends on how long anything takes.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** So many take a good while to go through, and not long to load. */
const ROWS = 2_000_000;

const dir = mkdtempSync(join(tmpdir(), 'halftone-withdrawn-'));
let server: Halftone;
let url: string;

beforeAll(async () => {
  const file = join(dir, 'rows.parquet');
  await withDuckDb(':memory:', (sql) =>
    sql(`COPY (SELECT i AS t, hash(i) / 1e10 AS a, (hash(i, 1) % 1_000_000) / 7.0 AS b,
      'text ' || (hash(i, 2) % 900_000) AS text, (hash(i, 3) % 2000)::SMALLINT AS n
      FROM range(${ROWS}) r(i)) TO '${file}' (FORMAT parquet)`),
  );
  server = halftone([file, '--port', '0', '--no-open', '--cache-dir', join(dir, 'cache')], {
    cwd: dir,
  });
  url = await server.address();
  await server.settled('rows');
});

afterAll(async () => {
  await killAll();
  rmSync(dir, { recursive: true, force: true });
});

interface Tasks {
  underWay: number;
  withdrawn: number;
}

/** What the worker threads do, as `/metrics` tells it. */
async function tasks(): Promise<Tasks> {
  const { exitCode, signalCode } = server.child;
  if (exitCode !== null || signalCode !== null)
    throw new Error(`The server ended with ${exitCode ?? signalCode}: ${server.stderr()}`);
  const text = await (await fetch(`${url}/metrics`)).text();
  const count = (line: RegExp): number => Number(line.exec(text)![1]);
  return {
    underWay:
      count(/^halftone_tasks\{state="running"\} (\d+)/mu) +
      count(/^halftone_tasks\{state="waiting"\} (\d+)/mu),
    withdrawn: count(/^halftone_tasks_total\{outcome="withdrawn"\} (\d+)/mu),
  };
}

async function atRest(): Promise<Tasks> {
  for (;;) {
    const now = await tasks();
    if (now.underWay === 0) return now;
    await new Promise((resolve) => setTimeout(resolve, WAIT.interval));
  }
}

/** Asks through a socket of its own, and closes that as soon as a worker has begun. */
async function leaveAmid({ method, path, body }: Request): Promise<void> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = ask(`${url}/api/v1/${path}`, { method, headers });
  let hasEnded = false;
  sent.on('error', () => undefined);
  sent.on('response', (answer) => {
    answer.on('error', () => undefined).on('end', () => (hasEnded = true));
    answer.resume();
  });
  sent.end(body && JSON.stringify(body));
  while (!hasEnded && (await tasks()).underWay === 0);
  sent.destroy();
}

interface Request {
  method: string;
  path: string;
  body?: object;
}

/** Different rows each time: no answer may come from a cache. */
type Ask = (turn: number) => Request;

const frame =
  (query: Omit<Query, 'dataset' | 'filters'>): Ask =>
  (turn) => ({
    method: 'POST',
    path: 'frame',
    body: { dataset: 'rows', ...query, filters: filtersOf(turn) },
  });
const filtersOf = (turn: number): Query['filters'] => [
  { op: 'range', column: 'b', min: turn + 1, max: 140_000 },
];
const filtersIn = (turn: number): string => encodeURIComponent(JSON.stringify(filtersOf(turn)));

const REQUESTS: Record<string, Ask> = {
  'a density': frame({ mark: 'scatter', method: 'density', x: 'a', y: 'b' }),
  'a line whose rows have to be sorted': frame({ mark: 'line', method: 'lttb', x: 'a', y: 'b' }),
  'medians by category': frame({
    mark: 'bar',
    x: 'n',
    aggregate: { op: 'median', column: 'a' },
  }),
  'a count of distinct texts': frame({
    mark: 'value',
    aggregate: { op: 'distinct', column: 'text' },
  }),
  'a sorted table, by many texts and then a number': frame({
    mark: 'rows',
    sort: [{ column: 'text' }, { column: 'a' }],
    offset: 1_000_000,
    limit: 10,
  }),
  'four frames': (turn) => ({
    method: 'POST',
    path: 'frames',
    body: {
      queries: (['a', 'b', 't', 'n'] as const).map((x) => ({
        dataset: 'rows',
        mark: 'histogram',
        x,
        color: 'n',
        filters: filtersOf(turn),
      })),
    },
  }),
  'an export as CSV': (turn) => ({
    method: 'GET',
    path: `datasets/rows/export?format=csv&filters=${filtersIn(turn)}`,
  }),
  'an export as Parquet': (turn) => ({
    method: 'GET',
    path: `datasets/rows/export?format=parquet&filters=${filtersIn(turn)}`,
  }),
};

test.each(Object.entries(REQUESTS))(
  '%s: the threads stop what they do for a client that has gone',
  async (_, request) => {
    const before = (await atRest()).withdrawn;
    // Now and then the work has ended before the client has gone.
    for (let turn = 0; (await atRest()).withdrawn === before; turn++)
      await leaveAmid(request(turn));
  },
);

test('the options of a dropdown: a count that nobody waits for gives way to the next', async () => {
  const request: Ask = (turn) => ({
    method: 'GET',
    path: `datasets/rows/columns/text/values?filters=${filtersIn(turn)}`,
  });
  const before = (await atRest()).withdrawn;
  for (let turn = 0; (await atRest()).withdrawn === before; turn += 2) {
    await leaveAmid(request(turn));
    await leaveAmid(request(turn + 1));
  }
});

test('what was withdrawn is computed when it is asked for again', async () => {
  const { method, path, body } = REQUESTS['a density']!(1000);
  await leaveAmid({ method, path, body: body! });
  await atRest();
  const answer = await server.frame(body!);
  expect([answer.status, answer.headers.get('cache-status')]).toEqual([
    200,
    expect.stringMatching(/^Halftone; (fwd=miss|hit)/u),
  ]);
});
