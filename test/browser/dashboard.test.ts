import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, hasBrowser, sample, startApp, type AppServer } from './app-page.js';
import { faultsOf } from './axe-faults.js';

const WEATHER = join(import.meta.dirname, '..', '..', 'data', 'seattle-weather.csv');

const configuration = (delays: string): string => `version: 1
datasets:
  flights: { files: ${JSON.stringify(sample('flights-200k.arrow'))} }
  weather: { files: ${JSON.stringify(WEATHER)} }
dashboards:
  flights:
    title: "Flights <img src=x onerror=alert(1)>"
    filters:
      - { column: distance, label: Distance, value: 0..2000 }
    linkedAxes: [[delays.x, map.y]]
    pages:
      - title: Delays
        items:
          - text: "# Delays\\n\\n**Every** <b>flight</b> [there](javascript:alert(1)) is"
          - { id: delays, title: Delays, span: 4, height: 6, chart: { dataset: flights, mark: histogram, x: ${delays} } }
          - { id: map, span: 4, height: 6, chart: { dataset: flights, mark: scatter, x: distance, y: delay } }
          - { id: count, span: 4, height: 6, chart: { dataset: flights, mark: value } }
          - { id: wrong, span: 4, height: 6, chart: { dataset: flights, x: dely } }
          - { id: far, span: 12, height: 40, chart: { dataset: weather, mark: rows } }
          - { id: last, span: 12, height: 8, chart: { dataset: flights, mark: heatmap, x: time, y: delay } }
      - title: Weather
        items:
          - { id: kinds, chart: { dataset: weather, mark: bar, x: weather, color: weather } }
          - { id: rain, chart: { dataset: weather, mark: histogram, x: precipitation } }
          - { id: seasons, chart: { dataset: weather, mark: bar, x: date } }
  narrow:
    filters:
      - { column: weather, label: Weather }
      - { column: wind, label: Wind }
    items:
      - { id: kinds, title: Kinds, chart: { dataset: weather, mark: bar, x: weather } }
      - { id: rain, chart: { dataset: weather, mark: histogram, x: precipitation } }
  cells:
    items:
      - { id: cells, span: 8, chart: { dataset: weather, mark: heatmap, x: weather, y: temp_max } }
      - { id: rain, span: 4, chart: { dataset: weather, mark: histogram, x: precipitation } }
`;

/** The question in the address of a frame, or the address. */
function decodeQuestion(url: string): string {
  const question = new URL(url).searchParams.get('q');
  return question === null ? url : Buffer.from(question, 'base64url').toString();
}

const stateOf = (page: Page, id: string): Promise<string | null> =>
  page.locator(`[data-chart=${id}] [data-state]`).first().getAttribute('data-state');
const matchedOf = async (page: Page, id: string): Promise<number> =>
  Number(
    await page.locator(`[data-chart=${id}] [data-matched]`).first().getAttribute('data-matched'),
  );
const drawn = (page: Page, id: string): Promise<void> =>
  page.locator(`[data-chart=${id}] [data-state=exact]`).first().waitFor();

