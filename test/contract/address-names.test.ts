import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { formatAddress, parseAddress } from '../../protocol/address/address.js';
import { buildTestApp } from '../server/helpers.js';
import { addressOf, createWorkplace, settledDatasets, type Server, type Workplace } from './cli-process.js'; // prettier-ignore

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const BLNS = fileURLToPath(new URL('../../../shared/corpora/blns/blns.json', import.meta.url));

/** Names that are hard on addresses, on JavaScript and on terminals; and the big list, where it is at hand. */
const NAUGHTY = [
  '__proto__', 'constructor', 'hasOwnProperty', 'toString', 'null', 'undefined', 'NaN', '0', '-1', '1e3',
  'a/b', '..', '.', '../../etc/passwd', '%2e%2e%2f', '%', '100%', '%00', '%zz', 'a?b#c&d=e;f', 'a+b', 'a b', ' a', 'a ',
  '"', "'", '`', '<script>alert(1)</script>', '${7*7}', '{{7*7}}', "'; DROP TABLE t; --", '\\', 'a\tb', 'a\nb', 'a\r\nb',
  '\u0000', '\u001b[31m', '\u202eabc', '\ufeffbom', '\u00a0', 'ü', 'u\u0308', 'ß', 'ﬁ', '田中さん', '👩‍👩‍👧', '🏳️‍🌈', '\u{10ffff}',
  'row', 'filename', 'values', 'count', ',', ';', 'f.x', '!x', '~', 'x..y', 'a'.repeat(5000),
]; // prettier-ignore

/** Every one of them as the name of a column. */
const columnNames = [
  ...new Set([...NAUGHTY, ...(existsSync(BLNS) ? (JSON.parse(readFileSync(BLNS, 'utf8')) as string[]) : [])]),
].filter((name) => name !== '' && !name.includes('\u0000')); // prettier-ignore

/** A few of them as the names of files: each is a load. */
const fileNames = [
  '__proto__', '%2e%2e%2f 100%', 'a?b#c&d=e;f+g', '"\' \\ <script>alert(1)', 'a\nb \u202e👩‍👩‍👧',
]; // prettier-ignore

const isStep = (name: string) => name === '.' || name === '..';

let place: Workplace;
let server: Server;
let names: string[];
beforeAll(async () => {
  place = createWorkplace();
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const values = columnNames.map((_, i) => i);
  const table = [columnNames.map(quote), values, values].map((cells) => `${cells.join(',')}\n`);
  writeFileSync(join(place.folder, 'wide.csv'), table.join(''));
  for (const [i, name] of fileNames.entries()) {
    // Not one schema, so that each is a dataset of its own.
    writeFileSync(join(place.folder, `${name}.csv`), `c${i},v${i}\n${i},x\n`);
  }
  server = await place.serve([
    '--csv',
    'header=true',
    ...['wide', ...fileNames].map((name) => `./${name}.csv`),
  ]);
  names = (await settledDatasets(server.url)).map(({ name }) => name);
});
afterAll(() => place.close());

const api = (path: string) => fetch(`${server.url}/api/v1/${path}`);

test('every dataset is listed under the name of its file', () => {
  expect(names.filter((name) => name !== 'wide').sort()).toEqual([...fileNames].sort());
});

test('every dataset answers by its name: description, rows, values, export, frame and page', async () => {
  for (const [i, name] of fileNames.entries()) {
    const encoded = encodeURIComponent(name);
    const said = JSON.stringify(name);
    const info = await api(`datasets/${encoded}`);
    expect(await info.json(), said).toMatchObject({ name, status: 'ready', rows: 1 });
    const row = await api(`datasets/${encoded}/rows/0`);
    expect(await row.json(), said).toEqual({ row: 0, values: { [`c${i}`]: i, [`v${i}`]: 'x' } });
    const exported = await api(`datasets/${encoded}/export?format=csv`);
    expect(await exported.text(), said).toBe(`c${i},v${i}\r\n${i},x\r\n`);
    const disposition = exported.headers.get('content-disposition')!;
    expect(disposition).toMatch(
      /^attachment; filename="[^"\\/%]*"; filename\*=UTF-8''[\w.~%!#$&+^`|-]*$/u,
    );
    expect(decodeURIComponent(disposition.split("UTF-8''")[1]!)).toBe(`${name}.csv`);
    const query = { dataset: name, mark: 'value' };
    const frame = await api(`frame.json?q=${addressOf(query)}`);
    expect(await frame.json(), said).toMatchObject({
      halftone: { dataset: name },
      rows: [{ value: 1 }],
    });
    const page = await fetch(`${server.url}/explore/${encoded}?mark=scatter`);
    expect(page.headers.get('content-type'), said).toMatch(/^text\/html/u);
  }
});

