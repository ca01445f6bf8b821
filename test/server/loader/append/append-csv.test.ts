import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Query } from '../../../../protocol/query.js';
import { changesBetween } from '../../../../server/jobs/changes.js';
import type { DatasetSource } from '../../../../server/loader/source.js';
import { verifySnapshot } from '../../../../server/snapshots/verify.js';
import { startAppends, type Appends } from './appends.js';

let appends: Appends;
beforeAll(async () => {
  appends = await startAppends();
});
afterAll(() => appends.close());

const fileOf = (name: string): string => join(appends.dir, name);
const csvOf = (
  name: string,
  files: string[],
  more: Partial<DatasetSource> = {},
): DatasetSource => ({
  name,
  kind: 'csv',
  files,
  united: false,
  csv: {},
  strict: false,
  ...more,
});

/** Every kind of frame over the columns of `linesOf`. */
const QUERIES: Query[] = [
  { dataset: 'a', mark: 'rows', limit: 100_000 },
  { dataset: 'a', mark: 'rows', sort: [{ column: 'value', order: 'desc' }], limit: 500 },
  { dataset: 'a', mark: 'scatter', method: 'density', x: 'id', y: 'value' },
  { dataset: 'a', mark: 'line', method: 'm4', x: 'at', y: 'value', width: 300 },
  { dataset: 'a', mark: 'histogram', x: 'value' },
  { dataset: 'a', mark: 'bar', x: 'word', aggregate: { op: 'mean', column: 'value' } },
  { dataset: 'a', mark: 'value', aggregate: { op: 'sum', column: 'value' } },
  { dataset: 'a', mark: 'value', aggregate: { op: 'distinct', column: 'word' } },
];

/** Numbers in [0, 1) that are the same each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const HEAD = 'id,at,value,word\n';

/** Lines with nulls, times and texts in quotes; `wide` has greater whole numbers and words that came later. */
function linesOf(next: () => number, from: number, rows: number, wide: boolean): string {
  let text = '';
  for (let i = from; i < from + rows; i++) {
    const id = wide ? i * 100_000 : i % 200;
    const at = new Date(1.7e12 + i * 60_000).toISOString().slice(0, 19);
    const value = next() < 0.1 ? '' : ((next() - 0.5) * (wide ? 1e6 : 8)).toFixed(3);
    const word = next() < 0.1 ? '' : `"w, ${Math.floor(next() * (wide ? 400 : 9))}"`;
    text += `${id},${at},${value},${word}\n`;
  }
  return text;
}

test.each([1, 2])(
  'a file that grew is answered from as if it were loaded whole, wherever it was cut (seed %i)',
  async (seed) => {
    const next = random(seed);
    const source = csvOf(`grown-${seed}`, [fileOf(`grown-${seed}.csv`)]);
    const [file] = source.files as [string];
    writeFileSync(file, HEAD + linesOf(next, 0, 50 + Math.floor(next() * 3000), false));
    let { snapshot } = await appends.load(source);
    let rows = snapshot.manifest.rows;
    for (const wide of [false, true]) {
      appendFileSync(file, linesOf(next, rows, 1 + Math.floor(next() * 2000), wide));
      const grown = await appends.load(source, snapshot);
      expect(grown.log).toEqual([]);
      expect(grown.snapshot.manifest.appendedTo).toEqual({ id: snapshot.manifest.id, rows });
      ({ snapshot } = grown);
      ({ rows } = snapshot.manifest);
    }
    expect(await appends.differences(source, snapshot, QUERIES)).toEqual([]);
    expect(await verifySnapshot(snapshot)).toEqual([]);
  },
  180_000,
);

test('a file written anew with the same bytes has no new rows, and its segments are shared', async () => {
  const source = csvOf('same', [fileOf('same.csv')]);
  const [file] = source.files as [string];
  writeFileSync(file, HEAD + linesOf(random(4), 0, 100, false));
  const { snapshot: before } = await appends.load(source);
  writeFileSync(file, readFileSync(file));
  const { snapshot, log } = await appends.load(source, before);
  expect(log).toEqual([]);
  const { id, segments } = before.manifest;
  expect(snapshot.manifest.segments).toEqual(
    segments.map((segment) => ({ ...segment, writtenBy: id })),
  );
  expect(changesBetween(before.manifest, snapshot.manifest)).toMatchObject({
    rowsAdded: 0,
    rowsRemoved: 0,
  });
});

