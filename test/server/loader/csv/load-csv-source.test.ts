import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadHere, sourceOf, temporaryFolder } from '../load-file.js';
import { readSnapshot } from '../read-snapshot.js';
import { ensureKernel } from './helpers/load.js';

beforeAll(ensureKernel);
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

/** Loads a CSV through DuckDB into segments, as a loader child does. */
async function load(text: string) {
  const path = join(folder.dir, 'a.csv');
  writeFileSync(path, text);
  const out = join(folder.dir, 'out');
  mkdirSync(out);
  const outcome = await loadHere(out, sourceOf('csv', [path]));
  expect(readdirSync(out).filter((name) => name.endsWith('.arrow'))).toHaveLength(
    outcome.segments.length,
  );
  return { ...outcome, values: readSnapshot(out, outcome) };
}

test('reads a file again whose oddity shows after DuckDB has come to its end', async () => {
  const { values, report } = await load('a,b\n1,x\n2,y\0z\n3,w\n');
  expect(values).toEqual({ a: [1, 2, 3], b: ['x', 'y\0z', 'w'] });
  expect(report).toMatchObject({ lines: 3, rows: 3, setAside: 0 });
});

test.each(['\n', '\r\n', '\r'])(
  'reads lines that end with %j, whatever the first newline in quotes is',
  async (newline) => {
    for (const inner of ['\n', '\r\n', '\r']) {
      folder.remove();
      mkdirSync(folder.dir);
      // A ragged line has the rows written anew, without the header.
      for (const ragged of [[], ['4']]) {
        const lines = ['id,"two words"', `1,"x${inner}y"`, '2,z', ...ragged];
        const { values, report } = await load(lines.join(newline) + newline);
        expect(values).toEqual({ id: [1, 2], 'two words': [`x${inner}y`, 'z'] });
        expect(report).toMatchObject({ rows: 2, setAside: ragged.length });
        folder.remove();
        mkdirSync(folder.dir);
      }
      const lines = [`id,"two${inner}words"`, `1,"x${inner}y"`, '2,z'];
      const { values } = await load(lines.join(newline));
      expect(values).toEqual({ id: [1, 2], [`two${inner}words`]: [`x${inner}y`, 'z'] });
    }
  },
);
