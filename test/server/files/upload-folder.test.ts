import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { saveUpload } from '../../../server/files/upload.js';
import {
  listUploads,
  removeUploads,
  sweepUploads,
  uploadFolder,
} from '../../../server/files/upload-folder.js';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'halftone-uploads-'));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

const upload = (id: string, name: string): Promise<string> =>
  saveUpload(Readable.from(['a,b\n1,2\n']), { dir: uploadFolder(cache), id, name });

/** What a server leaves that is killed while it takes a file. */
function breakOff(id: string): string {
  mkdirSync(join(uploadFolder(cache), id), { recursive: true });
  const path = join(uploadFolder(cache), id, 'late.csv.partial');
  writeFileSync(path, 'a,');
  return path;
}

test('lists what came whole, with its bytes', async () => {
  expect(await listUploads(cache)).toEqual([]);
  const path = await upload('1', 'ä b.csv');
  breakOff('2');
  writeFileSync(join(uploadFolder(cache), 'stray'), 'no folder');
  expect(await listUploads(cache)).toEqual([
    { name: 'ä b.csv', path, bytes: 8, createdAt: statSync(path).mtime.toISOString() },
  ]);
});

test('removes what is meant, with its folder', async () => {
  await upload('1', 'a.csv');
  const kept = await upload('2', 'b.csv');
  expect(await removeUploads(cache, ({ name }) => name === 'a.csv')).toBe(8);
  expect(readdirSync(uploadFolder(cache))).toEqual(['2']);
  expect(existsSync(kept)).toBe(true);
});

test('sweeps what broke off, not what may still be coming', async () => {
  const kept = await upload('1', 'a.csv');
  const broken = breakOff('2');
  const now = statSync(broken).mtimeMs;
  await sweepUploads(cache, now + 9 * 60_000);
  expect(existsSync(broken)).toBe(true);
  await sweepUploads(cache, now + 11 * 60_000);
  expect(existsSync(broken)).toBe(false);
  expect(readdirSync(uploadFolder(cache))).toEqual(['1']);
  expect(existsSync(kept)).toBe(true);
});
