import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DatasetSource } from '../../../server/loader/source.js';
import { fingerprintSource, fingerprintText } from '../../../server/snapshots/fingerprint.js';
import type { SourceFingerprint } from '../../../server/snapshots/manifest.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'halftone-fingerprint-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function sourceOf(names: readonly string[]): DatasetSource {
  const files = names.map((name) => join(folder, name));
  return { name: 'a', kind: 'csv', files, united: true, csv: {}, strict: false };
}

test('every file of many is told, in the order of the source', async () => {
  const names = Array.from({ length: 150 }, (_, i) => `${(i * 7) % 150}.csv`);
  for (const [i, name] of names.entries()) writeFileSync(join(folder, name), 'x'.repeat(i));
  const { files } = await fingerprintSource(sourceOf(names));
  expect(files.map(({ path, size }) => [path, size])).toEqual(
    names.map((name, i) => [join(folder, name), i]),
  );
  expect(files[3]!.ino).toBe(String(statSync(join(folder, names[3]!)).ino));
  rmSync(join(folder, names[149]!));
  await expect(fingerprintSource(sourceOf(names))).rejects.toMatchObject({
    code: 'SOURCE_MISSING',
  });
});

test('texts are the same for the same fingerprints, and for no others', () => {
  const file = { path: '/a b\n1', size: 1, mtimeNs: '2', ino: '3' };
  const one: SourceFingerprint = { kind: 'csv', files: [file], options: '{}' };
  const reordered = { options: '{}', files: [{ ino: '3', mtimeNs: '2', size: 1, path: file.path }], kind: 'csv' } satisfies SourceFingerprint; // prettier-ignore
  expect(fingerprintText(reordered)).toBe(fingerprintText(one));
  const others: SourceFingerprint[] = [
    { ...one, kind: 'json' },
    { ...one, options: '{"strict":true}' },
    { ...one, files: [] },
    { ...one, files: [file, file] },
    { ...one, files: [{ ...file, path: '/a b' }] },
    { ...one, files: [{ ...file, size: 12 }] },
    { ...one, files: [{ ...file, mtimeNs: '23' }] },
    { ...one, files: [{ ...file, ino: '33' }] },
  ];
  expect(new Set([one, ...others].map(fingerprintText)).size).toBe(1 + others.length);
});
