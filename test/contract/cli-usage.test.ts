import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCommandLine } from '../../server/cli/program.js';
import { fakeTerminal } from '../server/cli/terminal.js';
import { createWorkplace, type Workplace } from './cli-process.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
  writeFileSync(join(place.folder, 'small.csv'), 'name,n\na,1\nb,2\n');
});
afterAll(() => place.close());

/** Runs a command in this process, as command-line.ts does. */
async function run(args: readonly string[]) {
  const env = { XDG_CACHE_HOME: join(place.folder, '.cache') };
  const { terminal, written } = fakeTerminal({ cwd: place.folder, env });
  const options = { terminal, version: '1.2.3', stop: new AbortController().signal };
  return { code: await runCommandLine(args, options), ...written };
}

const COMMANDS = ['serve', 'inspect', 'cache', 'cache ls', 'cache clear', 'cache verify', 'doctor'];

test.each(COMMANDS)('%s tells its options and the version on stdout', async (command) => {
  const help = await run([...command.split(' '), '--help']);
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toContain(`Usage: halftone ${command}`);
  expect(await run([...command.split(' '), '--version'])).toEqual({
    code: 0,
    out: '1.2.3\n',
    err: '',
  });
});

test('the help without a command shows the commands and the options of serve', async () => {
  const { code, out } = await run(['--help']);
  expect(code).toBe(0);
  for (const word of ['inspect', 'cache', 'doctor', '--port', '--allow-host', '--base-path']) {
    expect(out).toContain(word);
  }
});

describe('what is wrong on the command line ends with 2, a sentence on stderr and nothing on stdout', () => {
  const cases: [string[], RegExp][] = [
    [['--prot', '0'], /--prot.*\n.*--port/u],
    [['serve', '--worker', '2'], /--worker.*\n.*--workers/u],
    [['inspect', 'small.csv', '--jsn'], /--jsn.*\n.*--json/u],
    [['cache', 'ls', '--jsno'], /--jsno.*\n.*--json/u],
    [['cache', 'lst'], /lst/u],
    [['cache'], /ls.*clear.*verify|clear/u],
    [['inspect'], /file/u],
    [['inspect', 'a.csv', 'b.csv'], /argument/u],
    [['doctor', 'x'], /argument/u],
    [['--port'], /--port/u],
    [['--port', '65536'], /"65536"/u],
    [['--base-path', '/a b/'], /"\/a b\/"/u],
    [['--base-path', '/viz/../x'], /"\/viz\/\.\.\/x"/u],
    [['--allow-host', 'https://viz.example.org'], /"https:\/\/viz\.example\.org"/u],
    [['--host', '0.0.0.0'], /token/u],
    [['--sql', 'SELECT 1'], /NAME=SELECT/u],
    [['--config', 'halftone.yaml'], /halftone\.yaml/u],
    [['bench'], /paths/u],
    [['bench', 'small.csv', '--rounds', '1.5'], /"1\.5"/u],
    [['bench', 'small.csv', '--round', '3'], /--round.*\n.*--rounds/u],
    [['refresh', 'x', '--cache-dir', join(tmpdir(), 'halftone-no-server')], /server/u],
    [['schema', 'x'], /too many arguments/u],
  ];
  test.each(cases)('%j', async (args, message) => {
    const { code, out, err } = await run(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /mu);
  });
});

test('inspect gives data that are refused the code 3, and stdout nothing', async () => {
  writeFileSync(join(place.folder, 'open.csv'), 'a,b\n1,"never closed\n2,3\n');
  for (const name of ['open.csv', 'missing.csv', '.']) {
    writeFileSync(join(place.folder, 'page.csv'), '<!doctype html><p>no table');
    const started = place.run(['inspect', name === '.' ? 'page.csv' : name, '--json']);
    expect(await started.exited, name).toBe(3);
    expect(started.stdout()).toBe('');
    expect(started.stderr()).toContain(name === '.' ? 'page.csv' : name);
  }
});

test('a reader that goes away in the middle is no failure', async () => {
  const started = place.run(['inspect', 'small.csv', '--json']);
  started.child.stdout!.destroy();
  started.child.stderr!.destroy();
  expect(await started.exited).toBe(0);
});

test('no escape code is written where nobody watches', async () => {
  const started = place.run(['inspect', 'small.csv']);
  expect(await started.exited).toBe(0);
  expect(started.stdout() + started.stderr()).not.toContain('\u001b');
  expect(started.stdout()).not.toContain('\r');
});
