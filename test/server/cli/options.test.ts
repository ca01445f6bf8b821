import { describe, expect, test } from 'vitest';
import { formatBytes, parseByteSize } from '../../../server/cli/byte-size.js';
import { defaultCacheDir } from '../../../server/cli/cache-dir.js';
import { readServeOptions, type ServeFlags } from '../../../server/cli/serve-options.js';
import { fakeTerminal } from './terminal.js';

const FLAGS: ServeFlags = {
  allowHost: [],
  sql: [],
  csv: [],
};
const read = (flags: Partial<ServeFlags>, env: Record<string, string> = {}) =>
  readServeOptions({ ...FLAGS, ...flags }, fakeTerminal({ env }).terminal);

describe('an amount of memory', () => {
  test('is read in the units people write', () => {
    const amounts = ['4GB', '4 gb', '512MiB', '1024', '0.5kB', '50%'].map((text) =>
      parseByteSize(text, 1000),
    );
    expect(amounts).toEqual([4e9, 4e9, 512 * 2 ** 20, 1024, 500, 500]);
  });

  test('that makes no sense is refused with its text', () => {
    for (const text of ['', 'much', '-1GB', '0', '101%', '4 PB', '1e9', 'NaN', '9'.repeat(400)]) {
      expect(() => parseByteSize(text, 1000), text).toThrow(`"${text}" is not an amount of memory`);
    }
  });

  test('is written for people', () => {
    expect([0, 999, 1000, 1_234_567, 99_949_999, 1e11, 5e15].map(formatBytes)).toEqual(
      ['0 B', '999 B', '1.0 kB', '1.2 MB', '99.9 MB', '100 GB', '5000 TB'],
    ); // prettier-ignore
  });
});

describe('the options of serve', () => {
  test('have their defaults', () => {
    expect(read({})).toMatchObject({
      port: undefined,
      host: '127.0.0.1',
      basePath: '/',
      memoryLimit: 500,
      open: false,
      readOnly: false,
      token: undefined,
      samples: false,
    });
  });

  test('are read', () => {
    const options = read({
      port: '0',
      basePath: 'viz',
      workers: '3',
      sql: ['late=SELECT * FROM a WHERE x = 1', ' b = SELECT\n1'],
      csv: ['delim=;', 'decimal=,'],
      allowHost: ['Viz.Example.org:80'],
    });
    expect(options).toMatchObject({
      port: 0,
      basePath: '/viz/',
      workers: 3,
      sql: [
        { name: 'late', query: 'SELECT * FROM a WHERE x = 1' },
        { name: 'b', query: 'SELECT\n1' },
      ],
      csv: { delimiter: ';', decimal: ',' },
      allowHosts: ['viz.example.org'],
    });
  });

  test('take the token from the environment', () => {
    expect(read({}, { HALFTONE_TOKEN: 'abc' }).token).toBe('abc');
    expect(read({ token: 'x' }, { HALFTONE_TOKEN: 'abc' }).token).toBe('x');
  });

  test('let other machines in only with a token', () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org']) {
      expect(() => read({ host }), host).toThrow(/a token is needed/u);
      expect(read({ host, token: 't' }).host).toBe(host);
    }
    for (const host of ['localhost', '::1', '127.0.0.2', '[::1]'])
      expect(() => read({ host }), host).not.toThrow();
  });

  test('are refused with the bad value', () => {
    const bad: [Partial<ServeFlags>, RegExp][] = [
      [{ port: '70000' }, /"70000" is not a port/u],
      [{ port: '-1' }, /"-1" is not a port/u],
      [{ port: '80x' }, /"80x"/u],
      [{ workers: '0' }, /"0" is not a number of worker threads/u],
      [{ memoryLimit: 'lots' }, /"lots"/u],
      [{ sql: ['SELECT 1'] }, /NAME=SELECT/u],
      [{ csv: ['delim'] }, /delim/u],
      [{ csv: ['delimiterr=;'] }, /delimiterr/u],
      [{ token: 'a\nb' }, /token/u],
      [{ token: '' }, /token/u],
    ];
    for (const [flags, message] of bad) {
      expect(() => read(flags), JSON.stringify(flags)).toThrow(message);
      try {
        read(flags);
      } catch (error) {
        expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
      }
    }
  });

  test('open a browser for a person, not for a script', () => {
    const open = (flags: Partial<ServeFlags>, isInteractive: boolean, env = {}) =>
      readServeOptions({ ...FLAGS, ...flags }, fakeTerminal({ isInteractive, env }).terminal).open;
    expect([open({}, true), open({}, false), open({}, true, { CI: '1' })]).toEqual([
      true,
      false,
      false,
    ]);
    expect([open({ open: false }, true), open({ open: true }, false)]).toEqual([false, true]);
  });
});

test('the cache folder follows the system', () => {
  expect(defaultCacheDir({ XDG_CACHE_HOME: '/var/cache/me' }, 'linux')).toBe(
    '/var/cache/me/halftone',
  );
  expect(defaultCacheDir({ XDG_CACHE_HOME: 'relative' }, 'linux')).toMatch(/\/\.cache\/halftone$/u);
  expect(defaultCacheDir({}, 'linux')).toMatch(/\/\.cache\/halftone$/u);
  expect(defaultCacheDir({}, 'darwin')).toMatch(/Library\/Caches\/halftone$/u);
});