describe.skipIf(!hasBrowser())('a dashboard', () => {
  let app: AppServer;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halftone-dashboard-'));
    file = join(folder, 'halftone.yaml');
    await writeFile(file, configuration('delay'));
    app = await startApp(['--config', file]);
  });
  afterAll(async () => {
    await app?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('shows its charts with the filters that they share, each wrong one with the reason, and keeps all of it in the address', async () => {
    const page = await app.open('');
    await page.getByRole('link', { name: /^Flights <img/u }).click();
    await drawn(page, 'delays');
    await drawn(page, 'map');
    await drawn(page, 'count');
    await expect.poll(() => addressOf(page)).toBe('d/flights');
    // What is written is text.
    await page.getByRole('heading', { name: 'Flights <img src=x onerror=alert(1)>' }).waitFor();
    expect(await page.locator('.text-block').innerText()).toBe(
      'Delays\n\nEvery <b>flight</b> [there](javascript:alert(1)) is',
    );
    // It has the room that it needs above the charts.
    const below = (await page.locator('[data-chart=delays]').boundingBox())!;
    const text = (await page.locator('.text-block').boundingBox())!;
    expect(text.y + text.height).toBeLessThan(below.y);
    await page.getByText('"flights" has no column "dely". Did you mean "delay"?').waitFor();
    await page.getByText('halftone.yaml:18').waitFor();
    // A chart that nobody sees waits.
    expect(await page.locator('[data-chart=last] [data-state]').count()).toBe(0);
    const all = 200_000;
    const near = await matchedOf(page, 'count');
    expect(near).toBeLessThan(all);
    expect(await matchedOf(page, 'delays')).toBe(near);

    await page.getByRole('button', { name: /^Distance/u }).click();
    await page.getByLabel('distance to', { exact: true }).fill('500');
    await page.getByLabel('distance to', { exact: true }).press('Enter');
    await expect.poll(() => addressOf(page)).toBe('d/flights?f.distance=0..500');
    await expect.poll(() => matchedOf(page, 'count')).toBeLessThan(near);
    const short = await matchedOf(page, 'count');
    await expect.poll(() => matchedOf(page, 'map')).toBe(short);
    await page.getByRole('button', { name: 'All of Distance' }).click();
    await expect.poll(() => addressOf(page)).toBe('d/flights?f.distance=..');
    await expect.poll(() => matchedOf(page, 'count')).toBe(all);
    await page.goBack();
    await expect.poll(() => matchedOf(page, 'count')).toBe(short);

    await page.keyboard.press('Escape');
    // A chart that is zoomed is fitted by its menu, or by the key while it has the focus.
    const fitted = addressOf(page);
    const map = page.locator('[data-chart=map]');
    for (const fit of [
      () => map.locator('.picture').press('0'),
      async () => {
        await map.locator('.cell-head button').click();
        await page.getByRole('button', { name: 'Fit', exact: true }).click();
      },
    ]) {
      await drawn(page, 'map');
      await map.locator('.picture').press('+');
      await expect.poll(() => addressOf(page)).toContain('xr.map=');
      // An axis that is linked goes along.
      const [, ends] = /yr\.map=([^&]+)/u.exec(addressOf(page)) ?? [];
      expect(ends).toBeDefined();
      await expect.poll(() => addressOf(page)).toContain(`xr.delays=${ends}`);
      await fit();
      await expect.poll(() => addressOf(page)).toBe(fitted);
    }
    await page.getByRole('link', { name: 'Weather' }).click();
    await drawn(page, 'kinds');
    await expect.poll(() => addressOf(page)).toBe('d/flights/weather?f.distance=0..500');
    const first = page.locator('[data-chart=kinds] .legend button').first();
    await first.click();
    await expect.poll(() => addressOf(page)).toContain('hide.kinds=');
    await first.click();
    await expect.poll(() => addressOf(page)).not.toContain('hide.kinds=');
    // By keys alone: Enter hides, Shift with it shows alone, and undo brings back; nothing is asked anew.
    const pressed = async (): Promise<(string | null)[]> =>
      Promise.all(
        (await page.locator('[data-chart=kinds] .legend button').all()).map((each) =>
          each.getAttribute('aria-pressed'),
        ),
      );
    await drawn(page, 'rain');
    const whole = await pressed();
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.includes('/frame')) asked.push(pathname);
    });
    await first.press('Enter');
    await expect.poll(pressed).toEqual(whole.map((_, at) => String(at !== 0)));
    await first.press('Enter');
    await expect.poll(pressed).toEqual(whole);
    await first.press('Shift+Enter');
    await expect.poll(pressed).toEqual(whole.map((_, at) => String(at === 0)));
    await page.keyboard.press('Control+z');
    await expect.poll(pressed).toEqual(whole);
    expect(asked).toEqual([]);
    await first.click({ modifiers: ['Control'] });
    await expect.poll(() => addressOf(page)).toContain('f.weather=');
    await expect.poll(() => matchedOf(page, 'rain')).toBeLessThan(1461);
    await page.close();
  });

  test('moves the lines of all charts that wait together: each step has the browser draw the page', async () => {
    const page = await app.open('');
    // Frames that never come.
    await page.route('**/api/v1/frame*', () => undefined);
    await page.getByRole('link', { name: /^Flights <img/u }).click();
    const lines = page.locator('.picture-wait');
    await expect.poll(() => lines.count()).toBeGreaterThan(1);
    /** Where the lines are: one place, when they are together. */
    const places = () =>
      lines.evaluateAll((all) => [
        ...new Set(all.map((line) => (line.firstElementChild as HTMLElement).style.transform)),
      ]);
    const together = expect.stringMatching(/^translateX/u) as string;
    await expect.poll(places).toEqual([together]);
    const before = await places();
    await expect
      .poll(async () => {
        const now = await places();
        return now.length === 1 && now[0] !== before[0];
      })
      .toBe(true);
    // An animation has the browser draw at each refresh of the display.
    const animations = await lines.evaluateAll((all) =>
      all.map((line) => line.getAnimations({ subtree: true }).length),
    );
    expect(new Set(animations)).toEqual(new Set([0]));
    // Who wants no motion has lines that stand still, for three steps of the others.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.reload();
    await expect.poll(() => lines.count()).toBeGreaterThan(1);
    await page.waitForFunction((from) => Date.now() > from + 1200, Date.now());
    expect(await places()).toEqual(['']);
    await page.close();
  });

  test('filters the other charts while a person selects in one, without a question for those that add up', async () => {
    const page = await app.open('d/flights?f.distance=..');
    await drawn(page, 'delays');
    await drawn(page, 'map');
    await drawn(page, 'count');
    const all = await matchedOf(page, 'count');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(decodeQuestion(request.url())));
    const box = (await page.locator('[data-chart=delays] .picture').boundingBox())!;
    const at = (x: number): [number, number] => [box.x + box.width * x, box.y + box.height * 0.5];
    await page.keyboard.down('Shift');
    await page.mouse.move(...at(0.3));
    await page.mouse.down();
    await page.mouse.move(...at(0.35));
    await expect.poll(() => asked.filter((url) => url.includes('/cubes')).length).toBe(1);
    await expect.poll(() => matchedOf(page, 'count')).toBeLessThan(all);
    // Moves on until the number is another, and tells how often it was asked for.
    const step = async (x: number): Promise<number> => {
      const before = asked.length;
      const last = await matchedOf(page, 'count');
      await page.mouse.move(...at(x));
      await expect.poll(() => matchedOf(page, 'count')).not.toBe(last);
      return asked.slice(before).filter((question) => question.includes('"mark":"value"')).length;
    };
    // The cubes are there when the brush asks nothing more for the number: an answer to the step before may come in one.
    let x = 0.35;
    const next = (): number => (x = x >= 0.5 ? 0.36 : x + 0.02);
    await expect.poll(async () => (await step(next())) + (await step(next()))).toBe(0);
    for (const to of [0.55, 0.7, 0.5, 0.6]) expect(await step(to)).toBe(0);
    await expect.poll(() => addressOf(page)).toBe('d/flights?f.distance=..');
    const shown = await matchedOf(page, 'count');
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await expect.poll(() => addressOf(page)).toContain('s.delays=[{"op":"range","column":"delay"');
    await drawn(page, 'count');
    const released = await matchedOf(page, 'count');
    // A brush moves by whole cells, a selection does not.
    expect(Math.abs(released - shown)).toBeLessThan(all / 100);
    await expect.poll(() => matchedOf(page, 'map')).toBe(released);
    // The chart that was selected in shows all rows still.
    expect(await matchedOf(page, 'delays')).toBe(all);
    await page.getByRole('listitem').filter({ hasText: 'Delays delay' }).waitFor();
    await page.goBack();
    await expect.poll(() => matchedOf(page, 'count')).toBe(all);
    await page.goForward();
    await expect.poll(() => matchedOf(page, 'count')).toBe(released);
    await page.getByRole('button', { name: 'Clear the selection in Delays' }).click();
    await expect.poll(() => matchedOf(page, 'count')).toBe(all);
    await expect.poll(() => addressOf(page)).toBe('d/flights?f.distance=..');
    await page.close();
  });

  test('draws in the other charts the rows that a selection keeps, as a page does that begins with it', async () => {
    const page = await app.open('d/flights?f.distance=..');
    const picture = (of: Page): Promise<string> =>
      of
        .locator('[data-chart=map] .halftone-marks')
        .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    for (const id of ['delays', 'map', 'count']) await drawn(page, id);
    const all = await picture(page);
    const box = (await page.locator('[data-chart=delays] .nsewdrag').boundingBox())!;
    const at = (x: number): [number, number] => [box.x + box.width * x, box.y + box.height * 0.5];
    const asked: string[] = [];
    page.on('request', (request) => asked.push(decodeQuestion(request.url())));
    const questions = (): number =>
      asked.filter((question) => question.includes('"mark":"scatter"')).length;
    await page.keyboard.down('Shift');
    await page.mouse.move(...at(0.3));
    await page.mouse.down();
    // Waits for another picture of the rows to `x`, and tells how often it was asked for.
    const step = async (x: number): Promise<number> => {
      const [before, last] = [questions(), await picture(page)];
      await page.mouse.move(...at(x));
      await expect.poll(() => picture(page)).not.toBe(last);
      return questions() - before;
    };
    // The cubes are there when nothing more is asked: an answer to the step before may come in one.
    // Each step goes to an end of its own, which nothing was asked for before.
    let x = 0.31;
    const next = (): number => (x += x > 0.55 ? -0.2407 : 0.0137);
    await expect.poll(async () => (await step(next())) + (await step(next()))).toBe(0);
    expect(await picture(page)).not.toBe(all);
    // By whole cells the last step was answered; where the brush ends is asked for, though it stood there.
    const before = questions();
    await page.mouse.up();
    await expect.poll(questions).toBeGreaterThan(before);
    await page.keyboard.up('Shift');
    await expect.poll(() => addressOf(page)).toContain('s.delays=');
    const other = await app.open(page.url());
    await drawn(other, 'map');
    const kept = await matchedOf(other, 'map');
    expect(kept).toBeLessThan(200_000);
    await expect.poll(() => matchedOf(page, 'map')).toBe(kept);
    await drawn(page, 'map');
    const filtered = await picture(other);
    expect(filtered).not.toBe(all);
    await expect.poll(() => picture(page)).toBe(filtered);
    await page.getByRole('button', { name: 'Clear the selection in Delays' }).click();
    await expect.poll(() => picture(page)).toBe(all);
    await Promise.all([page, other].map((each) => each.close()));
  });

  test('filters the other charts by a lasso, at every step and by the very rows inside', async () => {
    const page = await app.open('d/flights?f.distance=..');
    for (const id of ['delays', 'map', 'count']) await drawn(page, id);
    const all = await matchedOf(page, 'count');
    const map = page.locator('[data-chart=map]');
    await map.locator('.nsewdrag').waitFor({ state: 'attached' });
    await map.locator('.cell-head button').click();
    await page.getByRole('button', { name: 'Select by lasso' }).click();
    const box = (await map.locator('.halftone-marks').boundingBox())!;
    const at = (x: number, y: number): [number, number] => [
      box.x + box.width * x,
      box.y + box.height * y,
    ];
    await page.mouse.move(...at(0.1, 0.9));
    await page.mouse.down();
    await page.mouse.move(...at(0.5, 0.3), { steps: 5 });
    await page.mouse.move(...at(0.7, 0.8), { steps: 5 });
    await expect.poll(() => matchedOf(page, 'count')).toBeLessThan(all);
    await page.mouse.up();
    await expect.poll(() => addressOf(page)).toContain('s.map=[{"op":"polygon"');
    const { s } = /s\.map=(?<s>\[.*?\}\])/u.exec(addressOf(page))!.groups!;
    const [{ points }] = JSON.parse(s!) as [{ points: [number, number][] }];
    expect(points.length).toBeGreaterThan(2);
    /** Even-odd: how often a ray to the right meets an edge. */
    const isInside = (x: number, y: number): boolean => {
      let is = false;
      points.forEach(([x1, y1], i) => {
        const [x2, y2] = points.at(i - 1)!;
        if (y1 > y !== y2 > y && x < x1 + ((x2 - x1) * (y - y1)) / (y2 - y1)) is = !is;
      });
      return is;
    };
    const table = tableFromIPC(readFileSync(sample('flights-200k.arrow')));
    const [distance, delay] = ['distance', 'delay'].map((name) => table.getChild(name).toArray());
    let rows = 0;
    for (let i = 0; i < table.numRows; i++) if (isInside(distance![i], delay![i])) rows++;
    expect(rows).toBeGreaterThan(1000);
    for (const id of ['count', 'delays']) await expect.poll(() => matchedOf(page, id)).toBe(rows);
    expect(await matchedOf(page, 'map')).toBe(all);
    await page.reload();
    await drawn(page, 'count');
    await expect.poll(() => matchedOf(page, 'count')).toBe(rows);
    // A drag moves the axes again, where a person says so.
    await map.locator('.cell-head button').click();
    await page.getByRole('button', { name: 'Select by lasso' }).click();
    await map.locator('.cell-head button').click();
    await page.getByRole('button', { name: 'Move by a drag' }).click();
    await page.mouse.move(...at(0.8, 0.2));
    await page.mouse.down();
    await page.mouse.move(...at(0.9, 0.3), { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => addressOf(page)).toContain('xr.map=');
    await page.close();
  });

  test('filters the other charts by a click on a bar of a calendar, or by its keys', async () => {
    const page = await app.open('d/flights/weather?f.distance=..');
    for (const id of ['rain', 'seasons']) await drawn(page, id);
    const bars = page.locator('[data-chart=seasons]');
    await bars.getByRole('heading', { name: 'Rows per quarter' }).waitFor();
    await bars.locator('.ytick').first().waitFor({ state: 'attached' });
    // They are as long as their counts, up to 92.
    const ticks = await bars.locator('.xtick text').allTextContents();
    expect(ticks[0]).toBe('0');
    expect(Math.max(...ticks.map(Number))).toBeGreaterThan(60);
    const plot = (await bars.locator('.nsewdrag').boundingBox())!;
    const seasons = 16;
    const click = (season: number): Promise<void> =>
      page.mouse.click(plot.x + 40, plot.y + (plot.height * (season + 0.5)) / seasons);
    await click(0);
    // January to March of a leap year.
    await expect.poll(() => matchedOf(page, 'rain')).toBe(91);
    await expect
      .poll(() => addressOf(page))
      .toContain('"min":"2012-01-01","max":"2012-04-01","maxExclusive":true}]');
    expect(await matchedOf(page, 'seasons')).toBe(1461);
    await click(0);
    await expect.poll(() => matchedOf(page, 'rain')).toBe(1461);
    await page.mouse.move(plot.x + 40, plot.y + plot.height / seasons / 2);
    await bars.locator('.picture').press('s');
    await bars.locator('.picture').press('ArrowDown');
    await bars.locator('.picture').press('Enter');
    await expect.poll(() => addressOf(page)).toContain('"min":"2012-04-01","max":"2012-07-01"');
    await expect.poll(() => matchedOf(page, 'rain')).toBe(91);
    await page.close();
  });

  test('follows the configuration, and keeps the last valid one with the error in sight', async () => {
    const page = await app.open('d/flights');
    await drawn(page, 'delays');
    await writeFile(file, configuration('delay').replace('mark: value', 'mark: valeu'));
    await page.getByText(/halftone\.yaml:17:\d+: "mark" has to be/u).waitFor();
    expect(await stateOf(page, 'count')).toBe('exact');
    await writeFile(file, configuration('distance'));
    await page.locator('[data-chart=delays]').getByText('distance', { exact: true }).waitFor();
    expect(await page.getByText('is not valid now').count()).toBe(0);
    await writeFile(file, configuration('delay'));
    await page.close();
  });

  test('shows nothing but the charts on a wall, and is taken away as it is shown', async () => {
    const page = await app.open('d/flights?kiosk=1&cycle=5&f.distance=0..500');
    await drawn(page, 'delays');
    expect(await page.locator('.header').isVisible()).toBe(false);
    expect(await page.getByRole('group', { name: 'Filters' }).count()).toBe(0);
    // The page turns by itself, which is no step of the history.
    await drawn(page, 'kinds');
    await expect
      .poll(() => addressOf(page))
      .toBe('d/flights/weather?f.distance=0..500&kiosk=1&cycle=5');
    await page.keyboard.press('Escape');
    await expect
      .poll(() => addressOf(page))
      .toMatch(/^d\/flights(\/weather)?\?f\.distance=0\.\.500$/u);
    await page.getByRole('button', { name: 'Menu of the dashboard' }).click();
    await page.getByRole('button', { name: 'Save as YAML…' }).click();
    const text = await page.getByLabel('For halftone.yaml', { exact: true }).innerText();
    expect(text).toContain('value: "0..500"');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Menu of the dashboard' }).click();
    await page.getByRole('button', { name: 'Links…' }).click();
    const pinned = await page
      .getByLabel(/^Pinned/u)
      .last()
      .innerText();
    expect(pinned).toMatch(/snap\.flights=.+snap\.weather=/u);
    await page.close();
  });

  test.each([false, true])('has nothing that axe finds serious, dark: %s', async (dark) => {
    const selection = encodeURIComponent(
      '[{"op":"range","column":"precipitation","min":0,"max":5}]',
    );
    const page = await app.open(`d/flights/weather?s.rain=${selection}`, { dark });
    await drawn(page, 'kinds');
    await page
      .getByRole('button', { name: /^Clear the selection in Distribution of precipitation/u })
      .waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: /^Menu of Rows by weather/u }).click();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Compare…' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.close();
  });

  test('on a small screen keeps what it opens inside the window, and an enlarged chart within its height', async () => {
    const page = await app.open('d/narrow', { width: 390 });
    await drawn(page, 'kinds');
    await page.getByRole('button', { name: 'Wind' }).click();
    const list = await page.locator('.menu-list').boundingBox();
    expect(list!.x).toBeGreaterThanOrEqual(0);
    expect(list!.x + list!.width).toBeLessThanOrEqual(390);
    expect(await page.locator('.dashboard').evaluate((main) => main.scrollLeft)).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Menu of Kinds' }).click();
    await page.getByRole('button', { name: 'Enlarge' }).click();
    const large = page.locator('.grid-item.large');
    await large.waitFor();
    const beyond = (main: Element): number => main.scrollHeight - main.clientHeight;
    await expect.poll(() => page.locator('.dashboard').evaluate(beyond)).toBe(0);
    expect((await large.boundingBox())!.height).toBeGreaterThanOrEqual(300);
    await page.close();
  });

  test('that is not there says what is', async () => {
    const page = await app.open('d/flihgts');
    await page.getByText('Did you mean "flights"?').waitFor();
    await page.getByRole('button', { name: 'See what there is' }).click();
    await page.getByRole('heading', { name: 'Dashboards' }).waitFor();
    await page.close();
  });

  test('a cell of a heatmap of text filters the others by its category, and links keep it', async () => {
    const page = await app.open('d/cells');
    await drawn(page, 'cells');
    await drawn(page, 'rain');
    const marks = page.locator('[data-chart=cells] .gl-container > .halftone-marks');
    const box = (await marks.boundingBox())!;
    // The weather of most days stands at the left.
    const place = [box.x + box.width * 0.1, box.y + box.height * 0.5] as const;
    await page.mouse.move(...place);
    const card = await page.locator('.card-hover').innerText();
    const [, kind] = /weather\s+(\w+)/u.exec(card)!;
    const rows = Number(/([\d,]+) rows?/u.exec(card)![1]!.replaceAll(',', ''));
    expect(rows).toBeGreaterThan(0);
    await page.mouse.click(...place);
    await expect.poll(() => matchedOf(page, 'rain')).toBe(rows);
    await expect
      .poll(() => decodeURIComponent(addressOf(page)))
      .toContain(`{"op":"in","column":"weather","values":["${kind}"]}`);
    await page.reload();
    await drawn(page, 'cells');
    await expect.poll(() => matchedOf(page, 'rain')).toBe(rows);
    await page.locator('[data-chart=cells] .halftone-selection').waitFor({ state: 'attached' });
    await page.close();
  });
});
