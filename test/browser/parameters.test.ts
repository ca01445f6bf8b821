import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, hasBrowser, settled, startApp, type AppServer } from './app-page.js';

const CONFIG = {
  version: 1,
  datasets: {
    numbers: {
      sql: 'SELECT range AS n, range % 7 AS k, $since AS since FROM range(1, CASE WHEN $slow THEN 2000000001 ELSE $rows + 1 END)',
      params: {
        rows: { type: 'integer', default: 10, values: [1, 10, 1000, 100_000] },
        since: { type: 'date', default: '2024-01-01' },
        slow: { type: 'boolean', default: false },
      },
    },
  },
  dashboards: {
    size: {
      items: [
        { id: 'mean', chart: { dataset: 'numbers', mark: 'value', of: 'n', agg: 'mean' }, span: 6 },
        { id: 'all', chart: { dataset: 'numbers', mark: 'histogram', x: 'n' }, span: 6 },
      ],
    },
    // In another order than they are declared in.
    thousand: {
      parameters: { numbers: { since: '2025-01-01', rows: 1000 } },
      items: [{ id: 'mean', chart: { dataset: 'numbers', mark: 'value', of: 'n', agg: 'mean' } }],
    },
  },
};

describe.skipIf(!hasBrowser())('parameters of a dataset', () => {
  let app: AppServer;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halftone-parameters-'));
    writeFileSync(join(folder, 'halftone.yaml'), JSON.stringify(CONFIG));
    app = await startApp(['--config', join(folder, 'halftone.yaml')], { webgl: false });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const form = (page: Page) => page.getByRole('form', { name: 'Parameters of numbers' });
  const mean = (page: Page): Promise<string> => page.locator('[data-chart=mean]').innerText();

  test('of a dashboard are chosen in its bar: Run computes, the mean proves it, Cancel ends it, the address has it', async () => {
    const page = await app.open('d/size');
    await expect.poll(() => mean(page)).toContain('5.5');
    const run = form(page).getByRole('button', { name: 'Run' });
    expect(await run.isDisabled()).toBe(true);
    await form(page).getByLabel('rows').selectOption('100,000');
    await run.click();
    await expect.poll(() => addressOf(page)).toBe('d/size?p.numbers=rows=100000');
    // (N + 1) / 2: a row that were missing, or counted twice, would show.
    await expect.poll(() => mean(page)).toContain('50,000.5');
    await expect.poll(() => form(page).innerText()).toMatch(/computed in \d+\.\d s/u);
    await page.locator('[data-chart=all] [data-state=exact][data-drawn="100000"]').waitFor();

    // Two thousand million rows: nobody waits for them.
    await form(page).getByLabel('slow').selectOption('yes');
    await run.click();
    await form(page).getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('was cancelled').first().waitFor();
    await form(page).getByLabel('slow').selectOption('no');
    await run.click();
    await expect.poll(() => mean(page)).toContain('50,000.5');
    // A link may say what is the default anyway, in any order.
    await page.goto('d/size?p.numbers=slow%3Dfalse%26rows%3D1000');
    await expect.poll(() => mean(page)).toContain('500.5');
    await expect.poll(() => addressOf(page)).toBe('d/size?p.numbers=rows=1000');
    await page.goto('d/size?p.numbers=rows%3D10');
    await expect.poll(() => addressOf(page)).toBe('d/size');
    await expect.poll(() => mean(page)).toContain('5.5');
    await page.close();
  });

  test('of a dashboard are at first what it says, and a link tells what was chosen in their place', async () => {
    const page = await app.open('d/thousand');
    await expect.poll(() => mean(page)).toContain('500.5');
    expect(await form(page).getByLabel('rows').inputValue()).toBe('1000');
    await form(page).getByLabel('rows').selectOption('10');
    await form(page).getByLabel('since').fill('2024-01-01');
    await form(page).getByRole('button', { name: 'Run' }).click();
    await expect.poll(() => mean(page)).toContain('5.5');
    await expect.poll(() => addressOf(page)).toBe('d/thousand?p.numbers=');
    await page.reload();
    await expect.poll(() => mean(page)).toContain('5.5');
    expect(await form(page).getByLabel('rows').inputValue()).toBe('10');
    await page.close();
  });

  test('of the page keep what was chosen about the picture, and a link has them computed', async () => {
    const page = await app.open('explore/numbers%3Frows%3D1000?mark=histogram&x=n');
    await settled(page);
    expect(await page.locator('.picture-host').getAttribute('data-drawn')).toBe('1000');
    expect(await form(page).getByLabel('rows').inputValue()).toBe('1000');
    await form(page).getByLabel('since').fill('2025-06-30');
    await form(page).getByLabel('rows').selectOption('1');
    await form(page).getByRole('button', { name: 'Run' }).click();
    await expect
      .poll(() => addressOf(page))
      .toBe('explore/numbers?rows=1&since=2025-06-30?mark=histogram&x=n');
    await page.locator('.picture-host[data-drawn="1"]').waitFor();
    await page.goto('explore/numbers%3Frows%3D7');
    await page.getByText('"rows" does not take "7"').waitFor();
    await page.close();
  });
});
