import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { REST_MS } from '../../server/loader/files-at-rest.js';
import { halftone, killAll, WAIT, type Halftone } from '../helpers/halftone-process.js';
import { ensureKernel } from '../server/loader/csv/helpers/load.js';

// Whole processes, each with its loads: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const ROWS = 20_000;
const FIRST = 1_000_000;
const VERSIONS = 5;
const READERS = 10;
const DATASETS = ['watched', 'scheduled'] as const;

let folder: string;
let path: string;
beforeEach(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone overwritten ü '));
  path = join(folder, 'table.csv');
  writeFileSync(path, `version,row\n${'1000000,7\n'.repeat(ROWS)}`);
  writeFileSync(
    join(folder, 'halftone.yaml'),
    'version: 1\ndatasets:\n  watched: { files: table.csv }\n  scheduled: { files: table.csv, refresh: { every: 1s } }\n',
  );
});
afterEach(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

interface Seen {
  snapshot: string;
  rows: number;
  sum: number;
}

/** Asks for a frame that nobody has asked for yet, so that columns are read. */
async function read(server: Halftone, dataset: string, turn: number): Promise<Seen> {
  const response = await server.frame({
    dataset,
    mark: 'value',
    aggregate: { op: 'sum', column: 'version' },
    filters: [{ op: 'range', column: 'row', min: -turn }],
  });
  expect(response.status).toBe(200);
  const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
  const metadata = JSON.parse(table.schema.metadata!.get('halftone')!) as {
    snapshot: string;
    rows: { total: number };
  };
  return {
    snapshot: metadata.snapshot,
    rows: metadata.rows.total,
    sum: Number(table.getChild('value')!.at(0)),
  };
}

test('a writer that overwrites its file in place again and again shows whole versions alone, and the last in the end', async () => {
  const server = halftone(['--config', 'halftone.yaml', '--port', '0', '--cache-dir', 'cache'], {
    cwd: folder,
  });
  for (const dataset of DATASETS) await server.settled(dataset);
  const writer = fork(new URL('overwriting-writer.mjs', import.meta.url), [
    path,
    String(VERSIONS),
    String(ROWS),
  ]);
  const longest: number[] = [0];
  writer.on('message', ({ version, longestMs }: { version: number; longestMs: number }) => {
    longest[version] = longestMs;
  });
  /** Lets the writer go on once a version is seen: the other dataset may be in the middle of it. */
  const goOn = (rows: number): void => {
    const isNew = rows > newest;
    newest = Math.max(newest, rows);
    if (isNew && writer.connected) writer.send('seen');
  };
  let newest = ROWS;
  const ended = once(writer, 'exit');

  const seen = new Map<string, Seen & { dataset: string }>();
  const latest = new Map<string, number>();
  let isOver = false;
  const readers = Array.from({ length: READERS }, async (_, reader) => {
    for (let turn = 0; !isOver; turn++) {
      const dataset = DATASETS[reader % DATASETS.length]!;
      const frame = await read(server, dataset, turn * READERS + reader);
      // Every frame of a snapshot tells the same.
      const before = seen.get(frame.snapshot) ?? { ...frame, dataset };
      expect(frame).toMatchObject({ rows: before.rows, sum: before.sum });
      seen.set(frame.snapshot, before);
      goOn(frame.rows);
      latest.set(dataset, Math.max(latest.get(dataset) ?? 0, frame.rows));
    }
  });
  const done = Promise.all(readers);
  try {
    expect(await Promise.race([ended, done])).toEqual([0, null]);
    await Promise.race([
      done,
      vi.waitFor(() => {
        const last = ROWS + VERSIONS;
        expect(Object.fromEntries(latest)).toEqual({ watched: last, scheduled: last });
      }, WAIT),
    ]);
  } finally {
    isOver = true;
    writer.kill();
    await done;
  }

  for (const { rows, sum } of seen.values()) {
    const version = rows - ROWS;
    // A writer that was held up in the middle for longer than the rest that makes a file complete is told from no other; until its
    // last piece the file is as long as the version before.
    const heldUpMs = longest[version + 1] ?? 0;
    if (heldUpMs < REST_MS - 20) expect(sum).toBe(rows * (FIRST + version));
    else
      console.warn(
        `SKIPPED: the sum of version ${version}: the writer of the next was held up for ${Math.round(heldUpMs)} ms.`,
      );
  }
  for (const dataset of DATASETS)
    await vi.waitFor(async () => {
      const { rows, stale } = await server.dataset(dataset);
      expect({ rows, stale }).toEqual({ rows: ROWS + VERSIONS, stale: undefined });
    }, WAIT);
  expect(server.stderr()).not.toMatch(/^\s+at /mu);
  expect(await server.stop()).toBe(0);
});
