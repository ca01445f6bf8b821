import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, hasBrowser, settled, startApp, type AppServer } from './app-page.js';

const WEATHER = join(import.meta.dirname, '..', '..', 'data', 'seattle-weather.csv');

const configuration = (links: string): string => `version: 1
datasets:
  weather: { files: ${JSON.stringify(WEATHER)} }
dashboards:
  weather:
    links: ${links}
    items:
      - { id: wind, span: 6, height: 6, chart: { dataset: weather, mark: histogram, x: wind } }
      - { id: warm, span: 6, height: 6, chart: { dataset: weather, mark: histogram, x: temp_max } }
      - { id: count, span: 12, height: 6, chart: { dataset: weather, mark: value } }
`;

/** What stands between the page and the server: of the frames of `mark` it brings one half, and breaks off. */
interface ShakyLine {
  server: Server;
  url: string;
  mark: string | undefined;
}

async function shakyLine(to: string): Promise<ShakyLine> {
  const line: ShakyLine = { server: createServer(), url: '', mark: undefined };
  line.server.on('request', ({ url, method, headers }, answer) => {
    const onward = request(new URL(url!, to), { method, headers }, (answered) => {
      answer.writeHead(answered.statusCode!, answered.headers);
      const question = new URL(url!, to).searchParams.get('q');
      const { mark } =
        question === null ? {} : JSON.parse(Buffer.from(question, 'base64url').toString());
      if (mark === undefined || mark !== line.mark) answered.pipe(answer);
      else
        answered.once('data', (bytes: Buffer) =>
          answer.write(bytes.subarray(0, bytes.length / 2), () => answer.destroy()),
        );
    });
    onward.on('error', () => answer.destroy()).end();
    answer.on('close', () => onward.destroy());
  });
  await new Promise<void>((done) => line.server.listen(0, '127.0.0.1', done));
  line.url = `http://127.0.0.1:${(line.server.address() as AddressInfo).port}/`;
  return line;
}

const drawn = (page: Page, id: string): Promise<void> =>
  page.locator(`[data-chart=${id}] [data-state=exact]`).first().waitFor();

