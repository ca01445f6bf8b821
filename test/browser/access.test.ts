import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addressOf, hasBrowser, settled, startApp, type AppServer } from './app-page.js';
import { faultsOf } from './axe-faults.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const WEATHER = join(import.meta.dirname, '..', '..', 'data', 'seattle-weather.csv');
const SCATTER = 'explore/seattle-weather?mark=scatter&x=temp_max&y=wind&color=weather';

/** What has the focus, by its name. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement!;
    return element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
  });

describe.skipIf(!hasBrowser())('the page is for everybody', () => {
  let app: AppServer;
  beforeAll(async () => {
    app = await startApp([WEATHER], { webgl: false });
  });
  afterAll(() => app?.close());

  test.each([false, true])(
    'what is asked about a picture has nothing that axe finds serious, dark: %s',
    async (dark) => {
      const page = await app.open(
        'explore/seattle-weather?mark=histogram&x=temp_max&f.weather=sun',
        { dark },
      );
      await settled(page);
      for (const entry of [
        'Prove it…',
        'Compare…',
        'Inspector…',
        'Use it elsewhere…',
        'Links…',
        'Save as YAML…',
      ]) {
        await page.getByRole('button', { name: 'More about this picture' }).click();
        await page.getByRole('button', { name: entry }).click();
        await page.getByRole('dialog').waitFor();
        if (entry === 'Prove it…') await page.locator('[data-verdict]').waitFor();
        expect(await faultsOf(page), entry).toEqual([]);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      expect(await faultsOf(page), 'help').toEqual([]);
      await page.close();
    },
  );

  test('in forced colors controls and the chosen one among them are outlined, and marks keep their colors', async () => {
    const page = await app.open(SCATTER, { dark: true });
    await page.emulateMedia({
      forcedColors: 'active',
      colorScheme: 'dark',
      reducedMotion: 'reduce',
    });
    await settled(page);
    expect(await page.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true);
    const border = (name: string): Promise<string> =>
      page.getByRole('radio', { name, exact: true }).evaluate((radio) => {
        const { outlineStyle, outlineColor, borderColor } = getComputedStyle(
          radio.closest('label') ?? radio,
        );
        return `${outlineStyle} ${outlineColor} ${borderColor}`;
      });
    expect(await border('Scatter')).not.toBe(await border('Line'));
    const swatches = await page
      .locator('.legend .swatch')
      .evaluateAll((all) => all.map((swatch) => getComputedStyle(swatch).backgroundColor));
    expect(new Set(swatches).size).toBe(5);
    // Nothing moves by itself for those who do not want it.
    const durations = await page.evaluate(() =>
      [...document.querySelectorAll('*')].map(
        (element) => getComputedStyle(element).animationDuration,
      ),
    );
    expect(durations.filter((duration) => Number.parseFloat(duration) > 0.001)).toEqual([]);
    expect(await faultsOf(page)).toEqual([]);
    await page.close();
  });

  test('keys alone reach the picture, move it, open what is about it and come back to where they were', async () => {
    const page = await app.open(SCATTER);
    await settled(page);
    const seen = new Set<string>();
    for (let press = 0; press < 60; press++) {
      await page.keyboard.press('Tab');
      seen.add(await focused(page));
      const ring = await page.evaluate(() => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement!);
        return (
          document.activeElement === document.body ||
          outlineStyle !== 'none' ||
          outlineWidth !== '0px' ||
          boxShadow !== 'none'
        );
      });
      expect(ring, await focused(page)).toBe(true);
      if ((await focused(page)).startsWith('wind against temp_max')) break;
    }
    for (const name of ['Save PNG (with Shift SVG)', 'Download rows', 'More about this picture'])
      expect(
        [...seen].some((each) => each.startsWith(name.split(' (')[0]!)),
        name,
      ).toBe(true);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => addressOf(page)).toContain('xr=');
    await page.keyboard.press('0');
    await expect.poll(() => addressOf(page)).not.toContain('xr=');
    await page.getByRole('button', { name: 'More about this picture' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Inspector…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.close();
  });

  test('single keys go to the filters, the table and the help, where a person wants that', async () => {
    const page = await app.open(SCATTER);
    await settled(page);
    const isIn = (part: string): Promise<boolean> =>
      page.evaluate((selector) => document.activeElement!.closest(selector) !== null, part);
    await page.keyboard.press('f');
    await expect.poll(() => isIn('.filter-head')).toBe(true);
    await page.keyboard.press('t');
    await expect.poll(() => isIn('[role=grid]')).toBe(true);
    await page.keyboard.press('?');
    const wanted = page.getByLabel('Single-key shortcuts');
    await wanted.uncheck();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('.picture').focus();
    await page.keyboard.press('f');
    await page.keyboard.press('t');
    expect(await isIn('.picture')).toBe(true);
    // Where somebody types they are letters.
    await page.getByRole('button', { name: 'Help' }).click();
    await wanted.check();
    await page.keyboard.press('Escape');
    await page.getByLabel('Go to row').pressSequentially('2');
    await page.keyboard.press('f');
    expect(await isIn('input')).toBe(true);
    await page.close();
  });

  test('the picture is saved as PNG, and with Shift as SVG with its words as text', async () => {
    const page = await app.open(SCATTER);
    await settled(page);
    const save = page.getByRole('button', { name: 'Save PNG' });
    const [svg] = await Promise.all([
      page.waitForEvent('download'),
      save.click({ modifiers: ['Shift'] }),
    ]);
    expect(svg.suggestedFilename()).toMatch(/\.svg$/u);
    const text = readFileSync(await svg.path(), 'utf8');
    for (const words of ['temp_max', 'wind', '<image']) expect(text).toContain(words);
    const [png] = await Promise.all([page.waitForEvent('download'), save.click()]);
    expect(PNG.sync.read(readFileSync(await png.path())).width).toBeGreaterThan(400);
    await page.close();
  });
});
