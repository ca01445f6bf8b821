import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadHere, sourceOf, temporaryFolder } from '../load-file.js';
import { readSnapshot } from '../read-snapshot.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

async function load(content: string | Uint8Array, strict = false) {
  const path = join(folder.dir, 'a.jsonl');
  writeFileSync(path, content);
  const out = join(folder.dir, 'out');
  mkdirSync(out);
  const outcome = await loadHere(out, sourceOf('json', [path], { strict }));
  return { report: outcome.report, values: readSnapshot(out, outcome) };
}

const BROKEN = '{"a":1}\n{"a":\n\n[2]\n{"a":3,"b":"x"}\r\n"a"\n{"a":NaN}\n{"a":4}\n';
const MENDED = { a: [1, 3, 'NaN', 4], b: [null, 'x', null, null] };

test('sets lines aside that are no objects, and tells which', async () => {
  const { report, values } = await load(BROKEN);
  expect(values).toEqual(MENDED);
  expect(report).toMatchObject({ lines: 7, rows: 4, setAside: 3, nulled: 0 });
  expect(report.findings.map(({ message, value }) => [message, value])).toEqual([
    ['a.jsonl, line 2: set aside: it is no JSON.', '{"a":'],
    ['a.jsonl, line 4: set aside: it is a list, not an object.', '[2]'],
    ['a.jsonl, line 6: set aside: it is no object.', '"a"'],
  ]);
  expect(report.warnings.map(({ message }) => message)).toEqual([
    'a.jsonl: 3 lines that are no JSON objects were set aside, the first in line 2.',
  ]);
});

test('mends a packed file, too', async () => {
  expect((await load(gzipSync(BROKEN))).values).toEqual(MENDED);
});

test('refuses a packed file that is damaged or cut off', async () => {
  const packed = gzipSync('{"a":1}\n'.repeat(200_000));
  await expect(load(packed.subarray(0, packed.length - 500))).rejects.toMatchObject({
    message: expect.stringMatching(/^a\.jsonl .*\.$/) as string,
  });
});

test('refuses with --strict what would be set aside, naming file and line', async () => {
  await expect(load(BROKEN, true)).rejects.toMatchObject({
    code: 'SOURCE_CORRUPT',
    message: expect.stringMatching(/^a\.jsonl cannot be read: .*line 2: .*\.$/) as string,
  });
});

test('refuses what holds more broken lines than objects', async () => {
  await expect(load('{"a":1}\n{"a"\n{"b"\n')).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' });
});
