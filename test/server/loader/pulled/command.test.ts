import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { LoadTarget } from '../../../../server/loader/loader.js';
import type { CommandSource } from '../../../../server/loader/source.js';
import { ensureKernel } from '../csv/helpers/load.js';
import { createTestLoader, duckdb, loadInto, sourceOf, temporaryFolder } from '../load-file.js';
import { readSnapshot } from '../read-snapshot.js';

// Programs that print rows, as they are and as they fail: each is really run.

vi.setConfig({ testTimeout: 60_000 });
const loader = createTestLoader();
let folder: ReturnType<typeof temporaryFolder>;
let out: string;
beforeAll(ensureKernel);
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());
afterAll(() => loader.close());

/** A script of Node beside the configuration. */
function script(text: string): readonly string[] {
  writeFileSync(join(folder.dir, 'pull.mjs'), text);
  return ['node', 'pull.mjs'];
}

/** A new folder for each load; `out` is the last. */
function newOut(): string {
  out = mkdtempSync(join(folder.dir, 'out-'));
  return out;
}

function load(command: Partial<CommandSource>, more?: Partial<LoadTarget>, stop?: AbortController) {
  const source = sourceOf('command', [], { command: { argv: [], cwd: folder.dir, ...command } });
  return loadInto(loader, newOut(), source, stop?.signal, undefined, more);
}

/** The rows that a command makes. */
async function rowsOf(command: Partial<CommandSource>) {
  const manifest = await load(command);
  return readSnapshot(out, manifest);
}

/** Waits until no process of this id is there. */
const isGone = (file: string) =>
  expect
    .poll(() => existsSync(`/proc/${readFileSync(join(folder.dir, file), 'utf8')}`), {
      timeout: 5000,
    })
    .toBe(false);

test('loads the CSV that a program prints, from the folder of its configuration', async () => {
  writeFileSync(join(folder.dir, 'rows.txt'), 'a,b\n1,x\n2,y\n');
  const argv = script(
    `import { readFileSync } from 'node:fs'; process.stdout.write(readFileSync('rows.txt', 'utf8'));`,
  );
  const manifest = await load({ argv });
  expect(readSnapshot(out, manifest)).toEqual({ a: [1, 2], b: ['x', 'y'] });
  expect(readdirSync(out)).toEqual(manifest.segments.map(({ file }) => file));
});

test('loads JSON lines, Parquet and Arrow as well, by what they are', async () => {
  const parquet = join(folder.dir, 'rows.parquet');
  await duckdb(`COPY (SELECT range AS i FROM range(5)) TO '${parquet}'`);
  const read = await load({ argv: ['cat', parquet] });
  expect(readSnapshot(out, read)).toEqual({ i: [0, 1, 2, 3, 4] });
  const arrow =
    script(`import { tableFromArrays, tableToIPC } from ${JSON.stringify(import.meta.resolve('apache-arrow'))};
    process.stdout.write(tableToIPC(tableFromArrays({ i: Int32Array.from([7, 8]) }), 'stream'));`);
  expect(await rowsOf({ argv: arrow })).toEqual({ i: [7, 8] });
  const lines = await load({ argv: ['printf', String.raw`{"i": 1}\n{"i": 2}\n`] });
  expect(readSnapshot(out, lines)).toEqual({ i: [1, 2] });
});

test('takes the format that is said over the one it would find', async () => {
  const argv = ['printf', String.raw`{"a"\n1\n`];
  expect(await rowsOf({ argv, format: 'csv' })).toEqual({ '{"a"': [1] });
});

test('gives a program the usual variables and its own, and no secret of the server', async () => {
  vi.stubEnv('HALFTONE_TEST_SECRET', 'hidden');
  const argv = script(`const { PATH, HOME, OWN, HALFTONE_TEST_SECRET: other } = process.env;
    console.log('a\\n' + [PATH !== undefined, HOME !== undefined, OWN, other ?? 'none'].join(' '));`);
  try {
    const manifest = await load({ argv, env: { OWN: 'given' } });
    expect(readSnapshot(out, manifest)).toEqual({ a: ['true true given none'] });
  } finally {
    vi.unstubAllEnvs();
  }
});

