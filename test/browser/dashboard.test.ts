import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, hasBrowser, sample, startApp, type AppServer } from './app-page.js';

const WEATHER = join(import.meta.dirname, '..', '..', 'data', 'seattle-weather.csv');

const configuration = (delays: string): string => `version: 1
datasets:
  flights: { files: ${JSON.stringify(sample('flights-200k.arrow'))} }
  weather: { files: ${JSON.stringify(WEATHER)} }
dashboards:
  flights:
    title: "Flights <img src=x onerror=alert(1)>"
    filters:
      - { column: distance, label: Distance, value: 0..2000 }
    pages:
      - title: Delays
        items:
          - text: "**Every** <b>flight</b> [there](javascript:alert(1)) is"
          - { id: delays, title: Delays, span: 4, height: 6, chart: { dataset: flights, mark: histogram, x: ${delays} } }
          - { id: map, span: 4, height: 6, chart: { dataset: flights, mark: scatter, x: distance, y: delay } }
          - { id: count, span: 4, height: 6, chart: { dataset: flights, mark: value } }
          - { id: wrong, span: 4, height: 6, chart: { dataset: flights, x: dely } }
          - { id: far, span: 12, height: 40, chart: { dataset: weather, mark: rows } }
          - { id: last, span: 12, height: 8, chart: { dataset: flights, mark: heatmap, x: time, y: delay } }
      - title: Weather
        items:
          - { id: kinds, chart: { dataset: weather, mark: bar, x: weather, color: weather } }
          - { id: rain, chart: { dataset: weather, mark: histogram, x: precipitation } }
`;

const stateOf = (page: Page, id: string): Promise<string | null> =>
  page.locator(`[data-chart=${id}] [data-state]`).first().getAttribute('data-state');
const matchedOf = async (page: Page, id: string): Promise<number> =>
  Number(
    await page.locator(`[data-chart=${id}] [data-matched]`).first().getAttribute('data-matched'),
  );
const drawn = (page: Page, id: string): Promise<void> =>
  page.locator(`[data-chart=${id}] [data-state=exact]`).first().waitFor();

describe.skipIf(!hasBrowser())('a dashboard', () => {
  let app: AppServer;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halftone-dashboard-'));
    file = join(folder, 'halftone.yaml');
    await writeFile(file, configuration('delay'));
    app = await startApp(['--config', file]);
  });
  afterAll(async () => {
    await app?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('shows its charts with the filters that they share, each wrong one with the reason, and keeps all of it in the address', async () => {
    const page = await app.open('');
    await page.getByRole('link', { name: /^Flights <img/u }).click();
    await drawn(page, 'delays');
    await drawn(page, 'map');
    await drawn(page, 'count');
    expect(addressOf(page)).toBe('d/flights');
    // What is written is text.
    await page.getByRole('heading', { name: 'Flights <img src=x onerror=alert(1)>' }).waitFor();
    expect(await page.locator('.text-block').innerText()).toBe(
      'Every <b>flight</b> [there](javascript:alert(1)) is',
    );
    await page.getByText('"flights" has no column "dely". Did you mean "delay"?').waitFor();
    await page.getByText('halftone.yaml:17').waitFor();
    // A chart that nobody sees waits.
    expect(await page.locator('[data-chart=last] [data-state]').count()).toBe(0);
    const all = 200_000;
    const near = await matchedOf(page, 'count');
    expect(near).toBeLessThan(all);
    expect(await matchedOf(page, 'delays')).toBe(near);

    await page.getByRole('button', { name: /^Distance/u }).click();
    await page.getByLabel('distance to', { exact: true }).fill('500');
    await page.getByLabel('distance to', { exact: true }).press('Enter');
    await expect.poll(() => addressOf(page)).toBe('d/flights?f.distance=0..500');
    await expect.poll(() => matchedOf(page, 'count')).toBeLessThan(near);
    const short = await matchedOf(page, 'count');
    await expect.poll(() => matchedOf(page, 'map')).toBe(short);
    await page.getByRole('button', { name: 'All of Distance' }).click();
    await expect.poll(() => addressOf(page)).toBe('d/flights?f.distance=..');
    await expect.poll(() => matchedOf(page, 'count')).toBe(all);
    await page.goBack();
    await expect.poll(() => matchedOf(page, 'count')).toBe(short);

    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Weather' }).click();
    await drawn(page, 'kinds');
    expect(addressOf(page)).toBe('d/flights/weather?f.distance=0..500');
    await page.locator('[data-chart=kinds] .legend button').first().click();
    await expect.poll(() => addressOf(page)).toContain('f.weather=');
    await expect.poll(() => matchedOf(page, 'rain')).toBeLessThan(1461);
    await page.close();
  });

  test('follows the configuration, and keeps the last valid one with the error in sight', async () => {
    const page = await app.open('d/flights');
    await drawn(page, 'delays');
    await writeFile(file, configuration('delay').replace('mark: value', 'mark: valeu'));
    await page.getByText(/halftone\.yaml:16:\d+: "mark" has to be/u).waitFor();
    expect(await stateOf(page, 'count')).toBe('exact');
    await writeFile(file, configuration('distance'));
    await page.locator('[data-chart=delays]').getByText('distance', { exact: true }).waitFor();
    expect(await page.getByText('is not valid now').count()).toBe(0);
    await writeFile(file, configuration('delay'));
    await page.close();
  });

  test('that is not there says what is', async () => {
    const page = await app.open('d/flihgts');
    await page.getByText('Did you mean "flights"?').waitFor();
    await page.getByRole('button', { name: 'See what there is' }).click();
    await page.getByRole('heading', { name: 'Dashboards' }).waitFor();
    await page.close();
  });
});
