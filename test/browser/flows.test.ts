import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, hasBrowser, sample, settled, startApp, type AppServer } from './app-page.js';

const WEATHER = join(import.meta.dirname, '..', '..', 'data', 'seattle-weather.csv');

/** Opens a file of this machine by its path, as a person types it. */
async function openPath(page: Page, path: string): Promise<void> {
  const field = page.getByLabel('Path of a file or folder on this machine');
  await field.fill(path);
  await field.press('Enter');
}

/** Moves the mouse to a place of the picture, given as shares of its size, and reads what the card says. */
async function hover(page: Page, x: number, y: number): Promise<string> {
  const box = (await page.locator('.picture').boundingBox())!;
  // The first move may still find the picture before this one.
  await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
  await page.mouse.move(box.x + box.width * x + 1, box.y + box.height * y);
  return page.locator('.card-hover').innerText();
}

describe.skipIf(!hasBrowser())('what people do besides looking', () => {
  let app: AppServer;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halftone-flows-'));
    app = await startApp([sample('flights-3m.parquet'), WEATHER]);
  });
  afterAll(async () => {
    await app?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('an upload tells how far it is, and a cancelled one leaves nothing', async () => {
    const page = await app.open('');
    const network = await page.context().newCDPSession(page);
    await network.send('Network.enable');
    await network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 200_000,
    });
    const buffer = Buffer.from(`a,b\n${'1,2\n'.repeat(1_000_000)}`);
    const name = 'unwanted.csv';
    await page.getByLabel('Choose a file').setInputFiles({ name, mimeType: 'text/csv', buffer });
    await page.getByRole('progressbar', { name: 'Sending unwanted.csv' }).waitFor();
    await page.getByText(/of 4.0 MB, \d+ %/).waitFor();
    await page.locator('.drop').getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Drop a file here').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    const answer = await page.request.get(`${app.url}api/v1/datasets`);
    expect(JSON.stringify(await answer.json())).not.toContain('unwanted');
    await page.close();
  });

  test('a file that is dropped anywhere on the page is opened', async () => {
    const page = await app.open('');
    await page.getByText('Drop a file here').waitFor();
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['a,b\n1,2\n3,4\n5,6\n'], 'fallen.csv', { type: 'text/csv' }));
      return data;
    });
    await page.dispatchEvent('h1', 'dragover', { dataTransfer: transfer });
    await page.locator('.drop.over').waitFor();
    await page.dispatchEvent('h1', 'drop', { dataTransfer: transfer });
    await expect.poll(() => addressOf(page)).toBe('explore/fallen');
    await page.getByText('3 rows', { exact: true }).waitFor();
    await page.close();
  });

  test('a cancelled load says so, and can be tried again', async () => {
    const file = join(folder, 'long.csv');
    const line = `${'some text that takes a while to read,'.repeat(8)}1\n`;
    writeFileSync(file, `a,b,c,d,e,f,g,h,n\n${line.repeat(250_000)}`);
    const page = await app.open('');
    await openPath(page, file);
    await expect.poll(() => addressOf(page)).toBe('explore/long');
    // How far it is: by stage, in words, and by share.
    const told = page.getByRole('group', { name: 'Loading long' });
    await told.getByText(/^(Waiting|Reading|Checking|Writing)/u).waitFor();
    await told.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Loading "long" was cancelled.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('250,000 rows', { exact: true }).first().waitFor();
    await page.close();
  });

  test('what was set aside at load is one click away: line, column, value and reason', async () => {
    const file = join(folder, 'ragged.csv');
    const rows = Array.from({ length: 3000 }, (_, i) => `${i},${2 * i},x\n`).join('');
    writeFileSync(file, `a,b,c\n${rows}1,2\n7,8,9,10\noops,3,z\n`);
    const page = await app.open('');
    await openPath(page, file);
    await page.getByRole('button', { name: '2 lines set aside at load' }).click();
    const dialog = page.getByRole('dialog');
    const words = await dialog.innerText();
    expect(words).toContain('3,003 lines = 3,001 rows + 2 set aside.');
    expect(words).toContain('1 value did not fit and became null.');
    for (const part of ['3002', '3003', '3004', 'oops']) expect(words).toContain(part);
    expect(await dialog.getByRole('link', { name: 'Download the report' }).count()).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.close();
  });

  test('bars in another order have their names with them, on an axis that reaches as far', async () => {
    const page = await app.open('explore/seattle-weather?mark=bar&x=weather');
    await settled(page);
    const textsOf = (ticks: string): Promise<string[]> =>
      page.locator(`.picture ${ticks} text`).allTextContents();
    const largest = ['rain', 'sun', 'fog', 'drizzle', 'snow'];
    await expect.poll(() => textsOf('.ytick')).toEqual(largest);
    const numbers = await textsOf('.xtick');
    await page.getByLabel('Order', { exact: true }).selectOption('name');
    await expect.poll(() => textsOf('.ytick')).toEqual(largest.toSorted());
    expect(await textsOf('.xtick')).toEqual(numbers);
    await page.close();
  });

  test('long names in a legend keep the letters that tell them apart', async () => {
    const page = await app.open(
      'explore/seattle-weather?mark=bar&x=weather&y=temp_max&y=precipitation',
    );
    const entry = page.locator('.legend .series[title=precipitation]');
    const name = entry.locator('.label');
    expect(await name.locator('> :last-child').textContent()).toBe('pitation');
    await entry.evaluate((element) => (element.style.width = '90px'));
    const inside = await name.evaluate((label) => {
      const tail = label.lastElementChild!.getBoundingClientRect();
      return tail.right <= label.parentElement!.getBoundingClientRect().right + 1;
    });
    expect(inside).toBe(true);
    // Categories have palettes too, in the address only where one is chosen.
    const color = (): Promise<string> =>
      entry.locator('.swatch').evaluate((swatch) => getComputedStyle(swatch).backgroundColor);
    expect(await color()).toBe('rgb(213, 94, 0)');
    await page.getByLabel('Palette').selectOption({ label: 'Tol muted' });
    await expect.poll(() => addressOf(page)).toContain('palette=muted');
    await expect.poll(color).toBe('rgb(51, 34, 136)');
    await page.getByLabel('Palette').selectOption({ label: 'Okabe–Ito' });
    await expect.poll(() => addressOf(page)).not.toContain('palette');
    await page.close();
  });

  const HOVERS: readonly [mark: string, address: string, x: number, y: number, says: RegExp][] = [
    ['density', 'flights-3m?mark=scatter&x=distance&y=delay', 0.3, 0.7, /^[\d,]+ rows here$/],
    [
      'a line of means',
      'flights-3m',
      0.3,
      0.6,
      /^2001-\d\d-\d\d\nmean delay [\d.-]+\n[\d,]+ rows$/,
    ],
    [
      'a raw line',
      'flights-3m?mark=line&x=date&y=delay&bin=none',
      0.3,
      0.56,
      /^Row [\d,]+\ndate\n2001-\d\d-\d\d \d\d:\d\d\ndelay\n/,
    ],
    ['a histogram', 'flights-3m?mark=histogram&x=delay', 0.2, 0.7, /^-?\d+ to -?\d+\n[\d,]+ rows$/],
    [
      'bars',
      'seattle-weather?mark=bar&x=weather&y=temp_max&y=temp_min',
      0.2,
      0.13,
      /^\w+\ntemp_m\w+\nmean [\d.]+\n[\d,]+ rows$/,
    ],
    [
      'a heatmap',
      'flights-3m?mark=heatmap&x=distance&y=delay',
      0.2,
      0.8,
      /^[\d,]+ rows?\ndistance\n[\d.]+ to [\d.]+\ndelay\n.+ to .+$/,
    ],
  ];
  for (const [mark, address, x, y, says] of HOVERS) {
    test(`the pointer tells what is under it: ${mark}`, async () => {
      const page = await app.open(`explore/${address}`);
      await settled(page);
      await page.locator('.nsewdrag').waitFor({ state: 'attached' });
      await expect.poll(() => hover(page, x, y)).toMatch(says);
      await page.close();
    });
  }

  for (const dark of [false, true]) {
    test(`a saved picture has marks and axes: ${dark ? 'dark' : 'light'}`, async () => {
      const page = await app.open('explore/flights-3m?mark=scatter&x=distance&y=delay', { dark });
      await settled(page);
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save PNG' }).click(),
      ]);
      const { width, height, data } = PNG.sync.read(readFileSync(await file.path()));
      const surface = dark ? [26, 27, 30] : [255, 255, 255];
      expect([...data.subarray(0, 3)]).toEqual(surface);
      /** The share of the pixels of a part that are of the marks' blue, and of anything but the surface. */
      const shares = (
        left: number,
        top: number,
        right: number,
        bottom: number,
      ): [number, number] => {
        let blue = 0;
        let inked = 0;
        for (let py = Math.round(top * height); py < bottom * height; py++) {
          for (let px = Math.round(left * width); px < right * width; px++) {
            const at = 4 * (py * width + px);
            const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
            if (b - r > 60 && b > g) blue++;
            if (Math.abs(r - surface[0]!) + Math.abs(g - surface[1]!) > 60) inked++;
          }
        }
        const all = (right - left) * width * (bottom - top) * height;
        return [blue / all, inked / all];
      };
      const [inPlot] = shares(0.1, 0.6, 0.5, 0.8);
      expect(inPlot).toBeGreaterThan(0.2);
      // Title, numbers of the y axis, numbers and name of the x axis.
      for (const [left, top, right, bottom] of [
        [0.05, 0, 0.4, 0.08],
        [0, 0.15, 0.045, 0.8],
        [0.1, 0.86, 0.9, 0.97],
      ] as const) {
        const [blue, inked] = shares(left, top, right, bottom);
        expect(inked).toBeGreaterThan(0.002);
        expect(blue).toBeLessThan(0.001);
      }
      await page.close();
    });
  }

  test('a server that is gone is told, and the picture stays', async () => {
    const other = await startApp([WEATHER]);
    try {
      const page = await other.open('explore/seattle-weather');
      await settled(page);
      await other.stopServer();
      await page.getByRole('alert').filter({ hasText: 'The server cannot be reached' }).waitFor();
      expect(await page.locator('[data-state=exact]').count()).toBeGreaterThan(0);
      await page.close();
    } finally {
      await other.close();
    }
  });
});
