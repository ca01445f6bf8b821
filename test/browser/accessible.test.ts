import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasBrowser, sample, settled, startApp, type AppServer } from './app-page.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** What axe finds of serious or critical weight, one line for each element. */
async function faultsOf(page: Page): Promise<string[]> {
  // Evaluated, not added: the page's policy lets no foreign script in.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, target }) => `${id}: ${String(target)} ${html}`),
    );
}

describe.skipIf(!hasBrowser()).each([
  ['light', false],
  ['dark', true],
] as const)('in %s colors axe finds nothing serious', (_, dark) => {
  let app: AppServer;
  beforeAll(async () => {
    app = await startApp([sample('seattle-weather.csv')]);
  });
  afterAll(() => app?.close());

  const views = {
    'on the start page': '',
    'on the picture and its table':
      'explore/seattle-weather?mark=scatter&x=temp_max&y=wind&color=weather',
    'on bars under a filter': 'explore/seattle-weather?mark=bar&x=weather&f.wind=2..4',
    'where no row is left': 'explore/seattle-weather?mark=histogram&x=wind&f.weather=none',
    'where parts of the link were ignored': 'explore/seattle-weather?mark=line&x=nope&bogus=1',
  };
  for (const [where, address] of Object.entries(views)) {
    test(where, async () => {
      const page = await app.open(address, { dark });
      if (address === '') await page.getByLabel('Path of a file or folder').waitFor();
      else await settled(page);
      expect(await faultsOf(page)).toEqual([]);
      await page.close();
    });
  }

  test('on an open dropdown, an open range, a menu and a dialog', async () => {
    const page = await app.open('explore/seattle-weather?mark=scatter&x=temp_max&y=wind', { dark });
    await settled(page);
    await page
      .locator('#panel')
      .getByRole('button', { name: /^T?\s*weather/ })
      .click();
    await page.locator('[role=listbox] [role=option]').first().waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByLabel('Download rows').click();
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Data from/ }).click();
    await page.getByRole('button', { name: 'Pause updates' }).click();
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'exact' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.close();
  });
});

declare global {
  interface Window {
    axe: typeof axe;
  }
}
