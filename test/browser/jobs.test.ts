import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasBrowser, startApp, type AppServer } from './app-page.js';
import { faultsOf } from './axe-faults.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let folder: string;
let app: AppServer;

function write(name: string, rows: number, header = 'id,amount'): void {
  const lines = Array.from({ length: rows }, (_, row) => `${row},${(row * 37) % 1000}`);
  writeFileSync(join(folder, `${name}.csv`), `${header}\n${lines.join('\n')}\n`);
}

const CONFIG = `version: 1
datasets:
  orders:
    files: orders.csv
    refresh: { every: 1h }
  prices:
    files: prices.csv
    refresh: { cron: "0 6 * * 1-5", timeZone: Asia/Tokyo, guards: { maxDrop: 50% } }
  watched: { files: watched.csv }
  nowhere: { files: nowhere.csv }
`;

const card = (page: Page, name: string) => page.getByRole('listitem', { name, exact: true });

describe.skipIf(!hasBrowser())('the page of jobs', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halftone-jobs-'));
    write('orders', 1000);
    write('prices', 1000);
    write('watched', 10);
    writeFileSync(join(folder, 'halftone.yaml'), CONFIG);
    app = await startApp(['--config', join(folder, 'halftone.yaml')], { webgl: false });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('shows, runs, pauses and explains', async () => {
    const page = await app.open('');
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    expect(page.url()).toBe(`${app.url}jobs`);
    await page.getByText('4 datasets, 2 with a schedule').waitFor();
    await card(page, 'nowhere').getByText('There is no file nowhere.csv.').waitFor();
    const prices = card(page, 'prices');
    // In words, in its zone and in that of who looks.
    await prices.getByText('At 06:00, Monday through Friday').waitFor();
    await prices.getByText(/06:00 \(.+ in .+\)/u).waitFor();
    await card(page, 'orders').getByText('Every 1 h').waitFor();
    await card(page, 'watched').getByText('When its files change').waitFor();

    for (const name of ['orders', 'prices', 'watched'])
      await card(page, name).getByText('Done').waitFor();

    // A run that a guard refuses: what was there stays, and the page says why, on top.
    write('prices', 100);
    await prices.getByRole('button', { name: 'Run prices now' }).click();
    await prices.getByText(/has 100 rows in place of 1000: 90 % are gone/u).waitFor();
    await prices.getByText(/What is shown was loaded/u).waitFor();
    expect(await page.getByRole('listitem').first().getAttribute('aria-label')).toBe('prices');
    await page.getByRole('link', { name: 'Jobs, 2 failing' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await prices.getByRole('button', { name: 'Take it anyway: the new version of prices' }).click();
    await page.getByRole('link', { name: 'Jobs, 1 failing', exact: true }).waitFor();
    await prices.getByText('100 rows', { exact: false }).first().waitFor();

    // A run that goes well, by keyboard alone, and what it changed.
    write('orders', 1250);
    const orders = card(page, 'orders');
    await orders.getByRole('button', { name: 'Run orders now' }).focus();
    await page.keyboard.press('Enter');
    await orders.getByText('1,250 rows').waitFor();
    await orders.getByRole('button', { name: 'History of orders' }).click();
    await orders.getByText('250 rows added').waitFor();
    await orders.getByText('by hand').waitFor();

    await orders.getByRole('button', { name: 'Pause the schedule of orders' }).click();
    await orders.getByText(/^paused/u).waitFor();
    await orders.getByRole('button', { name: 'Resume the schedule of orders' }).click();
    await orders.getByText(/^in \d+ min/u).waitFor();
    expect(await faultsOf(page)).toEqual([]);

    await page.goBack();
    await page.getByRole('heading', { name: 'Open a table' }).waitFor();
    await page.close();
  });

  test('fits a small screen, in dark colors too', async () => {
    const page = await app.open('jobs', { dark: true, width: 390 });
    await card(page, 'prices').waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    await card(page, 'prices').getByRole('button', { name: 'History of prices' }).click();
    expect(await faultsOf(page)).toEqual([]);
    await page.close();
  });
});
