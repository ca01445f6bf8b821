import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tableFromIPC } from '@uwdata/flechette';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { addressOf, hasBrowser, settled, startApp, type AppServer } from './app-page.js';

const WEATHER = join(import.meta.dirname, '..', '..', 'data', 'seattle-weather.csv');
const run = promisify(execFile);

async function choose(page: Page, entry: string): Promise<void> {
  await page.getByRole('button', { name: 'More about this picture' }).click();
  await page.getByRole('button', { name: entry }).click();
}

describe.skipIf(!hasBrowser())('what can be asked about a picture', () => {
  let app: AppServer;
  beforeAll(async () => {
    app = await startApp([WEATHER]);
  });
  afterAll(async () => {
    await app?.close();
  });

  test('is its proof, how it came to be, and how it is read elsewhere', async () => {
    const page = await app.open(
      'explore/seattle-weather?mark=histogram&x=temp_max&f.weather=rain,sun',
    );
    await settled(page);
    await choose(page, 'Prove it…');
    await page.locator('[data-verdict=equal]').waitFor();
    expect(await page.locator('[data-verdict=equal] b').innerText()).toMatch(
      /numbers compared, 0 differ/u,
    );
    await page.getByText('The SQL').click();
    expect(await page.locator('.proof pre').first().innerText()).toMatch(/SELECT/iu);
    await page.keyboard.press('Escape');

    await choose(page, 'Inspector…');
    await page.getByText('rows match, of 1,461').waitFor();
    await page.getByText('Asked now').waitFor();
    await page.getByText(/Drawn by the (processor|graphics card), because it /u).waitFor();
    const stages = await page
      .locator('[data-stage]')
      .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['stage']));
    expect(stages).toEqual(['queue', 'compute', 'encode', 'transfer', 'decode', 'draw']);
    await page.keyboard.press('Escape');

    await choose(page, 'Use it elsewhere…');
    const address = await page.getByLabel('Address', { exact: true }).innerText();
    const curl = await page.getByLabel('curl', { exact: true }).innerText();
    const { stdout } = await run('sh', ['-c', curl.replace('-o frame.arrows', '-s')], {
      encoding: 'buffer',
    });
    const table = tableFromIPC(new Uint8Array(stdout));
    expect(table.getChild('count').toArray().length).toBe(table.numRows);
    expect((await page.request.get(address)).status()).toBe(200);
    await page.getByText('The matching rows').click();
    const rows = await page.request.get(
      await page.getByLabel('Address', { exact: true }).innerText(),
    );
    expect((await rows.body()).subarray(0, 4).toString()).toBe('PAR1');
    for (const program of ['pandas', 'polars', 'DuckDB', 'R']) {
      await page.locator('dialog').getByText(program, { exact: true }).first().click();
      expect(await page.getByLabel(program, { exact: true }).innerText()).toContain(
        'format=parquet',
      );
    }
    await page.keyboard.press('Escape');

    await choose(page, 'Save as YAML…');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download seattle-weather.yaml' }).click();
    const saved = parse(await readFile(await (await download).path(), 'utf8')) as object;
    expect(saved).toEqual({
      version: 1,
      dashboards: {
        'seattle-weather': {
          title: 'seattle-weather',
          items: [
            {
              chart: {
                dataset: 'seattle-weather',
                mark: 'histogram',
                x: 'temp_max',
                filters: { weather: ['rain', 'sun'] },
              },
            },
          ],
        },
      },
    });
    await page.keyboard.press('Escape');
    await choose(page, 'Links…');
    const pinned = await page
      .getByLabel(/^Pinned/u)
      .last()
      .innerText();
    expect(pinned).toContain('snap=');
    await page.goto(pinned);
    await settled(page);
    await expect.poll(() => addressOf(page)).toMatch(/f\.weather=rain,sun.*&snap=/u);
    await page.close();
  });

  test('is its difference to the rest, to all rows and to other filters, in two colors', async () => {
    const page = await app.open('explore/seattle-weather?mark=histogram&x=temp_max&f.weather=sun');
    await settled(page);
    await choose(page, 'Compare…');
    await page.getByRole('button', { name: /^With what is shown now/u }).click();
    await expect
      .poll(() => addressOf(page))
      .toContain('vs=[{"op":"in","column":"weather","values":["sun"]}]');
    await page.goto(page.url().replace('f.weather=sun', 'f.weather=rain'));
    await page.locator('[data-state=exact]').first().waitFor();
    const colors = await page
      .locator('.picture canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        let [more, less] = [0, 0];
        for (let i = 0; i < data.length; i += 4) {
          if (data[i + 3]! < 255) continue;
          if (data[i]! > data[i + 2]! + 40) less++;
          if (data[i + 2]! > data[i]! + 40) more++;
        }
        return { more, less };
      });
    expect(colors.more).toBeGreaterThan(500);
    expect(colors.less).toBeGreaterThan(500);
    await page.getByRole('button', { name: 'End the comparison' }).click();
    await expect.poll(() => addressOf(page)).not.toContain('vs=');
    await choose(page, 'Compare…');
    await page.getByRole('button', { name: /^With the rest/u }).click();
    await expect.poll(() => addressOf(page)).toContain('vs=rest');
    await page.getByText('difference to the rest').waitFor();
    await settled(page);
    await page.close();
  });
});
