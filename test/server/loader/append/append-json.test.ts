import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Query } from '../../../../protocol/query.js';
import type { DatasetSource } from '../../../../server/loader/source.js';
import { randomOf } from '../../../oracle/random.js';
import { QUERIES, startAppends, type Appends, type Loaded } from './appends.js';

let appends: Appends;
beforeAll(async () => {
  appends = await startAppends();
});
afterAll(() => appends.close());

const sourceOf = (name: string): DatasetSource => ({
  name,
  kind: 'json',
  files: [join(appends.dir, `${name}.jsonl`)],
  united: false,
  csv: {},
  strict: false,
});

/** Lines with nulls, absent keys, whole and other numbers, times and lists; numbers and words grow with `from`. */
function linesOf(from: number, rows: number): string {
  const random = randomOf(from + 1);
  const objects = Array.from({ length: rows }, (_, i) => ({
    n: (from + i) * (from + 1),
    ...(random() < 0.8 && { y: random() < 0.3 ? Math.floor(random() * 9) : random() * (from + 1) }),
    at: new Date(Date.UTC(2026, 0, 1, 0, from + i)).toISOString(),
    word: random() < 0.2 ? null : `word ${Math.floor(random() * (10 + from))}`,
    list: [i, i + 1],
    ok: random() < 0.5,
  }));
  return objects.map((each) => `${JSON.stringify(each)}\n`).join('');
}

/** Loads a file, adds to it, and loads it again behind what was there. */
async function grown(name: string, before: string, more: string): Promise<Loaded> {
  const source = sourceOf(name);
  writeFileSync(source.files[0]!, before);
  const { snapshot } = await appends.load(source);
  appendFileSync(source.files[0]!, more);
  return appends.load(source, snapshot);
}

test('lines that come behind those of a file are all that is read of it', async () => {
  const source = sourceOf('some');
  let { snapshot, log } = await grown('some', linesOf(0, 900), linesOf(900, 70));
  expect(log).toEqual([]);
  for (const [from, rows] of [
    [970, 1],
    [971, 3000],
  ] as const) {
    appendFileSync(source.files[0]!, linesOf(from, rows));
    const before = snapshot.manifest;
    ({ snapshot, log } = await appends.load(source, snapshot));
    expect(log).toEqual([]);
    expect(snapshot.manifest.appendedTo).toEqual({ id: before.id, rows: from });
  }
  expect(await appends.differences(source, snapshot, QUERIES)).toEqual([]);
});

test('lines whose numbers are whole by chance, or whose keys are absent, are no others', async () => {
  const { snapshot, log } = await grown('chance', linesOf(0, 50), '{"n": 7, "y": 3}\n\n{}\n{"at": null}\n'); // prettier-ignore
  expect(log).toEqual([]);
  expect(snapshot.manifest).toMatchObject({ rows: 53, appendedTo: { rows: 50 } });
  expect(await appends.differences(sourceOf('chance'), snapshot, QUERIES)).toEqual([]);
});

