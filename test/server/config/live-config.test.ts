import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createLiveConfig, type LiveConfig } from '../../../server/config/live-config.js';
import { openConfig } from '../../../server/config/open-config.js';
import { createEventHub } from '../../../server/events/hub.js';
import type { ServerEvent } from '../../../server/events/server-event.js';
import type { DatasetSource } from '../../../server/loader/source.js';

let dir: string;
let told: string[];
let done: string[];
let sources: DatasetSource[];
let events: ServerEvent[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'halftone-config-'));
  [told, done, sources, events] = [[], [], [], []];
});

const write = (name: string, text: string): void => {
  // Another file each time, as editors write: the same time and size say nothing.
  writeFileSync(join(dir, 'new'), text);
  renameSync(join(dir, 'new'), join(dir, name));
};
const config = (lines: string): void => write('halftone.yaml', `version: 1\n${lines}`);

/** Follows the configuration of the folder over a catalog that writes down what it is asked. */
function follow(): LiveConfig {
  const hub = createEventHub({ epoch: 'test' });
  hub.subscribe((event) => events.push(event));
  return createLiveConfig({
    opened: openConfig('halftone.yaml', { cwd: dir, env: {} }),
    events: hub,
    tell: (message) => told.push(message),
    catalog: {
      add: (added) => {
        sources.push(...added);
        done.push(...added.map(({ name }) => `add ${name}`));
        return added.map(({ name }) => name);
      },
      addRefused: ({ name }, error) => {
        done.push(`refuse ${name}: ${error.message}`);
        return name;
      },
      replace: (source) => {
        sources.push(source);
        done.push(`replace ${source.name}`);
      },
      remove: (name) => done.push(`remove ${name}`),
    },
  });
}

/** A change is read once it was the same at two looks. */
async function look(live: LiveConfig): Promise<void> {
  await live.check();
  await live.check();
}

test('puts in force what a valid change adds, removes and changes, and nothing else', async () => {
  for (const name of ['a.csv', 'b.csv', 'c.csv']) write(name, 'x\n1\n');
  config('datasets:\n  a: { files: a.csv }\n  b: { files: b.csv }\n');
  const live = follow();
  let changes = 0;
  live.onChange(() => changes++);
  await look(live);
  expect(done.splice(0)).toEqual(['add a', 'add b']);
  expect(events).toEqual([]);

  config('datasets:\n  b: { files: b.csv, strict: true }\n  c: { files: c.csv }\n');
  await look(live);
  expect(done.splice(0)).toEqual(['remove a', 'replace b', 'add c']);
  expect(sources.at(-2)).toMatchObject({ name: 'b', strict: true });
  expect(events.map(({ name, data }) => [name, data])).toEqual([
    ['config', { file: 'halftone.yaml', problems: [] }],
  ]);
  expect(changes).toBe(1);
  expect(told).toEqual(['halftone.yaml was read again.']);

  await look(live);
  expect(done).toEqual([]);
});

test('keeps the last valid configuration while the file is not valid, and says so once', async () => {
  write('a.csv', 'x\n1\n');
  config('datasets:\n  a: { files: a.csv }\n');
  const live = follow();
  await look(live);
  done.length = 0;
  config('datasets:\n  a: { flies: a.csv }\n');
  await look(live);
  await look(live);
  expect(done).toEqual([]);
  expect(told).toEqual([
    'halftone.yaml:3:8: "flies" is no option of a dataset. Did you mean "files"?\nhalftone.yaml is not valid: what was read before stays in force.',
  ]);
  expect(live.state.problems).toMatchObject([{ line: 3, column: 8 }]);
  expect(live.state.config!.datasets).toEqual({ a: { files: 'a.csv' } });
  expect(events.at(-1)!.data).toMatchObject({ problems: [{ line: 3 }] });

  config('datasets:\n  a: { files: a.csv }\n');
  await look(live);
  expect(live.state.problems).toEqual([]);
  expect(events.at(-1)!.data).toMatchObject({ problems: [] });
  expect(done).toEqual([]);
});

test('keeps the last valid configuration when the file is gone, half written or not UTF-8', async () => {
  write('a.csv', 'x\n1\n');
  config('datasets:\n  a: { files: a.csv }\n');
  const live = follow();
  await look(live);
  done.length = 0;
  rmSync(join(dir, 'halftone.yaml'));
  await look(live);
  expect(live.state.problems[0]!.message).toMatch(/does not exist/u);
  config('datasets:\n  a: { files: "a');
  await look(live);
  expect(live.state.problems[0]!.message).toMatch(/no YAML/u);
  writeFileSync(join(dir, 'halftone.yaml'), Buffer.from([0x61, 0xff, 0xfe]));
  await look(live);
  expect(live.state.problems[0]!.message).toMatch(/is not UTF-8/u);
  expect(done).toEqual([]);
});

test('says what a restart is needed for', async () => {
  config('server: { port: 1 }\n');
  const live = follow();
  config('server: { port: 2 }\n');
  await look(live);
  expect(told.join()).toMatch(/"server" needs a restart/u);
});

test('takes in files that come to a glob, or were missing; what is gone leaves its rows', async () => {
  write('a-1.csv', 'x\n1\n');
  config('datasets:\n  a: { files: "a-*.csv" }\n  b: { files: b.csv }\n');
  const live = follow();
  expect(done.splice(0)).toEqual([
    'add a',
    expect.stringMatching(/^refuse b: There is no file b/u),
  ]);
  await live.checkFiles();
  expect(done).toEqual([]);

  write('a-2.csv', 'x\n2\n');
  write('b.csv', 'x\n2\n');
  await live.checkFiles();
  expect(done.splice(0)).toEqual(['replace a', 'remove b', 'add b']);
  expect(sources.find(({ name, files }) => name === 'a' && files.length === 2)).toBeDefined();

  for (const name of ['a-1.csv', 'a-2.csv']) rmSync(join(dir, name));
  await live.checkFiles();
  expect(done).toEqual([]);
});
