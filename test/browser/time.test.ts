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
    app = await startApp([join(folder, 'live.csv'), join(folder, 'old.csv')], { webgl: false });
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
});
