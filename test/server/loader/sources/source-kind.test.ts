import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { afterAll, expect, test } from 'vitest';
import { kindOfFile } from '../../../../server/loader/sources/source-kind.js';
import { temporaryFolder } from '../load-file.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const table = tableFromArrays({ a: [1, 2] });

function kindOf(name: string, bytes: Uint8Array): string {
  const path = join(folder.dir, name);
  writeFileSync(path, bytes);
  try {
    return kindOfFile(path);
  } catch (error) {
    return (error as Error).message;
  }
}

test('knows Arrow files and streams by what they hold, whatever they are called', () => {
  expect(kindOf('a.arrow', tableToIPC(table, 'file'))).toBe('arrow');
  expect(kindOf('a.csv', tableToIPC(table, 'stream'))).toBe('arrow');
});

test('says of a file that is called Arrow and is none, of packed Arrow and of Feather 1 what they are', () => {
  const seems = (name: string, bytes: Uint8Array): string =>
    kindOf(name, bytes).replace(/^.* it seems to be /, '');
  expect(seems('b.feather', Buffer.from('a,b\n1,2\n'))).toBe('no Arrow file in spite of its name.');
  expect(seems('c.csv.gz', gzipSync(tableToIPC(table, 'file')))).toBe(
    'an Arrow file packed with gzip.',
  );
  expect(seems('d.feather', Buffer.from('FEA1\0\0\0\0'))).toBe('a Feather file of version 1.');
});
