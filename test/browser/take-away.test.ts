import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tableFromIPC } from '@uwdata/flechette';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withDuckDb } from '../bench/duckdb.js';
import { hasBrowser, settled, startApp, type AppServer } from './app-page.js';

const run = promisify(execFile);

const ROWS = 3000;
/** Texts that a spreadsheet takes for formulas, or a reader of CSV for something else. */
const WORDS = [
  '=1+1',
  '+cmd|x',
  '-2+3',
  '@SUM(A1)',
  'a,"b"',
  'two\nlines',
  '',
  'Ω “so”',
  '-5',
  '0',
];
const wordOf = (row: number): string => WORDS[row % WORDS.length]!;
/** Beyond what a double holds. */
const idOf = (row: number): bigint => 9_007_199_254_740_993n + BigInt(row);
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** What passes `n >= 100` and is no "0": the rows that every file has to hold, in this order. */
const WANTED = Array.from({ length: ROWS }, (_, row) => row).filter(
  (row) => row >= 100 && wordOf(row) !== '0',
);
const ADDRESS = 'explore/odd?mark=scatter&x=n&y=v&f.n=100..&f.word=!0';

/** A quoted field of nothing is the empty text. */
const AS_TEXT = "all_varchar = true, header = true, force_not_null = ['word']";

/** Reads a file by DuckDB: `n`, `id` and `word` of each row as text. */
const read = (from: string): Promise<unknown[][]> =>
  withDuckDb(':memory:', (sql) => sql(`SELECT n::VARCHAR, id::VARCHAR, word FROM ${from}`));
const expected = (wordShown = (word: string): string => word): unknown[][] =>
  WANTED.map((row) => [String(row), String(idOf(row)), wordShown(wordOf(row))]);

/** Which of the programs that lines are written for is here. */
async function isThere(command: string, args: readonly string[]): Promise<boolean> {
  return run(command, [...args]).then(
    () => true,
    () => false,
  );
}

/** The texts in double quotes of a program in R; throws where a bracket or a quote has no counterpart. */
function quotedInR(code: string): string[] {
  const texts: string[] = [];
  const open: string[] = [];
  for (const [token] of code.matchAll(/"(?:[^"\\\n]|\\.)*"|[()[\]{}"'`]/gu)) {
    if (token.length > 1) texts.push(JSON.parse(token) as string);
    else if ('([{'.includes(token)) open.push(')]}'['([{'.indexOf(token)]!);
    else if (open.pop() !== token) throw new Error(`“${token}” closes nothing: ${code}`);
  }
  if (open.length > 0) throw new Error(`“${open.join('')}” is missing: ${code}`);
  return texts;
}

