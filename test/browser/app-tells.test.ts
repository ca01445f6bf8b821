import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import type { Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { ssim } from '../helpers/ssim.js';
import { addressOf, hasBrowser, settled, startApp, type AppServer } from './app-page.js';

const ROOT = join(import.meta.dirname, '..', '..');
const WEATHER = join(ROOT, 'data', 'seattle-weather.csv');

const dataset = { dataset: 'weather' };
const DASHBOARD = {
  items: [
    { id: 'scatter', chart: { ...dataset, mark: 'scatter', x: 'temp_max', y: 'wind' } },
    { id: 'line', chart: { ...dataset, mark: 'line', x: 'date', y: 'wind', bin: 'month' } },
    { id: 'raw', chart: { ...dataset, mark: 'line', x: 'date', y: 'wind', bin: 'none' } },
    { id: 'histogram', chart: { ...dataset, mark: 'histogram', x: 'wind', color: 'weather' } },
    { id: 'bar', chart: { ...dataset, mark: 'bar', x: 'weather', y: 'temp_max' } },
    { id: 'heatmap', chart: { ...dataset, mark: 'heatmap', x: 'temp_max', y: 'wind' } },
    { id: 'value', chart: { ...dataset, mark: 'value', of: 'wind', agg: 'mean' } },
  ].map((item) => ({ ...item, span: 6, height: 6 })),
};
const configuration = (dashboards: object): string =>
  stringify({
    version: 1,
    datasets: { weather: { files: WEATHER } },
    dashboards,
  });

async function choose(page: Page, entry: string): Promise<void> {
  await page.getByRole('button', { name: 'More about this picture' }).click();
  await page.getByRole('button', { name: entry }).click();
}

describe.skipIf(!hasBrowser())('what a picture tells of itself', () => {
  let app: AppServer;
  let folder: string;
  let file: string;
  const writeLive = (offset: number, more: number): void => {
    // A hundred rows of each whole number, and some more of those on one side.
    const lines = Array.from({ length: 1000 }, (_, i) => i % 10).concat(
      Array.from({ length: more }, (_, i) => (i % 5) + offset),
    );
    writeFileSync(join(folder, 'partial'), `n\n${lines.join('\n')}\n`);
    renameSync(join(folder, 'partial'), join(folder, 'live.csv'));
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halftone-inspect-'));
    file = join(folder, 'halftone.yaml');
    writeFileSync(file, configuration({ all: DASHBOARD }));
    writeLive(0, 500);
    // Of each place 30 rows are of one kind and 10 of the other, on the right the other way round.
    const places = Array.from({ length: 4000 }, (_, i) => {
      const [x, y, of40] = [i % 10, Math.floor(i / 10) % 10, Math.floor(i / 100)];
      const isMost = of40 < 30;
      return `${x},${y},${x < 5 ? 'left' : 'right'},${isMost === x < 5 ? 'a' : 'b'}`;
    });
    writeFileSync(join(folder, 'plane.csv'), `x,y,side,kind\n${places.join('\n')}\n`);
    app = await startApp(['--config', file, join(folder, 'live.csv'), join(folder, 'plane.csv')], {
      webgl: false,
    });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('are the numbers of the very answer: rows, marks, bytes, plan and the times of the server', async () => {
    const page = await app.open('');
    const answers: Response[] = [];
    page.on('response', (response) => {
      if (response.url().includes('/frame')) answers.push(response);
    });
    await page.goto('explore/weather?mark=scatter&x=temp_max&y=wind&f.weather=rain');
    await settled(page);
    const answer = answers.find((each) => {
      const q = new URL(each.url()).searchParams.get('q');
      return q !== null && Buffer.from(q, 'base64url').toString().includes('"scatter"');
    })!;
    const headers = await answer.allHeaders();
    const bytes = (await answer.body()).byteLength;
    const host = page.locator('.picture-host');
    const [matched, drawn] = await Promise.all(
      ['matched', 'drawn'].map((name) => host.getAttribute(`data-${name}`)),
    );
    await choose(page, 'Inspector…');
    const dialog = page.getByRole('dialog');
    const words = await dialog.innerText();
    expect(words).toMatch(new RegExp(`${matched}\\s+rows match, of 1,461`, 'u'));
    expect(words).toMatch(new RegExp(`${drawn}\\s+marks sent, by points, exact`, 'u'));
    const kilobytes = Number(/([\d.]+) kB\s+of Arrow/u.exec(words)![1]);
    expect(Math.abs(kilobytes - bytes / 1000)).toBeLessThan(0.06);
    const plan = JSON.parse(headers['x-halftone-plan']!) as { tier: string; reason: string };
    expect(words).toContain(plan.tier);
    expect(words).toContain(plan.reason);
    const told = await dialog
      .locator('[data-stage]')
      .evaluateAll((rows) =>
        Object.fromEntries(
          rows.map((row) => [
            (row as HTMLElement).dataset['stage'],
            Number.parseFloat(row.querySelector('td')!.textContent),
          ]),
        ),
      );
    for (const stage of ['queue', 'compute', 'encode']) {
      const dur = new RegExp(`\\b${stage};dur=([\\d.]+)`, 'u').exec(headers['server-timing']!)![1]!;
      expect(Math.abs(told[stage]! - Number(dur)), stage).toBeLessThan(
        Number(dur) < 10 ? 0.051 : 0.51,
      );
    }
    expect(told['draw']).toBeGreaterThan(0);
    const query = JSON.parse(
      await dialog.getByLabel('Query', { exact: true }).innerText(),
    ) as object;
    expect(query).toMatchObject({ dataset: 'weather', mark: 'scatter', x: 'temp_max', y: 'wind' });
    await page.close();
  });

  test('is its proof, for every mark of a dashboard', async () => {
    const page = await app.open('d/all');
    for (const { id } of DASHBOARD.items) {
      const cell = page.locator(`[data-chart=${id}]`);
      await cell.scrollIntoViewIfNeeded();
      await cell.locator('[data-state=exact]').first().waitFor();
      await cell.locator('.cell-head button').click();
      await page.getByRole('button', { name: 'Prove it…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.locator('[data-verdict]').first().waitFor();
      await expect.poll(() => dialog.getByText('Reading the source…').count()).toBe(0);
      const verdicts = await dialog
        .locator('[data-verdict]')
        .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset['verdict']));
      expect(new Set(verdicts), id).toEqual(new Set(['equal']));
      expect(await dialog.locator('[data-verdict] b').first().innerText(), id).toMatch(
        /^[\d,]+ numbers compared, 0 differ/u,
      );
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    await page.close();
  });

  test('is its difference to another snapshot: what came in one color, what went in the other', async () => {
    const page = await app.open('explore/live?mark=histogram&x=n');
    await settled(page);
    writeLive(5, 510);
    const load = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const answer = await fetch(`${app.url}api/v1/datasets/live/load`, load);
    expect([202, 503]).toContain(answer.status);
    await page.locator('.picture-host[data-matched="1510"]').waitFor();
    await choose(page, 'Compare…');
    await page.getByRole('button', { name: /^With the snapshot of/u }).click();
    await expect.poll(() => addressOf(page)).toMatch(/vs=\w+/u);
    await settled(page);
    await page.locator('.nsewdrag').waitFor({ state: 'attached' });
    const box = (await page.locator('.nsewdrag').boundingBox())!;
    const { width, data } = PNG.sync.read(await page.screenshot());
    /** Which color most of the column of a number has. */
    const colorOf = (n: number): string => {
      let [orange, blue] = [0, 0];
      const left = Math.round(box.x + ((n + 0.5) / 10) * box.width);
      for (let top = Math.round(box.y); top < box.y + box.height; top++) {
        const at = 4 * (top * width + left);
        if (data[at]! > data[at + 2]! + 60) orange++;
        if (data[at + 2]! > data[at]! + 60) blue++;
      }
      return orange > blue ? 'less' : blue > orange ? 'more' : 'none';
    };
    // 0 to 4 had a hundred more before, 5 to 9 have them now.
    expect(Array.from({ length: 10 }, (_, n) => colorOf(n))).toEqual([
      ...Array.from({ length: 5 }, () => 'less'),
      ...Array.from({ length: 5 }, () => 'more'),
    ]);
    await page.reload();
    await settled(page);
    await page.getByRole('button', { name: 'End the comparison' }).click();
    await expect.poll(() => addressOf(page)).toBe('explore/live?mark=histogram&x=n');
    await page.close();
  });

  test.each([
    ['heatmap', 'mark=heatmap&x=x&y=y', ['more', 'less']],
    ['scatter', 'mark=scatter&x=x&y=y', ['more', 'less']],
    ['histogram', 'mark=histogram&x=x', ['more', 'less']],
    // Bars lie: what is less goes to the left of zero.
    ['bar', 'mark=bar&x=side', ['less', 'more']],
  ])(
    'is its difference to the rest, more in blue and less in orange: %s',
    async (_, mark, halves) => {
      const page = await app.open(`explore/plane?${mark}&f.kind=a&vs=rest`);
      await settled(page);
      await page.locator('.nsewdrag').waitFor({ state: 'attached' });
      const box = (await page.locator('.nsewdrag').boundingBox())!;
      const { width, data } = PNG.sync.read(await page.screenshot());
      /** Which of the two colors a part of the plot has, from one share of its width to another. */
      const colorOf = (from: number, to: number): string => {
        let [orange, blue] = [0, 0];
        for (let top = Math.round(box.y); top < box.y + box.height; top++) {
          for (let left = box.x + from * box.width; left < box.x + to * box.width; left++) {
            const at = 4 * (top * width + Math.round(left));
            if (data[at]! > data[at + 2]! + 60) orange++;
            if (data[at + 2]! > data[at]! + 60) blue++;
          }
        }
        if (Math.min(orange, blue) > 20) return 'both';
        return Math.max(orange, blue) < 500 ? 'none' : orange > blue ? 'less' : 'more';
      };
      expect([colorOf(0.02, 0.48), colorOf(0.52, 0.98)]).toEqual(halves);
      await page.close();
    },
  );

  test('is its difference to the rest as one number', async () => {
    const page = await app.open('explore/plane?mark=value&of=x&agg=mean&f.kind=a&vs=rest');
    // The means are 3.25 and 5.75.
    await page.locator('.picture').getByText('−2.5', { exact: true }).waitFor();
    await page.close();
  });

  test('is a chart of a dashboard that shows the same picture, once it is saved as YAML', async () => {
    const page = await app.open(
      'explore/weather?mark=scatter&x=temp_max&y=wind&color=weather&xr=0,30&yr=0,8&size=4&opacity=0.5&f.weather=rain,sun&f.wind=1..',
    );
    await settled(page);
    const matched = await page.locator('.picture-host').getAttribute('data-matched');
    await choose(page, 'Save as YAML…');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download weather.yaml' }).click(),
    ]);
    const saved = parse(readFileSync(await download.path(), 'utf8')) as { dashboards: object };
    writeFileSync(file, configuration({ all: DASHBOARD, ...saved.dashboards }));
    await expect
      .poll(async () => (await page.request.get(`${app.url}d/weather`)).status())
      .toBe(200);
    await page.goto('d/weather');
    await page.locator('[data-chart] [data-state=exact]').first().waitFor();
    expect(
      await page.locator('[data-chart] [data-matched]').first().getAttribute('data-matched'),
    ).toBe(matched);
    // The same marks: the cell's own page draws it as large as the picture was.
    const picture = async (address: string) => {
      await page.goto(address);
      await settled(page);
      const { width, height, data } = PNG.sync.read(
        Buffer.from(
          (
            await page
              .locator('.halftone-marks')
              .first()
              .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())
          ).split(',')[1]!,
          'base64',
        ),
      );
      return { width, height, pixels: new Uint8Array(data) };
    };
    await page.locator('[data-chart] .cell-head button').first().click();
    const link = await page
      .getByRole('link', { name: 'Explore on its own page' })
      .getAttribute('href');
    const before = await picture(
      'explore/weather?mark=scatter&x=temp_max&y=wind&color=weather&xr=0,30&yr=0,8&size=4&opacity=0.5&f.weather=rain,sun&f.wind=1..',
    );
    expect(ssim(before, await picture(new URL(link!, app.url).href))).toBe(1);
    await page.close();
  });
});