const FAULTS: [string, (text: string) => string, RegExp][] = [
  ['edited in the middle', (text) => text.replace('\n7,', '\n8,') + '5,2024-01-01T00:00:00,1,x\n', /not the same as before/],
  ['shorter', (text) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1), /shorter/],
  ['with text in a column of numbers', (text) => `${text}5,2024-01-01T00:00:00,many,x\n`, /"value" is VARCHAR now/],
  ['with a line of too few fields', (text) => `${text}5,2024-01-01T00:00:00\n`, /read with care/],
  ['with another header', (text) => text.replace('word', 'term'), /"term" is new/],
]; // prettier-ignore

test.each(FAULTS)(
  'a file that is %s is loaded whole, and the run says why',
  async (what, change, reason) => {
    const source = csvOf(what, [fileOf(`${what}.csv`)]);
    const [file] = source.files as [string];
    const text = HEAD + linesOf(random(5), 0, 60, false);
    writeFileSync(file, text);
    const { snapshot: before } = await appends.load(source);
    writeFileSync(file, change(text));
    const { snapshot, log } = await appends.load(source, before);
    expect(log.join()).toMatch(/^The source was read whole: .*/);
    expect(log.join()).toMatch(reason);
    expect(snapshot.manifest.appendedTo).toBeUndefined();
    expect(changesBetween(before.manifest, snapshot.manifest).rowsAdded).toBeUndefined();
  },
);

test('a last line without a newline may go on: what grows behind it is loaded whole', async () => {
  const source = csvOf('half', [fileOf('half.csv')]);
  const [file] = source.files as [string];
  writeFileSync(file, 'a,b\n1,2\n3,4');
  const { snapshot: before } = await appends.load(source);
  appendFileSync(file, '56\n7,8\n');
  const { snapshot, log } = await appends.load(source, before);
  expect(log.join()).toMatch(/had no newline/);
  expect(snapshot.manifest).toMatchObject({ rows: 3 });
  expect(await appends.differences(source, snapshot, [{ dataset: 'a', mark: 'rows' }])).toEqual([]);
});

/** What a writer has written of its last record, the rest of it, and what is shown meanwhile. */
const HALVES: [string, string, string, { rows: number; setAside: number }][] = [
  ['a field', '4,2024-01-01T00:00:00,1', '2.5,end\n', { rows: 61, setAside: 1 }],
  ['the last field', '4,2024-01-01T00:00:00,12.5,e', 'nd\n', { rows: 62, setAside: 0 }],
];

test.each(HALVES)(
  'a record that is cut off within %s is shown as a load of everything shows it, and right when it is complete',
  async (what, half, rest, shown) => {
    const source = csvOf(`cut in ${what}`, [fileOf(`cut in ${what}.csv`)]);
    const [file] = source.files as [string];
    writeFileSync(file, HEAD + linesOf(random(10), 0, 60, false));
    const { snapshot: before } = await appends.load(source);
    appendFileSync(file, `3,2024-01-01T00:00:00,7.25,whole\n${half}`);
    const { snapshot: meanwhile } = await appends.load(source, before);
    expect(meanwhile.manifest.report).toMatchObject(shown);
    expect(await appends.differences(source, meanwhile, QUERIES)).toEqual([]);
    appendFileSync(file, rest);
    const { snapshot } = await appends.load(source, meanwhile);
    expect(snapshot.manifest.report).toMatchObject({ rows: 62, setAside: 0, nulled: 0 });
    expect(await appends.differences(source, snapshot, QUERIES)).toEqual([]);
  },
);

