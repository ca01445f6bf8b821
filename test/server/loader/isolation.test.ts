import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Loader, LoaderOptions } from '../../../server/loader/loader.js';
import { ensureKernel } from './csv/helpers/load.js';
import { createTestLoader, loadInto, sourceOf, temporaryFolder } from './load-file.js';
import { readSnapshot } from './read-snapshot.js';

// What can befall a load from outside, each told in one sentence, with the loader as good as new afterwards.

vi.setConfig({ testTimeout: 120_000 });
const ROOT = new URL('../../../', import.meta.url);
const CHILD = new URL('dist/server/loader/child.js', ROOT).href;

let folder: ReturnType<typeof temporaryFolder>;
let loader: Loader;
beforeAll(ensureKernel);
beforeEach(() => (folder = temporaryFolder()));
afterEach(async () => {
  await loader.close();
  folder.remove();
});

function writeCsv(rows: number): string {
  const path = join(folder.dir, 'a.csv');
  const lines = Array.from({ length: rows }, (_, i) => `${i},${i / 7},text ${i}\n`);
  writeFileSync(path, `id,x,text\n${lines.join('')}`);
  return path;
}

/** A child that does `what` as soon as it has its task, beside its work. */
function childThat(what: string): string {
  const file = join(folder.dir, 'child.mjs');
  const imports = `import { appendFileSync } from 'node:fs';\nimport ${JSON.stringify(CHILD)};\n`;
  writeFileSync(file, `${imports}process.once('message', (task) => { ${what} });\n`);
  return file;
}

function load(options: Partial<LoaderOptions>, path: string, stop?: AbortController) {
  loader = createTestLoader(options);
  const out = join(folder.dir, 'out');
  mkdirSync(out, { recursive: true });
  return loadInto(loader, out, sourceOf('csv', [path]), stop?.signal, () => stop?.abort());
}

test('says that its loader was killed, and loads the next file', async () => {
  const path = writeCsv(300_000);
  const childFile = childThat("setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100);");
  await expect(load({ childFile }, path)).rejects.toMatchObject({
    code: 'SOURCE_INVALID',
    message:
      'a.csv cannot be loaded: its loader ended by signal SIGKILL. Nothing else is affected.',
  });
  rmSync(join(folder.dir, 'out'), { recursive: true });
  expect((await load({}, writeCsv(10))).rows).toBe(10);
});

test('ends a load that grows beyond its memory where no cage can be had', async () => {
  vi.stubEnv('PATH', '');
  try {
    await expect(load({ memoryBytes: 90 * 2 ** 20 }, writeCsv(300_000))).rejects.toMatchObject({
      code: 'LOAD_OUT_OF_MEMORY',
      message: 'Loading "test" took more memory than it may.',
    });
  } finally {
    vi.unstubAllEnvs();
  }
});

test('refuses a file that keeps changing while it is read', async () => {
  const path = writeCsv(1000);
  const append = `setInterval(() => appendFileSync(task.source.files[0], '1,2,x\\n'), 2);`;
  await expect(load({ childFile: childThat(append) }, path)).rejects.toMatchObject({
    code: 'SOURCE_CHANGED',
    message: 'a.csv changed while it was being read.',
  });
});

test('reads a file once more that changed once', async () => {
  const path = writeCsv(1000);
  // DuckDB is opened after the file was looked at: the first answer of its progress comes later still.
  const append = `const send = process.send.bind(process); let done = false;
    process.send = (message, ...more) => {
      if (!done && message.type === 'progress') { done = true; appendFileSync(task.source.files[0], '1,2,x\\n'); }
      return send(message, ...more);
    };`;
  const manifest = await load({ childFile: childThat(append) }, path);
  expect([1000, 1001]).toContain(manifest.rows);
  expect(readSnapshot(join(folder.dir, 'out'), manifest)['id']).toHaveLength(manifest.rows);
});

test('says that it was cancelled', async () => {
  // Withdrawn as soon as it tells how far it is.
  const loading = load({}, writeCsv(300_000), new AbortController());
  await expect(loading).rejects.toMatchObject({
    code: 'LOAD_CANCELLED',
    message: 'Loading "test" was cancelled.',
  });
});

test('says that the scan kernel is missing rather than load without it', async () => {
  const dist = join(folder.dir, 'dist');
  for (const part of ['protocol', 'workers', 'server']) {
    cpSync(fileURLToPath(new URL(`dist/${part}`, ROOT)), join(dist, part), { recursive: true });
  }
  symlinkSync(fileURLToPath(new URL('node_modules', ROOT)), join(folder.dir, 'node_modules'));
  writeFileSync(join(folder.dir, 'package.json'), '{ "type": "module" }');
  rmSync(join(dist, 'server/loader/csv/scan.wasm'));
  const childFile = join(dist, 'server/loader/child.js');
  await expect(load({ childFile }, writeCsv(10))).rejects.toMatchObject({
    message: expect.stringMatching(/scan\.wasm is missing: run "npm run build"\.$/) as string,
  });
});

test.runIf(process.platform === 'linux')(
  'a loader that cannot be started fails its load alone, and holds up no end',
  async () => {
    // A folder of that name passes for a program until it is to be run.
    mkdirSync(join(folder.dir, 'prlimit'));
    const strange: unknown[] = [];
    const note = (error: unknown): void => void strange.push(error);
    process.on('uncaughtException', note);
    vi.stubEnv('PATH', `${folder.dir}${delimiter}${process.env['PATH']}`);
    try {
      await expect(load({}, writeCsv(1))).rejects.toThrow(/^spawn .*prlimit EACCES$/u);
      await loader.close();
      expect(strange).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      process.off('uncaughtException', note);
    }
  },
);
