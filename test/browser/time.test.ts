import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, hasBrowser, settled, startApp, type AppServer } from './app-page.js';

describe.skipIf(!hasBrowser())('times', () => {
  let app: AppServer;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halftone-times-'));
    // Half an hour ago to half an hour ahead, a row every two seconds; and the same long ago.
    const csv = (from: number, name: string): string =>
      `t,${name}\n${Array.from({ length: 1800 }, (_, i) => `${new Date(from + i * 2000).toISOString()},${i % 97}`).join('\n')}\n`;
    writeFileSync(join(folder, 'live.csv'), csv(Date.now() - 1_800_000, 'y'));
    writeFileSync(join(folder, 'old.csv'), csv(Date.UTC(2001, 0, 1), 'z'));
    // Every minute of the two nights on which the clocks of Berlin are set.
    const night = (date: string): string[] =>
      Array.from({ length: 360 }, (_, i) => {
        const at = new Date(Date.parse(`${date}T22:00Z`) + i * 60_000).toISOString();
        return `${at},${i % 7}`;
      });
    const nights = [...night('2025-03-29'), ...night('2025-10-25')].join('\n');
    writeFileSync(join(folder, 'nights.csv'), `t,height\n${nights}\n`);
    app = await startApp(
      ['live', 'old', 'nights'].map((name) => join(folder, `${name}.csv`)),
      {
        webgl: false,
      },
    );
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a line stands at the present where data reach it, moves by itself, follows the zoom, and can be taken away', async () => {
    const page = await app.open('explore/live?mark=scatter&x=t&y=y');
    await settled(page);
    const line = page.locator('.halftone-now');
    const left = (): Promise<number> => line.evaluate(({ style }) => Number.parseFloat(style.left));
    await line.waitFor();
    const first = await left();
    // Where it is: by the times of the first and the last row, and the clock of this machine.
    const share = await page.evaluate(() => {
      const canvas = document.querySelector('.halftone-marks')!.getBoundingClientRect();
      const now = document.querySelector('.halftone-now')!.getBoundingClientRect();
      return (now.left - canvas.left) / canvas.width;
    });
    expect(share).toBeGreaterThan(0.45);
    expect(share).toBeLessThan(0.75);
    await expect.poll(left, { timeout: 30_000 }).toBeGreaterThan(first);
    // Nearer, the same moment is elsewhere; what it moves over is half a minute now.
    await page.locator('.picture').focus();
    const before = await left();
    await page.keyboard.press('+');
    await expect.poll(left).not.toBeCloseTo(before, 0);

    await page.getByLabel('Line at the present').uncheck();
    await expect.poll(() => addressOf(page)).toContain('now=no');
    await expect.poll(() => line.count()).toBe(0);
    await page.getByLabel('Line at the present').check();
    await expect.poll(() => addressOf(page)).not.toContain('now');
    await line.waitFor();

    await page.goto('explore/old?mark=scatter&x=t&y=z');
    await settled(page);
    expect(await page.getByLabel('Line at the present').isChecked()).toBe(false);
    expect(await line.count()).toBe(0);
    await page.close();
  });

  test('axes, hover, pinned rows and ranges are in the zone that is chosen, over both nights on which its clocks are set', async () => {
    const page = await app.open('explore/nights?mark=line&x=t&y=height&bin=none');
    await settled(page);
    await page.getByText('t (UTC)').waitFor();
    await page.getByLabel('Time zone', { exact: true }).selectOption('Europe/Berlin');
    await expect.poll(() => addressOf(page)).toContain('tz=Europe/Berlin');
    await page.getByText('t (Europe/Berlin)').waitFor();
    const clocks = async (): Promise<string[]> => {
      const ticks = await page.locator('.xaxislayer-above g.xtick text').allTextContents();
      return ticks.map((text) => /\d\d:\d\d(?: [+-]\d\d:\d\d)?/.exec(text)?.[0] ?? text);
    };

    const spring = 'xr=2025-03-29T23:30:00Z,2025-03-30T02:30:00Z';
    await page.goto(`explore/nights?mark=line&x=t&y=height&bin=none&tz=Europe/Berlin&${spring}`);
    await settled(page);
    await expect
      .poll(async () => (await clocks()).filter((clock) => /^\d\d:00/.test(clock)))
      .toEqual(['01:00', '03:00', '04:00']);
    const autumn = 'xr=2025-10-25T23:30:00Z,2025-10-26T02:30:00Z';
    await page.goto(`explore/nights?mark=line&x=t&y=height&bin=none&tz=Europe/Berlin&${autumn}`);
    await settled(page);
    await expect
      .poll(async () => (await clocks()).filter((clock) => /^\d\d:00/.test(clock)))
      .toEqual(['02:00 +02:00', '02:00 +01:00', '03:00']);

    // The middle of the picture is one hour after midnight in UTC, two on the wall, for the second time.
    const plot = (await page.locator('.nsewdrag').boundingBox())!;
    const card = page.locator('.card-hover');
    await page.mouse.move(plot.x + plot.width / 2, plot.y + plot.height / 2);
    await expect.poll(() => card.innerText()).toMatch(/2025-10-26 0[12]:\d\d\+0[12]:00/);
    await page.mouse.down();
    await page.mouse.up();
    await page.getByRole('dialog', { name: 'Row' }).waitFor();
    await expect.poll(() => card.innerText()).toMatch(/2025-10-26 0[12]:\d\d\+0[12]:00/);
    await page.keyboard.press('Escape');

    // A range is typed on the wall and kept in UTC, and read on the wall again.
    await page.locator('button[aria-controls=filter-t]').click();
    await page.getByText('in Europe/Berlin').waitFor();
    await page.getByLabel('t from').fill('2025-10-26T03:15');
    await page.getByLabel('t from').press('Enter');
    await expect.poll(() => addressOf(page)).toContain('f.t=2025-10-26T02%3A15%3A00Z..');
    expect(await page.getByLabel('t from').inputValue()).toMatch(/^2025-10-26T03:15/);
    await page.locator('.chips', { hasText: '2025-10-26 03:15' }).waitFor();
    await page.getByRole('button', { name: 'Download rows' }).click();
    await page.getByText('times in UTC').first().waitFor();

    // The table tells the first row of the filter on the wall too, with the offset, and cuts nothing off.
    await page.keyboard.press('Escape');
    await page.locator('.picture').press('t');
    const cell = page.locator('.table-cell.time').first();
    await expect.poll(() => cell.innerText()).toBe('2025-10-26 03:15:00+01:00');
    expect(await cell.evaluate((host) => host.scrollWidth <= host.clientWidth)).toBe(true);
    await page.close();
  });
});