test('every column answers by its name: in a query, a filter, a dropdown and a row', async () => {
  const row = (await (await api('datasets/wide/rows/1')).json()) as { values: object };
  expect(Object.entries(row.values)).toHaveLength(columnNames.length);
  const listed = (await (await api('datasets/wide')).json()) as { columns: { name: string }[] };
  // A column may have been renamed where its name cannot stand in a table; what the API lists is what it answers to.
  for (const [i, { name }] of listed.columns.entries()) {
    // Of the big list every fifth, for the sake of time.
    if (isStep(name) || (i >= NAUGHTY.length && i % 5 !== 0)) continue;
    const said = JSON.stringify(name).slice(0, 80);
    const values = await api(`datasets/wide/columns/${encodeURIComponent(name)}/values`);
    expect(await values.json(), said).toEqual({
      values: [{ value: i, count: 2 }],
      matching: 1,
      total: 1,
    });
    const filters = [{ op: 'range', column: name, min: i, max: i }];
    const query = {
      dataset: 'wide',
      mark: 'value',
      aggregate: { op: 'sum', column: name },
      filters,
    };
    const frame = await api(`frame.json?q=${addressOf(query)}`);
    expect(await frame.json(), said).toMatchObject({ rows: [{ value: 2 * i, count: 2 }] });
    const none = await api(
      `datasets/wide/export?filters=${encodeURIComponent(JSON.stringify([{ op: 'null', column: name }]))}`,
    );
    expect((await none.text()).trimEnd().split('\r\n').length, said).toBeGreaterThan(0);
  }
});

test('every name of a dataset finds its way through an address', async () => {
  const { app } = await buildTestApp({ datasets: columnNames });
  for (const name of columnNames) {
    const encoded = encodeURIComponent(name);
    const info = await app.inject(`/api/v1/datasets/${encoded}`);
    if (!isStep(name)) expect(info.json(), name).toMatchObject({ name });
    const frame = await app.inject(`/api/v1/frame?q=${addressOf({ dataset: name, mark: 'rows' })}`);
    expect(frame.statusCode, name).toBe(200);
    expect(frame.headers['x-halftone-snapshot']).toBe('snap-1');
  }
  await app.close();
});

test('the address of the page says every name so that it is read back', () => {
  // Clients take `.` and `..` for steps along the path, encoded or not: no file gives such a name.
  for (const name of columnNames.filter((one) => !isStep(one))) {
    const view = {
      dataset: name,
      x: name,
      y: [name],
      filters: [{ op: 'in', column: name, values: [name, null] } as const],
    };
    const { href } = new URL(formatAddress(view), 'http://localhost/base/');
    expect(parseAddress(href.slice('http://localhost/base/'.length))).toEqual({ view, faults: [] });
  }
});

describe('a name that is not there', () => {
  test('is answered with 404 or 400 and a sentence, whatever it is', async () => {
    for (const name of NAUGHTY) {
      const encoded = encodeURIComponent(`no ${name}`);
      for (const path of [
        `datasets/${encoded}`,
        `datasets/${encoded}/rows/0`,
        `datasets/${encoded}/export`,
      ]) {
        const answer = await api(path);
        expect(answer.status, path).toBe(404);
        expect(await answer.json()).toMatchObject({ code: 'DATASET_UNKNOWN' });
      }
      const column = await api(`datasets/wide/columns/${encoded}/values`);
      expect(column.status).toBe(400);
      expect(await column.json()).toMatchObject({ code: 'COLUMN_UNKNOWN' });
    }
  });
});
