import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasBrowser, sample, settled, startApp, type AppServer } from './app-page.js';
import { faultsOf } from './axe-faults.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

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
