import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { JobInfo } from '../../protocol/job.js';
import type { Run } from '../../protocol/run.js';
import { halftone, killAll, WAIT, type Halftone } from '../helpers/halftone-process.js';
import { startPostgres, type TestPostgres } from '../helpers/postgres.js';

// Whole processes, each with its loads: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const found = await startPostgres();
const ROWS = 20_000;
/** In the middle of the rows, of which there are some 500 kB. */
const CUT_BYTES = 200_000;
let database: TestPostgres;
let folder: string;
let line: Line;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'halftone database ü '))));
afterEach(killAll);
afterAll(async () => {
  line?.close();
  await found?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A line to the database that can be cut, be silent in the middle of the rows, or lead nowhere. */
interface Line {
  port: number;
  state: 'whole' | 'cut' | 'silent' | 'down';
  /** Bytes that were kept back. */
  withheld: number;
  close(): void;
}

async function startLine(): Promise<Line> {
  const open = new Set<Socket>();
  const server: Server = createServer((near) => {
    if (made.state === 'down') return near.destroy();
    const far = connect(database.port, database.host);
    let passed = 0;
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (passed < CUT_BYTES || made.state === 'whole') near.write(chunk);
      else if (made.state === 'cut') near.destroy();
      else made.withheld += chunk.length;
    });
    for (const end of [near, far]) {
      open.add(end);
      end.on('error', () => undefined).on('close', () => open.delete(end));
    }
    near.on('close', () => far.destroy());
    far.on('close', () => near.end());
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const made: Line = {
    port: (server.address() as AddressInfo).port,
    state: 'whole',
    withheld: 0,
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
  return made;
}

async function newestRun(server: Halftone): Promise<Run | undefined> {
  const answer = await fetch(`${await server.address()}/api/v1/jobs`);
  const { jobs } = (await answer.json()) as { jobs: JobInfo[] };
  return jobs[0]!.runs.find(({ state }) => /done|failed|refused|cancelled/u.test(state));
}

describe.skipIf(found === undefined)('a schedule that pulls from a database', () => {
  test('that is down, hangs until somebody cancels, drops the line in mid-row, changed its password or its table costs the run alone', async () => {
    database = found!;
    await database.run(`CREATE ROLE puller LOGIN PASSWORD 'right';
      CREATE TABLE numbers AS SELECT i, 'a text of some length ' || i AS t FROM generate_series(1, ${ROWS}) i;
      GRANT SELECT ON numbers TO puller`);
    line = await startLine();
    writeFileSync(
      join(folder, 'halftone.yaml'),
      `version: 1
datasets:
  numbers:
    postgres: postgres://puller:right@127.0.0.1:${line.port}/postgres
    query: SELECT * FROM numbers
    refresh: { every: 1s }
`,
    );
    const server = halftone(['--config', 'halftone.yaml', '--port', '0', '--cache-dir', 'cache'], {
      cwd: folder,
    });
    await vi.waitFor(async () => expect((await newestRun(server))?.state).toBe('done'), WAIT);

    const through = (state: Line['state']) => () => {
      line.state = state;
    };
    const hang = async (): Promise<void> => {
      line.state = 'silent';
      await vi.waitFor(() => expect(line.withheld).toBeGreaterThan(0), WAIT);
      const url = `${await server.address()}/api/v1/runs`;
      const { runs } = (await (await fetch(url)).json()) as { runs: Run[] };
      const { id } = runs.find(({ state }) => state === 'running')!;
      expect((await fetch(`${url}/${id}`, { method: 'DELETE' })).status).toBe(200);
    };
    const asked = (sql: string) => () => database.run(sql);
    const faults: [() => unknown, () => unknown, RegExp][] = [
      [through('down'), through('whole'), /^(?:PostgreSQL|The connection to PostgreSQL) at \S+ .*(?:lost|hung up|closed|refuses|ended)/u],
      [hang, through('whole'), /cancelled|stopped/u],
      [through('cut'), through('whole'), /^The connection to PostgreSQL at \S+ was lost after \d+ rows\.$/u],
      [asked(`ALTER ROLE puller PASSWORD 'other'`), asked(`ALTER ROLE puller PASSWORD 'right'`), /does not take the password of "puller"\.$/u],
      [asked('ALTER TABLE numbers RENAME TO gone'), asked('ALTER TABLE gone RENAME TO numbers'), /relation "numbers" does not exist\.$/u],
      [asked('ALTER TABLE numbers RENAME t TO u'), asked('ALTER TABLE numbers RENAME u TO t'), /lacks the column "t"/u],
    ]; // prettier-ignore
    for (const [damage, mend, sentence] of faults) {
      await damage();
      await vi.waitFor(async () => {
        const run = await newestRun(server);
        expect(run!.state).toMatch(/failed|refused|cancelled/u);
        expect(run!.problem!.detail).toMatch(sentence);
        expect(run!.snapshot).toBeNull();
      }, WAIT);
      const info = await server.dataset('numbers');
      expect(info).toMatchObject({ status: 'ready', rows: ROWS, stale: true });
      expect(info.problem!.detail).toMatch(sentence);
      expect((await server.frame({ dataset: 'numbers', mark: 'value' })).status).toBe(200);
      await mend();
      // The next one works.
      await vi.waitFor(async () => expect((await newestRun(server))?.state).toBe('done'), WAIT);
      const { stale, rows } = await server.dataset('numbers');
      expect({ stale, rows }).toEqual({ stale: undefined, rows: ROWS });
    }
    expect(server.stderr() + server.stdout()).not.toContain('right');
    expect(server.stderr()).not.toMatch(/^\s+at /mu);
    expect(await server.stop()).toBe(0);
  });
});
