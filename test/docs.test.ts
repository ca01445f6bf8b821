import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProgram } from '../server/cli/program.js';
import { ERRORS } from '../server/errors.js';
import { fakeTerminal } from './server/cli/terminal.js';
import { buildTestApp, type TestApp } from './server/helpers.js';

let made: TestApp;
beforeAll(async () => {
  made = await buildTestApp({ config: { token: 'x' } });
});
afterAll(() => made.app.close());

/** The headings of a page of the reference. */
const headingsOf = (page: string): string[] =>
  [
    ...readFileSync(new URL(`../docs/reference/${page}.md`, import.meta.url), 'utf8').matchAll(
      /^#{2,3} (.+)$/gmu,
    ),
  ].map(([, heading]) => heading!);

test('every error code has its heading, and no other has', () => {
  expect(headingsOf('errors').sort()).toEqual(Object.keys(ERRORS).sort());
});

test('every route has its heading, and no other has', async () => {
  const headers = { authorization: 'Bearer x' };
  const api = (await made.app.inject({ url: '/openapi.json', headers })).json<{
    paths: Record<string, Record<string, unknown>>;
  }>();
  const routes = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => method !== 'head')
      .map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/gu, ':$1')}`),
  );
  expect(headingsOf('http').sort()).toEqual([...routes, 'GET /openapi.json', 'GET /docs'].sort());
});

test('every command and option has its heading, and no other has', () => {
  const program = createProgram({
    terminal: fakeTerminal().terminal,
    version: '0',
    stop: new AbortController().signal,
  });
  // Commands that are still to come are hidden; `help` is commander's own.
  const commands = program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => command.name() !== 'help');
  const options = commands
    .flatMap((command) => [command, ...command.commands])
    .flatMap(({ options }) => options);
  const names = [...commands.map((command) => command.name()), ...options.map(({ long }) => long!)];
  expect(headingsOf('cli').sort()).toEqual([...new Set(names)].sort());
});

test('every request that the README and the guides show is one that a route takes', () => {
  const guides = ['exact', 'prove-it', 'first-ten-minutes', 'live-dashboard', 'embed'].map(
    (page) => `docs/guides/${page}.md`,
  );
  const shown = ['README.md', ...guides].flatMap((file) => {
    const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
    return [...text.matchAll(/curl [^\n]*?localhost:8642(\/[\w/.-]*)([^\n]*)/gu)];
  });
  expect(shown.length).toBeGreaterThan(1);
  for (const [line, path, rest] of shown) {
    const isPost = /-X POST|-d /u.test(line + rest);
    const url = path as `/${string}`;
    expect(made.app.hasRoute({ method: isPost ? 'POST' : 'GET', url }), line).toBe(true);
  }
});