describe('a file is read whole, and the run says why, where what came', () => {
  const first = linesOf(0, 50);
  const cases: readonly (readonly [string, string, string, RegExp])[] = [
    ['has a new key', first, '{"n": 1, "more": 2}\n', /column "more" is new/],
    ['has another type', first, '{"n": 1.5}\n', /"n" is DOUBLE now, and was BIGINT/],
    ['makes text of numbers', first, '{"n": "x"}\n', /"n" is VARCHAR now/],
    ['writes times in another way', first, '{"at": "2026-03-01 10:00:00"}\n', /"at" is written in another way/],
    ['has days and months the other way round', '{"d": "01/02/2026"}\n', '{"d": "2026-01-02"}\n', /./],
    ['is half a line', first, '{"n": 1', /has no newline/],
    ['is no object', first, '[1]\n', /./],
    ['comes behind half a line', '{"n": 1}\n{"n": 2}', '\n{"n": 3}\n', /./],
    ['comes into a list', '[{"n": 1},\n{"n": 2}\n', ',{"n": 3}]\n', /./],
    ['comes where lines are set aside', '{"n": 1}\n{"n":\n{"n": 2}\n', '{"n": 3}\n', /./],
  ]; // prettier-ignore
  test.each(cases)('%s', async (name, before, more, reason) => {
    const file = name.replaceAll(' ', '-');
    const loaded = await grown(file, before, more).catch((error: Error) => error);
    if (loaded instanceof Error) return expect(loaded.message).toMatch(/cannot be read/);
    const { snapshot, log } = loaded;
    expect(snapshot.manifest.appendedTo).toBeUndefined();
    if (reason.source !== '.') expect(log.join()).toMatch(reason);
    return expect(await appends.differences(sourceOf(file), snapshot, [])).toEqual([]);
  });

  test('was written before, too', async () => {
    const source = sourceOf('edited');
    writeFileSync(source.files[0]!, first);
    const { snapshot } = await appends.load(source);
    writeFileSync(source.files[0]!, first.replace('"n":0', '"n":9') + linesOf(50, 5));
    const { snapshot: whole, log } = await appends.load(source, snapshot);
    expect(log.join()).toContain('edited.jsonl is not the same as before up to where it ended.');
    expect(whole.manifest.appendedTo).toBeUndefined();
    expect(await appends.differences(source, whole, QUERIES)).toEqual([]);
  });
});

/** A folder with these files, and the first of them alone. */
function folderOf(name: string, texts: Record<string, string>): [DatasetSource, DatasetSource] {
  const root = join(appends.dir, name);
  const files = Object.keys(texts).map((path) => join(root, path));
  for (const [i, text] of Object.values(texts).entries()) {
    mkdirSync(dirname(files[i]!), { recursive: true });
    writeFileSync(files[i]!, text);
  }
  const all = { ...sourceOf(name), files, root, united: true };
  return [all, { ...all, files: files.slice(0, 1) }];
}

test('files of JSON lines that come last into a folder are all that is read of it', async () => {
  const [source, one] = folderOf('folder', {
    'k=1/a.jsonl': linesOf(0, 900),
    'k=1/b.jsonl': `${linesOf(900, 70)}{"n": 7}\n`,
    'k=2/a.jsonl': linesOf(971, 3000),
  });
  const two = { ...source, files: source.files.slice(0, 2) };
  const before = await appends.load(two, (await appends.load(one)).snapshot);
  const { snapshot, log } = await appends.load(source, before.snapshot);
  expect([...before.log, ...log]).toEqual([]);
  expect(snapshot.manifest.appendedTo).toEqual({ id: before.snapshot.manifest.id, rows: 971 });
  const byFolder: Query = { dataset: 'a', mark: 'bar', x: 'k' };
  expect(await appends.differences(source, snapshot, [...QUERIES, byFolder])).toEqual([]);
});

test('a new file with other keys, types or folders makes all of them be read, and the run says why', async () => {
  const cases: [string, string, RegExp][] = [
    ['k=1/b.jsonl', '{"n": 1, "more": 2}\n', /column "more" is new/],
    ['k=x/b.jsonl', linesOf(900, 9), /"k" is VARCHAR now, and was BIGINT/],
    ['l=1/b.jsonl', linesOf(900, 9), /folders of the new files say something else|"l" is new/],
  ];
  for (const [i, [path, text, reason]] of cases.entries()) {
    const [source, one] = folderOf(`other-${i}`, { 'k=1/a.jsonl': linesOf(0, 50), [path]: text });
    const { snapshot } = await appends.load(one);
    const { snapshot: whole, log } = await appends.load(source, snapshot);
    expect(log.join()).toMatch(reason);
    expect(whole.manifest.appendedTo).toBeUndefined();
    expect(await appends.differences(source, whole, QUERIES)).toEqual([]);
  }
});
