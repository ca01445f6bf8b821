import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, hasBrowser, settled, startApp, type AppServer } from './app-page.js';

/** Of 200 rows each word stands in 40, each number in 50, each flag in 100. */
const WORDS = ['0', 'false', '""', '', '~'];
const ROWS = 200;

const CONFIG = (folder: string): object => ({
  version: 1,
  datasets: {
    odd: { files: join(folder, 'odd.csv'), columns: { word: 'text' } },
    live: { files: join(folder, 'live.csv') },
    shape: { files: join(folder, 'shape.csv') },
    made: {
      sql: "SELECT range AS n, $word || '.' AS told, $flag AS flag FROM range($rows + 1)",
      params: {
        rows: { type: 'integer', default: 9, values: [0, 9] },
        flag: { type: 'boolean', default: true },
        word: { type: 'text', default: 'x' },
      },
    },
  },
  dashboards: {
    shape: {
      filters: [{ column: 'old' }, { column: 'new' }],
      items: [
        { id: 'olds', chart: { dataset: 'shape', mark: 'histogram', x: 'old' } },
        { id: 'pairs', chart: { dataset: 'shape', mark: 'scatter' } },
      ],
    },
    odd: {
      filters: [{ column: 'word' }, { column: 'number', control: 'choice', value: 1 }],
      items: [
        { id: 'count', chart: { dataset: 'odd', mark: 'value' } },
        { id: 'made', chart: { dataset: 'made', mark: 'histogram', x: 'n' } },
        { id: 'live', chart: { dataset: 'live', mark: 'histogram', x: 'n' } },
      ],
    },
  },
});

const matched = (page: Page): Promise<number> =>
  page.locator('.picture-host').getAttribute('data-matched').then(Number);
const matchedOf = (page: Page, id: string): Promise<number> =>
  page
    .locator(`[data-chart=${id}] [data-matched]`)
    .first()
    .getAttribute('data-matched')
    .then(Number);
const filterOf = (page: Page, column: string) =>
  page.locator('.filter-head button[aria-expanded]').filter({ hasText: column });
const optionOf = (page: Page, column: string, value: string) =>
  page
    .getByRole('listbox', { name: `Values of ${column}` })
    .getByRole('option')
    .filter({ has: page.getByText(value, { exact: true }) });