test('the rest of a number is no number of its own, where a column is all that there is', async () => {
  const source = csvOf('column', [fileOf('column.csv')]);
  const [file] = source.files as [string];
  writeFileSync(file, 'n\n1\n');
  const { snapshot: before } = await appends.load(source);
  appendFileSync(file, '2\n3');
  const { snapshot: meanwhile } = await appends.load(source, before);
  expect(meanwhile.manifest).toMatchObject({ rows: 3, appendedTo: { rows: 1 } });
  appendFileSync(file, '45\n6\n');
  const { snapshot } = await appends.load(source, meanwhile);
  expect(snapshot.manifest).toMatchObject({ rows: 4 });
  expect(await appends.differences(source, snapshot, [{ dataset: 'a', mark: 'rows' }])).toEqual([]);
});

test('a record that is cut off within quotes refuses the load, and is appended when it is complete', async () => {
  const source = csvOf('quotes', [fileOf('quotes.csv')]);
  const [file] = source.files as [string];
  writeFileSync(file, HEAD + linesOf(random(10), 0, 60, false));
  const { snapshot: before } = await appends.load(source);
  appendFileSync(file, '4,2024-01-01T00:00:00,1,"one\ntwo');
  await expect(appends.load(source, before)).rejects.toThrow(/line 62 is never closed/);
  expect(await appends.store.snapshots(source)).toHaveLength(1);
  appendFileSync(file, ' ""three"""\n5,,,x\n');
  const { snapshot, log } = await appends.load(source, before);
  expect(log).toEqual([]);
  expect(snapshot.manifest).toMatchObject({ rows: 62, appendedTo: { rows: 60 } });
  expect(await appends.differences(source, snapshot, QUERIES)).toEqual([]);
});

test('a file that comes last into a folder is all that is read of it', async () => {
  const files = ['d/k=1/a.csv', 'd/k=1/b.csv', 'd/k=2/c.csv'].map(fileOf);
  for (const folder of ['d/k=1', 'd/k=2']) mkdirSync(fileOf(folder), { recursive: true });
  const next = random(6);
  for (const [i, file] of files.entries())
    writeFileSync(file, HEAD + linesOf(next, i * 300, 300, i > 1));
  const root = fileOf('d');
  const sourceOf = (count: number) =>
    csvOf('d', files.slice(0, count), { united: true, root, patterns: [root] });
  const { snapshot: one } = await appends.load(sourceOf(1));
  const { snapshot: two, log } = await appends.load(sourceOf(2), one);
  appendFileSync(files[1]!, linesOf(next, 900, 50, true));
  const { snapshot: three, log: more } = await appends.load(sourceOf(3), two);
  expect([...log, ...more]).toEqual([]);
  expect(three.manifest.appendedTo).toEqual({ id: two.manifest.id, rows: 600 });
  expect(three.manifest.rows).toBe(950);
  const kept = await appends.store.snapshots(sourceOf(3));
  expect(kept.map(({ manifest }) => manifest.id)).toEqual([three.manifest.id, two.manifest.id]);
  expect(await appends.differences(sourceOf(3), three, QUERIES)).toEqual([]);
});

test('a file that comes in front of others is loaded with them', async () => {
  const [a, b] = ['front-a.csv', 'front-b.csv'].map(fileOf) as [string, string];
  for (const file of [a, b]) writeFileSync(file, HEAD + linesOf(random(7), 0, 20, false));
  const more = { united: true, root: appends.dir };
  const { snapshot: before } = await appends.load(csvOf('front', [b], more));
  const { snapshot, log } = await appends.load(csvOf('front', [a, b], more), before);
  expect(log).toEqual(['The source was read whole: a file came in front of front-b.csv.']);
  expect(snapshot.manifest.rows).toBe(40);
});

test('a snapshot goes on answering when the one that it was appended to is gone', async () => {
  const source = csvOf('gone', [fileOf('gone.csv')]);
  const [file] = source.files as [string];
  writeFileSync(file, HEAD + linesOf(random(8), 0, 100, false));
  const { snapshot: before } = await appends.load(source);
  appendFileSync(file, linesOf(random(9), 100, 10, false));
  const { snapshot } = await appends.load(source, before);
  await appends.store.remove(before);
  expect(await verifySnapshot(snapshot)).toEqual([]);
  truncateSync(join(snapshot.dir, snapshot.manifest.resume!.file), 10);
  appendFileSync(file, linesOf(random(9), 110, 10, false));
  const { log } = await appends.load(source, snapshot);
  expect(log.join()).toMatch(/is lost/);
});
