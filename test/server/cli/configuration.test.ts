import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Check } from 'typebox/schema';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCommandLine } from '../../../server/cli/program.js';
import { readConfig } from '../../../server/config/read-config.js';
import { configJsonSchema } from '../../../server/config/json-schema.js';
import { fakeTerminal } from './terminal.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'halftone-cli-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

async function run(args: string[], folder = cwd) {
  const { terminal, written } = fakeTerminal({ cwd: folder });
  const stop = new AbortController().signal;
  const code = await runCommandLine(args, { terminal, version: '0', stop });
  return { code, ...written };
}
const write = (name: string, text: string): void => writeFileSync(join(cwd, name), text);
const read = (name: string): string => readFileSync(join(cwd, name), 'utf8');

describe('init', () => {
  test('writes a configuration that is valid, for files of any name', async () => {
    const names = [
      'a.csv',
      'null.csv',
      '2024.csv',
      "it's: #1 {x}.csv",
      '"; DROP.csv',
      '🎈 – ü.csv',
      'true.csv',
    ];
    for (const name of names) write(name, 'zip,"s: #sn"\n1,2\n');
    mkdirSync(join(cwd, 'trips'));
    write('trips/one.csv', 'x\n1\n');
    const made = await run(['init', ...names, 'trips']);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(await run(['validate'])).toMatchObject({
      code: 0,
      out: 'halftone.yaml is valid: 8 datasets.\n',
      err: '',
    });
    const { datasets } = parse(read('halftone.yaml')) as {
      datasets: Record<string, { files: string }>;
    };
    expect(Object.values(datasets).map(({ files }) => files)).toEqual(
      // JavaScript puts whole numbers in front.
      ['2024.csv', ...names.filter((name) => name !== '2024.csv'), 'trips/'],
    );
    // What it offers in comments is valid too.
    write('halftone.yaml', read('halftone.yaml').replaceAll(/^( +)# (?=[a-z]+: )/gmu, '$1'));
    expect(await run(['validate'])).toMatchObject({ code: 0, err: '' });
  });

  test('writes an example where no files are named, and never over a configuration', async () => {
    expect(await run(['init'])).toMatchObject({ code: 0 });
    const text = read('halftone.yaml');
    expect(text).toMatch(/^# yaml-language-server: \$schema=\S+schema\.json\n/u);
    expect(await run(['validate'])).toMatchObject({ code: 0 });
    expect(await run(['init'])).toMatchObject({ code: 2 });
    expect(read('halftone.yaml')).toBe(text);
  });

  test('says which file is not there, and writes nothing', async () => {
    write('taxi.csv', 'x\n1\n');
    const { code, err } = await run(['init', 'taxy.csv']);
    expect(code).not.toBe(0);
    expect(err).toContain('Did you mean "taxi.csv"?');
    expect(await run(['validate'])).toMatchObject({ code: 2 });
  });
});

describe('validate', () => {
  test('tells every problem with its place, and ends with 2', async () => {
    write('a.yaml', 'version: 1\nserver: { prt: 1 }\ndatasets:\n  a: { flies: b }\n');
    const { code, err, out } = await run(['validate', 'a.yaml']);
    expect(code).toBe(2);
    expect(err).toBe(
      'a.yaml:2:11: "prt" is no option of server. Did you mean "port"?\n' +
        'a.yaml:4:8: "flies" is no option of a dataset. Did you mean "files"?\n',
    );
    expect(out).toBe('');
    expect(JSON.parse((await run(['validate', 'a.yaml', '--json'])).out)).toMatchObject({
      valid: false,
      problems: [
        { line: 2, column: 11 },
        { line: 4, column: 8 },
      ],
    });
  });

  test('tells datasets without files, and ends with 3', async () => {
    write('a.yaml', 'version: 1\ndatasets:\n  a: { files: "*.csv" }\n');
    const { code, err } = await run(['validate', 'a.yaml']);
    expect(code).toBe(3);
    expect(err).toBe('a: No file matches *.csv.\n');
  });
});

describe('the JSON Schema', () => {
  const check = (text: string): boolean => Check(configJsonSchema(), parse(text));

  test('is printed, and has a description of every option', async () => {
    const { out } = await run(['schema']);
    expect(JSON.parse(out)).toEqual(configJsonSchema());
    expect(JSON.parse(readFileSync(join(ROOT, 'schema.json'), 'utf8'))).toEqual(configJsonSchema());
    expect(out).not.toMatch(/"secret"|"literal"/u);
  });

  test('takes what the server takes, and refuses what it refuses', () => {
    const valid = [
      readFileSync(join(ROOT, 'data/halftone.yaml'), 'utf8'),
      'version: 1\nserver: { port: "${env:PORT}", trustProxy: "${env:X}" }',
      'version: 1\ndatasets: { a: { files: [a, b], refresh: { every: 30s } } }',
    ];
    const invalid = [
      'version: 2',
      'version: 1\nserver: { port: abc }',
      'version: 1\nserver: { prt: 1 }',
      'version: 1\ndatasets: { a: { flies: b } }',
      'version: 1\ndatasets: { a: { files: b, refresh: { every: 30 } } }',
    ];
    expect(valid.map(check)).toEqual(valid.map(() => true));
    expect(invalid.map(check)).toEqual(invalid.map(() => false));
  });
});

test('every configuration in the documentation is valid', () => {
  const pages = [
    'README.md',
    ...readdirSync(join(ROOT, 'docs'), { recursive: true }).map((page) => `docs/${String(page)}`),
  ];
  const env = new Proxy({}, { get: () => 'set' });
  let found = 0;
  for (const page of pages.filter((name) => name.endsWith('.md'))) {
    const markdown = readFileSync(join(ROOT, page), 'utf8');
    for (const [, block] of markdown.matchAll(/^```yaml\n(version: 1\n.*?)^```/gmsu)) {
      found++;
      // The files of secrets are on other machines.
      const text = block!.replaceAll('${file:', '${env:');
      expect(readConfig(text, page, { env, dir: ROOT }).problems, block).toEqual([]);
    }
  }
  expect(found).toBeGreaterThan(2);
});

test('the example configuration is valid', async () => {
  expect(await run(['validate', 'data/halftone.yaml'], ROOT)).toMatchObject({ code: 0, err: '' });
});