test('tells what a program writes beside its rows, without the values of its variables', async () => {
  const lines: string[] = [];
  const argv =
    script(`console.error('with ' + process.env.TOKEN); console.error('to pg://me:pw@db/x');
    process.stderr.write('done'); console.log('a\\n1');`);
  await load({ argv, env: { TOKEN: 's3cret' } }, { onLog: (line) => lines.push(line) });
  expect(lines).toEqual(['with ***', 'to pg://***@db/x', 'done']);
});

test('publishes nothing of a program that fails, and says so with its last words', async () => {
  const argv = script(`console.log('a\\n1'); console.error('warming up\\nno such table: trips\\n');
    process.exitCode = 3;`);
  await expect(load({ argv })).rejects.toMatchObject({
    code: 'COMMAND_FAILED',
    message: 'node pull.mjs ended with exit code 3: no such table: trips',
  });
  expect(readdirSync(out)).toEqual([]);
});

test('says that a program is missing, may not be run, or is none', async () => {
  writeFileSync(join(folder.dir, 'plain.txt'), 'a\n1\n');
  const odd = join(folder.dir, 'odd');
  writeFileSync(odd, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1]));
  chmodSync(odd, 0o755);
  await expect(load({ argv: ['no-such-program'] })).rejects.toMatchObject({
    code: 'COMMAND_FAILED',
    message: 'There is no program "no-such-program" on the PATH.',
  });
  await expect(load({ argv: ['./plain.txt'] })).rejects.toThrow(
    'The program "./plain.txt" is missing or may not be run.',
  );
  await expect(load({ argv: ['./odd'] })).rejects.toThrow(
    /^odd (?:ended with exit code 12[67]|cannot be started)/u,
  );
});

test('says that a program printed nothing, or too much, or ended in the middle of a Parquet file', async () => {
  await expect(load({ argv: ['true'] })).rejects.toMatchObject({
    code: 'SOURCE_EMPTY',
    message: 'true printed nothing.',
  });
  await expect(load({ argv: ['yes', 'a,b'], maxBytes: 100_000 })).rejects.toMatchObject({
    code: 'SOURCE_TOO_LARGE',
    message: 'yes printed more than 100000 bytes, and was ended.',
  });
  const parquet = join(folder.dir, 'rows.parquet');
  await duckdb(`COPY (SELECT range AS i FROM range(50000)) TO '${parquet}'`);
  await expect(load({ argv: ['head', '-c', '9000', parquet] })).rejects.toMatchObject({
    code: 'SOURCE_TRUNCATED',
  });
  expect(readdirSync(out)).toEqual([]);
});

test('ends a program that hangs, with all that it has started, at the deadline', async () => {
  const argv = [
    'sh',
    '-c',
    'sleep 600 & echo $! > started; echo $$ > own; trap "" TERM; wait; sleep 600',
  ];
  await expect(load({ argv }, { deadlineMs: 4000 })).rejects.toMatchObject({
    code: 'LOAD_TIMEOUT',
    message: 'Loading "test" took longer than 4 seconds and was ended.',
  });
  await isGone('started');
  await isGone('own');
});

test('ends a program when its load is cancelled, which may tidy up', async () => {
  const stop = new AbortController();
  const argv = [
    'sh',
    '-c',
    'trap "echo tidy > tidied; exit" TERM; echo ready >&2; sleep 600 & wait',
  ];
  const loading = load({ argv }, { onLog: () => stop.abort() }, stop);
  await expect(loading).rejects.toMatchObject({ code: 'LOAD_CANCELLED' });
  expect(readFileSync(join(folder.dir, 'tidied'), 'utf8')).toBe('tidy\n');
});

test('ends a program with the loader, and waits for none that stays behind', async () => {
  const own = createTestLoader();
  const source = sourceOf('command', [], {
    command: { argv: ['sh', '-c', 'echo $$ > own; echo here >&2; sleep 600'], cwd: folder.dir },
  });
  const loading = loadInto(own, newOut(), source, undefined, undefined, {
    onLog: () => void own.close(),
  });
  await expect(loading).rejects.toThrow();
  await isGone('own');
  const left = await load({ argv: ['sh', '-c', 'sleep 600 & echo $! > left; printf "a\\n1\\n"'] });
  expect(left.rows).toBe(1);
  await isGone('left');
});

test('gives a program all memory there is: the cage of the load is not its own', async () => {
  const argv = ['sh', '-c', 'echo limit; ulimit -d'];
  expect(await rowsOf({ argv })).toEqual({ limit: ['unlimited'] });
});
