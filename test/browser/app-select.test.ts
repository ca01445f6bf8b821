import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, hasBrowser, sample, settled, startApp, type AppServer } from './app-page.js';

const MATCHED = '.picture-host';

async function drag(
  page: Page,
  from: [number, number],
  ...over: readonly [number, number][]
): Promise<void> {
  const box = (await page.locator('.halftone-marks').boundingBox())!;
  const place = ([x, y]: [number, number]): [number, number] => [
    box.x + box.width * x,
    box.y + box.height * y,
  ];
  await page.mouse.move(...place(from));
  await page.mouse.down();
  for (const to of over) await page.mouse.move(...place(to), { steps: 4 });
  await page.mouse.up();
}
const matched = async (page: Page): Promise<number> =>
  Number(await page.locator(MATCHED).getAttribute('data-matched'));
const selected = async (page: Page): Promise<number> => {
  const text = await page.locator('.selection-bar').getByText('selected').innerText();
  return Number(text.replace(/\D/g, ''));
};

describe.skipIf(!hasBrowser())('what is selected on the page', () => {
  let app: AppServer;
  beforeAll(async () => {
    app = await startApp([sample('flights-10k.json'), sample('seattle-weather.csv')]);
  });
  afterAll(() => app?.close());

  test('becomes a filter, or the rest does, and undo takes it back', async () => {
    const page = await app.open('explore/flights-10k?mark=scatter&x=distance&y=delay');
    await settled(page);
    await page.locator('.gl-container > .halftone-marks').waitFor({ state: 'attached' });
    const all = await matched(page);
    await page.getByRole('radio', { name: 'Select a box' }).click();
    await drag(page, [0.1, 0.2], [0.5, 0.9]);
    const box = await selected(page);
    expect(box).toBeGreaterThan(10);
    expect(box).toBeLessThan(all);
    expect(await matched(page), 'the chart itself shows all rows').toBe(all);

    await page.getByRole('button', { name: 'Exclude' }).click();
    await expect.poll(() => matched(page)).toBe(all - box);
    await expect.poll(() => addressOf(page)).toContain('area=!distance,delay,');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => matched(page)).toBe(all);

    await drag(page, [0.1, 0.2], [0.5, 0.9]);
    await page.getByRole('button', { name: 'Filter to selection' }).click();
    await expect.poll(() => matched(page)).toBe(box);
    await expect.poll(() => addressOf(page)).toMatch(/f\.distance=.*&f\.delay=/);
    expect(await page.locator('.selection-bar').count()).toBe(0);
    await page.keyboard.press('Control+z');
    await expect.poll(() => matched(page)).toBe(all);

    await page.getByRole('radio', { name: 'Select by lasso' }).click();
    await drag(page, [0.2, 0.3], [0.6, 0.7]);
    await page.locator('.picture').focus();
    await page.keyboard.press('Escape');
    expect(await page.locator('.halftone-selection').count()).toBe(0);
    await drag(page, [0.1, 0.8], [0.4, 0.2], [0.6, 0.9]);
    const inside = await selected(page);
    expect(inside).toBeGreaterThan(10);
    await page.getByRole('button', { name: 'Filter to selection' }).click();
    await expect.poll(() => matched(page)).toBe(inside);
    await expect.poll(() => addressOf(page)).toContain('area=distance,delay,');
    await page.keyboard.press('Control+z');
    await expect.poll(() => matched(page)).toBe(all);
    await page.locator('.picture').focus();
    await page.keyboard.press('s');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    const keyed = await selected(page);
    await page.getByRole('button', { name: 'Filter to selection' }).click();
    await expect.poll(() => matched(page)).toBe(keyed);
    // Bins are taken by their very rows: the end of a bin is none of its own.
    for (const address of [
      'mark=histogram&x=temp_max',
      'mark=histogram&x=date',
      'mark=bar&x=date',
    ]) {
      await page.goto(`explore/seattle-weather?${address}`);
      await settled(page);
      await page.locator('.nsewdrag').waitFor({ state: 'attached' });
      await page.locator('.picture').press('s');
      await page.locator('.halftone-selection').waitFor({ state: 'attached' });
      await page.locator('.picture').press('Enter');
      const bin = await selected(page);
      await page.getByRole('button', { name: 'Filter to selection' }).click();
      await expect.poll(async () => [address, await matched(page)]).toEqual([address, bin]);
    }
    await page.close();
  });

  test('may be cells of categories, whose lists become filters', async () => {
    const page = await app.open('explore/flights-10k?mark=bar&x=origin');
    await settled(page);
    await page.getByRole('radio', { name: /Heatmap/u }).click();
    await page.getByLabel('Y', { exact: true }).selectOption('destination');
    await expect.poll(() => addressOf(page)).toContain('mark=heatmap&x=origin&y=destination');
    await settled(page);
    // All categories are shown: there is nothing to zoom into, and no lasso among them.
    await expect.poll(() => page.getByRole('radio', { name: 'Zoom' }).count()).toBe(0);
    expect(await page.getByRole('radio', { name: 'lasso' }).count()).toBe(0);
    expect(await page.locator('.status').innerText()).toMatch(/rows of other values/u);
    const all = await matched(page);
    await page.getByRole('radio', { name: 'Select a box' }).click();
    await drag(page, [0.02, 0.02], [0.3, 0.4]);
    const box = await selected(page);
    expect(box).toBeGreaterThan(0);
    expect(box).toBeLessThan(all);
    expect(await page.getByRole('button', { name: 'Exclude' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Filter to selection' }).click();
    await expect.poll(() => matched(page)).toBe(box);
    expect(addressOf(page)).toMatch(/f\.origin=[A-Z]+,.*&f\.destination=[A-Z]+,/u);
    await page.close();
  });
});