describe.skipIf(!hasBrowser())('what is taken away from the page', () => {
  let app: AppServer;
  let folder: string;
  /** Where downloads go: beside the source they would be the source. */
  let away: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halftone-away-'));
    away = join(folder, 'away');
    mkdirSync(away);
    const lines = Array.from({ length: ROWS }, (_, row) =>
      [row, idOf(row), quoted(wordOf(row)), Math.sin(row)].join(','),
    );
    writeFileSync(join(folder, 'odd.csv'), `n,id,word,v\n${lines.join('\n')}\n`);
    app = await startApp([join(folder, 'odd.csv')], { webgl: false });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function download(page: Page, label: string | RegExp): Promise<string> {
    await page.getByRole('button', { name: 'Download rows' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: label }).click(),
    ]);
    const path = join(away, file.suggestedFilename());
    await file.saveAs(path);
    return path;
  }

  test('holds every matching row and no other, each value as it is, in every format', async () => {
    const page = await app.open(ADDRESS);
    await settled(page);
    expect(await page.locator('.picture-host').getAttribute('data-matched')).toBe(
      String(WANTED.length),
    );
    const csv = await download(page, /^Download CSV(?! without)/u);
    expect(await read(`read_csv('${csv}', ${AS_TEXT})`)).toEqual(expected());
    const parquet = await download(page, /^Download Parquet/u);
    expect(await read(`'${parquet}'`)).toEqual(expected());
    const lines = await download(page, /^Download JSON lines/u);
    expect(await read(`read_ndjson('${lines}')`)).toEqual(expected());
    const arrow = tableFromIPC(
      new Uint8Array(readFileSync(await download(page, /^Download Arrow/u))),
      {
        useBigInt: true,
      },
    );
    const [n, id, word] = ['n', 'id', 'word'].map((name) => arrow.getChild(name).toArray());
    expect(
      Array.from(n as ArrayLike<unknown>, (value, i) => [String(value), String(id![i]), word![i]]),
    ).toEqual(expected());
    await page.close();
  });

  test('is no formula to a spreadsheet where it is not to be one', async () => {
    const page = await app.open(ADDRESS);
    await settled(page);
    const csv = await download(page, 'Download CSV without formulas');
    const safe = (word: string): string =>
      /^[=+\-@]/u.test(word) && word !== '-5' ? `'${word}` : word;
    const rows = await read(`read_csv('${csv}', ${AS_TEXT})`);
    expect(rows).toEqual(expected(safe));
    // No cell at all begins with what a spreadsheet computes, but numbers.
    for (const row of rows as string[][]) {
      for (const cell of row) {
        if (cell !== '' && Number.isNaN(Number(cell))) expect(cell).not.toMatch(/^[=+\-@\t\r]/u);
      }
    }
    await page.close();
  });

  test('is what the table shows: the values of the file, integers beyond 2^53 too', async () => {
    const page = await app.open('explore/odd?mark=rows');
    await page.getByLabel('Go to row').waitFor();
    for (const row of [0, 1503, ROWS - 1]) {
      await page.getByLabel('Go to row').fill(String(row));
      await page.getByLabel('Go to row').press('Enter');
      const cells = page.locator(`[aria-rowindex="${row + 2}"]`).getByRole('gridcell');
      await expect.poll(() => cells.nth(1).textContent()).toBe(String(idOf(row)));
      expect(await cells.nth(0).textContent()).toBe(String(row));
    }
    await page.close();
  });

  test('is read by the lines for other programs, each of which names the very address', async () => {
    const page = await app.open(ADDRESS);
    await settled(page);
    const drawn = Number(await page.locator('.picture-host').getAttribute('data-drawn'));
    await page.getByRole('button', { name: 'More about this picture' }).click();
    await page.getByRole('button', { name: 'Use it elsewhere…' }).click();
    const dialog = page.getByRole('dialog');
    for (const [what, file, count, module] of [
      ['What is drawn', 'frame.arrows', drawn, 'frame'],
      ['The matching rows', 'rows.parquet', WANTED.length, 'rows'],
    ] as const) {
      await dialog.getByText(what).click();
      const address = await dialog.getByLabel('Address', { exact: true }).innerText();
      const answer = await fetch(address);
      expect(answer.status).toBe(200);
      const bytes = Buffer.from(await answer.arrayBuffer());
      for (const program of ['curl', 'pandas', 'polars', 'DuckDB', 'R']) {
        await dialog.getByText(program, { exact: true }).first().click();
        const code = await dialog.getByLabel(program, { exact: true }).innerText();
        expect(code, `${program}: ${what}`).toContain(address);
        if (program === 'curl') {
          await run('sh', ['-c', `${code} -s`], { cwd: away });
          expect(readFileSync(join(away, file)).equals(bytes)).toBe(true);
        } else if (program === 'R') {
          // What its own lines load, without the program.
          const [url, mode] = quotedInR(code);
          expect([url, mode], code).toEqual([address, 'wb']);
          expect(code.split('\n').map((line) => line.replace(/\(.*/u, ''))).toEqual([
            'file <- tempfile',
            'download.file',
            `${module} <- arrow::read_${module === 'rows' ? 'parquet' : 'ipc_stream'}`,
          ]);
          const loaded = Buffer.from(await (await fetch(url!)).arrayBuffer());
          expect(loaded.equals(bytes)).toBe(true);
          if (await isThere('Rscript', ['-e', 'library(arrow)'])) {
            const { stdout } = await run('Rscript', ['-e', `${code}\ncat(nrow(${module}))`]);
            expect(stdout, code).toMatch(new RegExp(`${count}$`, 'u'));
          }
        } else if (program === 'DuckDB' && code.startsWith('curl')) {
          if (await isThere('duckdb', ['--version'])) {
            await run('sh', ['-c', code], { cwd: away });
          }
          // The very lines, the second one without the program.
          const [download, second] = code.split('\n');
          await run('sh', ['-c', `${download} -s`], { cwd: away });
          const statement = /^duckdb -c "(.*)"$/u.exec(second!)![1]!;
          const rows = await withDuckDb(':memory:', async (sql) => {
            await sql(`SET file_search_path = '${away}'`);
            return sql(statement);
          });
          expect(rows.map(([n, id, word]) => [String(n), String(id), word])).toEqual(
            expected().slice(0, 10),
          );
        } else if (await isThere('python3', ['-c', 'import ast'])) {
          await run('python3', ['-c', `import ast, sys; ast.parse(sys.argv[1])`, code]);
          const modules = `pyarrow, ${program.toLowerCase()}, pandas`;
          if (!(await isThere('python3', ['-c', `import ${modules}`]))) continue;
          const { stdout } = await run('python3', ['-c', `${code}\nprint(len(${module}))`]);
          expect(stdout.trim(), code).toBe(String(count));
        }
      }
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await dialog.getByRole('button', { name: 'Copy Address' }).click();
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(address);
      await dialog.getByText('Copied', { exact: true }).waitFor();
    }
    await page.close();
  });
});
