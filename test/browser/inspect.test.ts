import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { tableFromIPC } from '@uwdata/flechette';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, sample, settled, startApp, type AppServer } from './app-page.js';

describe.skipIf(!hasBrowser())('behind a picture', () => {
  let app: AppServer;
  let page: Page;
  beforeAll(async () => {
    app = await startApp([sample('seattle-weather.csv')]);
    page = await app.open('explore/seattle-weather?mark=scatter&x=temp_max&y=wind&f.weather=sun');
    await settled(page);
  });
  afterAll(() => app?.close());

  const dialog = () => page.getByRole('dialog');
  async function open(button: string): Promise<void> {
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: button, exact: true }).click();
    await dialog().waitFor();
  }

  test('stand its query, plan, rows, bytes and times', async () => {
    await open('Inspect');
    const text = await dialog().innerText();
    expect(text).toContain('1,461 in all, 640 match, 640 drawn');
    expect(text).toMatch(/compute\s+[\d.]+ ms/u);
    expect(text).toMatch(/draw\s+[\d.]+ ms/u);
    const query = JSON.parse(
      await dialog().getByLabel('the query as JSON', { exact: true }).innerText(),
    ) as object;
    expect(query).toMatchObject({ dataset: 'seattle-weather', mark: 'scatter', x: 'temp_max' });
  });

  test('stands its proof, with the SQL', async () => {
    await open('Prove it');
    await dialog().getByRole('button', { name: 'Prove it' }).click();
    await dialog()
      .getByText(/[\d,]+ numbers compared, 0 differ\./u)
      .waitFor();
    await dialog().getByText('The SQL').click();
    expect(await dialog().innerText()).toContain('CREATE OR REPLACE TEMP TABLE');
  });

  test('stand addresses that give the matching rows and the frame', async () => {
    await open('API');
    const address = async (): Promise<string> =>
      /'(http[^']+)'/u.exec(
        await dialog().getByLabel('lines for curl', { exact: true }).innerText(),
      )![1]!;
    const rows = await fetch(await address());
    expect(rows.status).toBe(200);
    expect(rows.headers.get('content-type')).toContain('parquet');
    await dialog().getByRole('radio', { name: 'This picture' }).click();
    const frame = await fetch(await address());
    expect(tableFromIPC(await frame.arrayBuffer()).numRows).toBe(640);
  });

  test.each(['Inspect', 'Prove it', 'API'])(
    'axe finds nothing serious under %s',
    async (button) => {
      await open(button);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => window.axe.run('dialog'));
      const serious = violations.filter(
        ({ impact }) => impact === 'serious' || impact === 'critical',
      );
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    },
  );
});