describe.skipIf(!hasBrowser())('what is broken', () => {
  let app: AppServer;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halftone-broken-'));
    file = join(folder, 'halftone.yaml');
    writeFileSync(file, configuration('{}'));
    app = await startApp(['--config', file], { webgl: false });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('in an address is told beside a picture of the rest', async () => {
    const page = await app.open('');
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    const broken = [
      ['f.wind=%E0%A4%A', '“%E0%A4%A” is no number of wind'],
      ['xr=NaN,1', 'xr: “NaN,1” are not the two ends'],
      ['yr=1', 'yr: “1” are not the two ends'],
      ['area=wind', 'area=wind: it names no two columns'],
      ['f.nothing=1', 'nothing'],
      ['area=gone,wind,0,0,1,0,1,1', 'there is no column “gone”'],
      ['size=huge', 'size=huge: it is a number'],
      ['opacity=-1', 'opacity=-1: it is a number'],
      ['tz=Nowhere/Land', 'no time zone has that name'],
      ['color=<img src=x onerror=alert(1)>', 'there is no column “<img src=x onerror=alert(1)>”'],
      ['mark=line', 'mark=line: it is given twice'],
      ['vs=[{', 'vs: it is no list of filters'],
      [`${'g'.repeat(3000)}=1`, 'gggg'],
    ] as const;
    await page.goto(
      `explore/weather?mark=histogram&x=wind&${broken.map(([part]) => part).join('&')}`,
    );
    await settled(page);
    const notes = await page.getByRole('status').filter({ hasText: 'ignored' }).innerText();
    for (const [part, told] of broken) expect(notes, part).toContain(told);
    expect(await page.locator('.picture-host').getAttribute('data-matched')).toBe('1461');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1280);
    // What filters nothing is struck out, and can be taken out of the link.
    const chips = page.getByRole('list', { name: 'Active filters' });
    const struckOut = () => chips.locator('.chip s').allInnerTexts();
    await expect.poll(struckOut).toEqual(['wind %E0%A4%A', 'nothing 1', 'gone, wind within the area']); // prettier-ignore
    expect(await chips.locator('.chip').count()).toBe(3);
    expect(await chips.innerText()).toContain('not used: there is no column “nothing”');
    await page.getByRole('button', { name: 'Clear the filter on nothing' }).click();
    await expect.poll(struckOut).toHaveLength(2);
    expect(addressOf(page)).not.toContain('f.nothing');

    await page.goto('d/weather?f.=1&s.wind=[{&xr.warm=a,b&s.gone=[]&f.nothing=3&cycle=-1');
    for (const id of ['wind', 'warm', 'count']) await drawn(page, id);
    const told = await page.locator('.dashboard > .note').innerText();
    for (const part of ['f.', 's.wind', 's.gone', 'f.nothing', 'cycle']) {
      expect(told).toContain(part);
    }
    // Its chip is struck out; the address keeps it until it is cleared.
    await expect.poll(() => chips.locator('s').allInnerTexts()).toEqual(['nothing 3']);
    expect(await chips.innerText()).toContain('not used: no dataset has this column');
    expect(addressOf(page)).toContain('f.nothing=3');
    await page.getByRole('button', { name: 'Clear the filter on nothing' }).click();
    await expect.poll(() => addressOf(page)).not.toContain('f.nothing');
    await page.locator('[data-chart=warm]').getByText('xr: “a,b” are not the two ends').waitFor();

    // What is named and not there is told in place, with a way on.
    await page.goto('explore/weather?mark=histogram&x=wind&vs=never');
    await page.getByRole('alert').getByText('no snapshot "never"').waitFor();
    await page.getByRole('alert').getByRole('button', { name: 'End the comparison' }).click();
    await settled(page);
    await page.goto('explore/weather?mark=histogram&x=wind&snap=never');
    await page.getByRole('button', { name: 'Show the newest data' }).click();
    await settled(page);
    await expect.poll(() => addressOf(page)).toBe('explore/weather?mark=histogram&x=wind');
    await page.goto('explore/<img src=x onerror=alert(1)>');
    await page.getByText('There is no dataset “<img src=x onerror=alert(1)>”').waitFor();
    await page.getByRole('button', { name: 'See what there is' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.locator('body img').count()).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('in the configuration is told with its line over the dashboard that was: links that go in a circle', async () => {
    const page = await app.open('d/weather');
    await drawn(page, 'count');
    writeFileSync(file, configuration('{ wind: [warm], warm: [wind] }'));
    await page
      .getByText(/halftone\.yaml:6/u)
      .first()
      .waitFor();
    await page
      .getByText(/circle/u)
      .first()
      .waitFor();
    for (const id of ['wind', 'warm', 'count']) await drawn(page, id);
    writeFileSync(file, configuration('{}'));
    await page.getByText(/circle/u).waitFor({ state: 'detached' });
    await page.close();
  });

  test('on the way is told in its chart, and tried again on request: a frame that ends in its middle', async () => {
    const line = await shakyLine(app.url);
    line.mark = 'value';
    const page = await app.open('');
    await page.goto(`${line.url}d/weather`);
    const count = page.locator('[data-chart=count]');
    await count.getByText('The answer was cut off on its way.').waitFor();
    for (const id of ['wind', 'warm']) await drawn(page, id);
    const isCutAgain = page.waitForEvent('requestfailed');
    await count.getByRole('button', { name: 'Try again' }).click();
    await isCutAgain;
    await count.getByText('The answer was cut off on its way.').waitFor();
    line.mark = undefined;
    await count.getByRole('button', { name: 'Try again' }).click();
    await drawn(page, 'count');
    line.mark = 'histogram';
    await page.goto(`${line.url}explore/weather?mark=histogram&x=wind&bins=17`);
    await page.getByText('The answer was cut off on its way.').waitFor();
    await page.getByRole('gridcell').first().waitFor();
    line.mark = undefined;
    await page.getByRole('button', { name: 'Try again' }).click();
    await settled(page);
    await page.close();
    line.server.closeAllConnections();
    line.server.close();
  });

  test('is whole again by itself: a server that goes away and comes back', async () => {
    const page = await app.open('d/weather?f.wind=..');
    for (const id of ['wind', 'warm', 'count']) await drawn(page, id);
    await app.stopServer();
    const gone = page.getByRole('alert').filter({ hasText: 'What you see stays' });
    await gone.waitFor();
    for (const id of ['wind', 'warm', 'count']) await drawn(page, id);
    // What is asked meanwhile is refused in its own place.
    await page.locator('[data-chart=wind] .picture').press('+');
    await page.locator('[data-chart=wind]').getByText('The server cannot be reached.').waitFor();
    await app.startServer();
    await gone.waitFor({ state: 'detached' });
    for (const id of ['wind', 'warm', 'count']) await drawn(page, id);
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.close();
  });
});