describe.skipIf(!hasBrowser())('the address', () => {
  let app: AppServer;
  let folder: string;
  const writeLive = (rows: number): void => {
    const lines = Array.from({ length: rows }, (_, i) => i);
    writeFileSync(join(folder, 'partial'), `n\n${lines.join('\n')}\n`);
    renameSync(join(folder, 'partial'), join(folder, 'live.csv'));
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halftone-address-'));
    const lines = Array.from({ length: ROWS }, (_, i) =>
      [i, WORDS[i % 5], i % 4 === 3 ? '' : i % 4, i % 2 === 0].join(','),
    );
    writeFileSync(join(folder, 'odd.csv'), `n,word,number,flag\n${lines.join('\n')}\n`);
    writeLive(100);
    writeFileSync(join(folder, 'shape.csv'), 'a,old\n1,10\n2,30\n3,20\n');
    writeFileSync(join(folder, 'halftone.yaml'), JSON.stringify(CONFIG(folder)));
    app = await startApp(['--config', join(folder, 'halftone.yaml')], { webgl: false });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('keeps 0, false, an empty text and null as filters, over a reload, Back and Forward', async () => {
    const bare = 'explore/odd?mark=histogram&x=n';
    const page = await app.open(bare);
    await settled(page);
    const raw = (): string => new URL(page.url()).search.slice(1);
    const steps = [
      ['word', '0', 'f.word=0', 40],
      ['word', 'false', 'f.word=false', 40],
      ['word', '(empty)', 'f.word=', 40],
      ['word', '(null)', 'f.word=~', 40],
      // A text that looks like the null of an address.
      ['word', '~', 'f.word=%257E', 40],
      ['number', '0', 'f.number=0', 50],
      ['number', '(null)', 'f.number=~', 50],
      ['flag', 'false', 'f.flag=false', 100],
    ] as const;
    for (const [column, value, part, rows] of steps) {
      await filterOf(page, column).click();
      await optionOf(page, column, value).click();
      await expect.poll(() => matched(page), { message: `${column} ${value}` }).toBe(rows);
      await expect.poll(raw).toBe(`mark=histogram&x=n&${part}`);
      await page.reload();
      await settled(page);
      await expect.poll(() => matched(page)).toBe(rows);
      await expect.poll(raw, { message: 'after a reload' }).toBe(`mark=histogram&x=n&${part}`);
      await page.locator('.chips').getByText(value).first().waitFor();
      await page.goBack();
      await expect.poll(() => matched(page)).toBe(ROWS);
      await expect.poll(raw, { message: 'after Back' }).toBe('mark=histogram&x=n');
      await page.goForward();
      await expect.poll(() => matched(page)).toBe(rows);
      await expect.poll(raw, { message: 'after Forward' }).toBe(`mark=histogram&x=n&${part}`);
      await page
        .getByRole('button', { name: `Clear the filter on ${column}` })
        .first()
        .click();
      await expect.poll(raw).toBe('mark=histogram&x=n');
      await page.goto(bare);
      await settled(page);
    }
    // Ends of a range may be 0, and all of it together stands in one address.
    await filterOf(page, 'n').first().click();
    await page.getByRole('radio', { name: 'Range' }).click();
    await page.getByLabel('n to', { exact: true }).fill('0');
    await page.getByLabel('n to', { exact: true }).press('Enter');
    await expect.poll(raw).toBe('mark=histogram&x=n&f.n=..0');
    await page.reload();
    await expect.poll(() => matched(page)).toBe(1);
    await page.close();
  });

  test('of a dashboard keeps them in place of what it has at first, and its parameters as well', async () => {
    const page = await app.open('d/odd');
    await expect.poll(() => matchedOf(page, 'count')).toBe(50);
    await page.getByRole('button', { name: /^number/u }).click();
    await optionOf(page, 'number', '1').click();
    await optionOf(page, 'number', '0').click();
    await expect.poll(() => addressOf(page)).toBe('d/odd?f.number=0');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^word/u }).click();
    await optionOf(page, 'word', '(empty)').click();
    await page.keyboard.press('Escape');
    await expect.poll(() => addressOf(page)).toBe('d/odd?f.number=0&f.word=');
    await expect.poll(() => matchedOf(page, 'count')).toBe(10);
    await page.reload();
    await expect.poll(() => matchedOf(page, 'count')).toBe(10);
    await expect.poll(() => addressOf(page)).toBe('d/odd?f.number=0&f.word=');
    await page.goBack();
    await expect.poll(() => matchedOf(page, 'count')).toBe(50);
    await page.goForward();
    await expect.poll(() => matchedOf(page, 'count')).toBe(10);

    const form = page.getByRole('form', { name: 'Parameters of made' });
    await page.locator('[data-chart=made] [data-drawn="10"]').first().waitFor();
    await form.getByLabel('rows').selectOption('0');
    await form.getByLabel('flag').selectOption('no');
    await form.getByLabel('word').fill('');
    await form.getByRole('button', { name: 'Run' }).click();
    await page.locator('[data-chart=made] [data-drawn="1"]').first().waitFor();
    const chosen = 'd/odd?f.number=0&f.word=&p.made=rows=0&flag=false&word=';
    await expect.poll(() => addressOf(page)).toBe(chosen);
    await page.reload();
    await page.locator('[data-chart=made] [data-drawn="1"]').first().waitFor();
    await expect.poll(() => addressOf(page)).toBe(chosen);
    expect(await form.getByLabel('rows').inputValue()).toBe('0');
    expect(await form.getByLabel('flag').inputValue()).toBe('false');
    expect(await form.getByLabel('word').inputValue()).toBe('');
    await page.goBack();
    await page.locator('[data-chart=made] [data-drawn="10"]').first().waitFor();
    await page.goForward();
    await page.locator('[data-chart=made] [data-drawn="1"]').first().waitFor();
    await page.close();
  });

  test('holds nothing that nobody chose: what is set back to its default leaves it', async () => {
    const page = await app.open('explore/odd?mark=histogram&x=n');
    await settled(page);
    const bare = addressOf(page);
    await page.getByLabel('Log y').check();
    await expect.poll(() => addressOf(page)).toBe(`${bare}&ys=log`);
    await page.getByLabel('Log y').uncheck();
    await expect.poll(() => addressOf(page)).toBe(bare);
    await page.getByLabel('Color', { exact: true }).selectOption('flag');
    await expect.poll(() => addressOf(page)).toBe('explore/odd?mark=histogram&x=n&color=flag');
    await page.getByLabel('Color', { exact: true }).selectOption({ label: 'One color' });
    await expect.poll(() => addressOf(page)).toBe(bare);
    await page.locator('.picture').press('+');
    await expect.poll(() => addressOf(page)).toContain('xr=');
    await page.locator('.picture').press('0');
    await expect.poll(() => addressOf(page)).toBe(bare);
    await page.goto('d/odd');
    await expect.poll(() => matchedOf(page, 'count')).toBe(50);
    expect(addressOf(page)).toBe('d/odd');
    await page.close();
  });

  test('links to the newest data, or for ever to the rows of now', async () => {
    const codes = async (page: Page): Promise<[live: string, pinned: string]> => {
      const [live, pinned] = await Promise.all(
        [/^Live/u, /^Pinned/u].map((label) => page.getByLabel(label).last().innerText()),
      );
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      return [live!, pinned!];
    };
    const page = await app.open('explore/live?mark=histogram&x=n');
    await settled(page);
    await page.getByRole('button', { name: 'More about this picture' }).click();
    await page.getByRole('button', { name: 'Links…' }).click();
    const [live, pinned] = await codes(page);
    expect(live).not.toContain('snap=');
    await page.goto('d/odd');
    await page.locator('[data-chart=live] [data-state=exact]').first().waitFor();
    await page.getByRole('button', { name: 'Menu of the dashboard' }).click();
    await page.getByRole('button', { name: 'Links…' }).click();
    const [liveBoard, pinnedBoard] = await codes(page);

    writeLive(150);
    const load = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const answer = await fetch(`${app.url}api/v1/datasets/live/load`, load);
    expect([202, 503]).toContain(answer.status);
    await expect.poll(() => matchedOf(page, 'live')).toBe(150);
    for (const [link, rows] of [
      [live, 150],
      [pinned, 100],
    ] as const) {
      await page.goto(link);
      await settled(page);
      await expect.poll(() => matched(page)).toBe(rows);
    }
    // The words tell of the rows of then too, and so does the table.
    await page.getByRole('group', { name: 'Status' }).getByText('100 rows').waitFor();
    await page.getByText('100 of 100', { exact: true }).waitFor();
    for (const [link, rows] of [
      [liveBoard, 150],
      [pinnedBoard, 100],
    ] as const) {
      await page.goto(link);
      await expect.poll(() => matchedOf(page, 'live')).toBe(rows);
    }
    await page.close();
  });

  test('of a dashboard that is pinned has the columns of its snapshot, and its proof says that the source went on', async () => {
    const snapshotNow = async (): Promise<string | null> => {
      const answer = await fetch(`${app.url}api/v1/datasets/shape`);
      return ((await answer.json()) as { snapshot: string | null }).snapshot;
    };
    await expect.poll(snapshotNow).toBeTruthy();
    const first = await snapshotNow();
    writeFileSync(join(folder, 'shape.csv'), 'a,new\n1,5\n2,6\n3,7\n4,8\n');
    const load = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    await fetch(`${app.url}api/v1/datasets/shape/load`, load);
    await expect.poll(snapshotNow).not.toBe(first);

    const page = await app.open(`d/shape?f.old=15..&snap.shape=${first}`);
    for (const id of ['olds', 'pairs']) await expect.poll(() => matchedOf(page, id)).toBe(2);
    await page.getByRole('heading', { name: 'Distribution of old' }).waitFor();
    await page.getByRole('heading', { name: 'a against old' }).waitFor();
    expect(await page.getByText('ignored').count()).toBe(0);
    expect(await page.getByText('has no column').count()).toBe(0);
    // The filter of a column that only the newest has cannot be opened, and the other one works.
    expect(await page.getByRole('button', { name: /^new/u }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: /^old/u }).click();
    await page.getByLabel('old from').fill('25');
    await page.getByLabel('old from').press('Enter');
    await expect.poll(() => matchedOf(page, 'olds')).toBe(1);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Menu of Distribution of old' }).click();
    await page.getByRole('button', { name: 'Prove it…' }).click();
    await page.locator('[data-verdict="not compared"]').waitFor();
    await page.getByText('The source is no longer what this picture was made from').waitFor();
    // Of the newest data the same dashboard tells what does not fit.
    await page.goto('d/shape?f.old=15..');
    await page.locator('[data-chart=olds]').getByText('has no column "old"').waitFor();
    await page.getByText('there is no column “old”').waitFor();
    expect(await page.getByRole('button', { name: /^old/u }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: /^new/u }).isDisabled()).toBe(false);
    await page.close();
  });
});
