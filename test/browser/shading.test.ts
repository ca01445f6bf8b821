import type { Page, Request } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Query } from '../../protocol/query.js';
import { addressOf, hasBrowser, sample, settled, startApp, type AppServer } from './app-page.js';

const SCATTER = 'explore/flights-3m?mark=scatter&x=distance&y=delay';

/** The colors that stand on the canvas of the marks, but for what is clear. */
async function colorsOf(page: Page): Promise<Set<number>> {
  const address = await page
    .locator('.halftone-marks')
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const { data } = PNG.sync.read(Buffer.from(address.split(',')[1]!, 'base64'));
  const colors = new Set<number>();
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3]! > 0) colors.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
  return colors;
}

/** What a request asks for; the table asks for its rows when the picture is there. */
function queryOf(request: Request): Query | undefined {
  const query = new URL(request.url()).searchParams.get('q');
  return query === null
    ? undefined
    : (JSON.parse(Buffer.from(query, 'base64url').toString()) as Query);
}

describe.skipIf(!hasBrowser())('how a picture is painted', () => {
  let app: AppServer;
  beforeAll(async () => {
    app = await startApp([sample('flights-3m.parquet'), sample('seattle-weather.csv')]);
  });
  afterAll(() => app?.close());

  test('size, opacity, color scale and palette of a scatter are chosen without a question', async () => {
    const page = await app.open(SCATTER);
    await settled(page);
    const host = page.locator('.picture-host');
    const usual = Number(await host.getAttribute('data-opacity'));
    let frames = 0;
    page.on('request', (request) => {
      if (queryOf(request)?.mark === 'scatter') frames++;
    });

    // A row of one color, whose opacity follows from how many there are.
    const size = page.getByRole('slider', { name: 'Size' });
    expect(await size.getAttribute('aria-valuetext')).toBe('fits the rows');
    await size.focus();
    await size.press('Home');
    await size.press('ArrowRight');
    await expect.poll(() => host.getAttribute('data-radius')).toBe('1');
    await expect.poll(() => addressOf(page)).toBe(`${SCATTER}&size=1`);
    await page.getByRole('slider', { name: 'Opacity' }).fill('-1');
    await expect.poll(() => host.getAttribute('data-opacity')).toBe('0.1');
    await expect.poll(() => addressOf(page)).toBe(`${SCATTER}&size=1&opacity=0.1`);
    await page.getByRole('button', { name: 'Opacity: fit the rows' }).click();
    await page.getByRole('button', { name: 'Size: fit the rows' }).click();
    await expect.poll(async () => Number(await host.getAttribute('data-opacity'))).toBe(usual);
    await expect.poll(() => addressOf(page)).toBe(SCATTER);

    // Counts as colors: the ramp says how, and with which numbers.
    const shade = page.getByLabel('Shade', { exact: true });
    const ramp = page.locator('.picture-host .halftone-ramp');
    for (const [choice, title] of [
      ['linear', 'rows (linear)'],
      ['log', 'rows (log)'],
      ['equal', 'rows (equalised)'],
    ] as const) {
      await shade.selectOption(choice);
      await expect.poll(() => host.getAttribute('data-shade')).toBe(choice);
      await expect.poll(() => ramp.textContent()).toContain(title);
      expect(await host.getAttribute('data-state')).toBe('exact');
    }
    await expect.poll(() => addressOf(page)).toBe(`${SCATTER}&shade=equal`);
    const viridis = await colorsOf(page);
    expect(viridis.size).toBeGreaterThan(100);
    await page.getByLabel('Palette', { exact: true }).selectOption('Magma');
    await expect
      .poll(async () => [...(await colorsOf(page))].every((each) => viridis.has(each)))
      .toBe(false);
    await expect.poll(() => addressOf(page)).toBe(`${SCATTER}&shade=equal&palette=magma`);
    expect(frames).toBe(0);

    // A drag of the slider is one step: Back goes over each choice once.
    await page.goBack();
    await expect.poll(() => addressOf(page)).toBe(`${SCATTER}&shade=equal`);
    await shade.selectOption('By opacity');
    await expect.poll(() => addressOf(page)).toBe(SCATTER);
    await expect.poll(() => ramp.count()).toBe(0);
    await page.close();
  });

  test('a link shows its shades at once, a color takes their place, and a heatmap has its own usual scale', async () => {
    const page = await app.open(`${SCATTER}&shade=log&palette=blues`);
    await settled(page);
    const host = page.locator('.picture-host');
    expect(await host.getAttribute('data-shade')).toBe('log');
    await page.getByLabel('Color', { exact: true }).selectOption('origin');
    await expect.poll(() => host.getAttribute('data-shade')).toBeNull();
    expect(await page.getByLabel('Shade', { exact: true }).count()).toBe(0);
    await page.goto('explore/flights-3m?mark=heatmap&x=distance&y=delay');
    await settled(page);
    expect(await host.getAttribute('data-shade')).toBe('log');
    await page.getByLabel('Shade', { exact: true }).selectOption('Colors, equalised');
    await expect.poll(() => host.getAttribute('data-shade')).toBe('equal');
    await page.getByLabel('Shade', { exact: true }).selectOption('Colors, log');
    await expect
      .poll(() => addressOf(page))
      .toBe('explore/flights-3m?mark=heatmap&x=distance&y=delay');
    await page.close();
  });

  test('a line is as wide as a person chooses: rows are asked for anew, means are not, and 1.5 is in no address', async () => {
    const address = 'explore/seattle-weather?mark=line&x=date&y=temp_max';
    const page = await app.open(address);
    await settled(page);
    const host = page.locator('.picture-host');
    const inkOf = (): Promise<number> =>
      page.locator('.halftone-marks').evaluate((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const copy = new OffscreenCanvas(width, height).getContext('2d')!;
        copy.drawImage(canvas as HTMLCanvasElement, 0, 0);
        const { data } = copy.getImageData(0, 0, width, height);
        return data.reduce((sum, byte, at) => (at % 4 === 3 ? sum + byte / 255 : sum), 0);
      });
    const asked: (number | undefined)[] = [];
    page.on('request', (request) => {
      const query = queryOf(request);
      if (query?.mark === 'line') asked.push(query.stroke);
    });
    for (const [bin, strokes] of [
      ['&bin=week&band=no', []],
      ['&bin=none', [6]],
    ] as const) {
      await page.goto(address + bin);
      await settled(page);
      const width = page.getByRole('slider', { name: 'Line width' });
      expect(await width.inputValue()).toBe('1.5');
      const usual = await inkOf();
      asked.length = 0;
      await width.fill('6');
      await expect.poll(() => addressOf(page)).toBe(`${address}${bin}&stroke=6`);
      await expect.poll(inkOf).toBeGreaterThan(2 * usual);
      await expect.poll(() => host.getAttribute('data-state')).toBe('exact');
      expect(asked).toEqual(strokes);
      const wide = await inkOf();
      await page.reload();
      await settled(page);
      expect(await inkOf()).toBe(wide);
      await page.getByRole('slider', { name: 'Line width' }).fill('1.5');
      await expect.poll(() => addressOf(page)).toBe(address + bin);
      await expect.poll(inkOf).toBe(usual);
      await page.goBack();
      await expect.poll(() => addressOf(page)).toBe(`${address}${bin}&stroke=6`);
      await page.getByRole('button', { name: 'Line width: as usual: 1.5' }).click();
      await expect.poll(inkOf).toBe(usual);
    }
    await page.close();
  });

  test('a number as color diverges from the middle that a person chooses; the legend tells it, and nothing is asked', async () => {
    const colored = `${SCATTER}&color=delay`;
    const page = await app.open('');
    const widths = new Set<unknown>();
    let frames = 0;
    page.on('request', (request) => {
      const query = queryOf(request);
      if (query?.mark !== 'scatter') return;
      frames++;
      widths.add(query.width);
    });
    await page.goto(colored);
    await settled(page);
    // The legend has its room from the start: the picture is asked for at one width.
    expect(widths.size).toBe(1);
    frames = 0;
    const legend = page.getByRole('complementary', { name: 'Color: delay' });
    const viridis = await colorsOf(page);
    await page.getByLabel('Palette', { exact: true }).selectOption({ label: 'Orange–blue' });
    await expect.poll(() => addressOf(page)).toBe(`${colored}&palette=diverging`);
    const numbers = async (): Promise<string[]> =>
      legend.locator('.ramp-ends span').allInnerTexts();
    // Delays are before and after zero: it is in the middle until somebody says otherwise.
    await expect.poll(async () => (await numbers())[1]).toBe('0');
    await expect
      .poll(async () => [...(await colorsOf(page))].every((each) => viridis.has(each)))
      .toBe(false);
    const aroundZero = await colorsOf(page);
    const middle = page.getByLabel('Middle', { exact: true });
    await middle.fill('-60');
    await middle.press('Enter');
    await expect.poll(() => addressOf(page)).toBe(`${colored}&palette=diverging&middle=-60`);
    await expect.poll(async () => (await numbers())[1]).toBe('−60');
    await expect
      .poll(async () => [...(await colorsOf(page))].every((each) => aroundZero.has(each)))
      .toBe(false);
    expect([frames, widths.size]).toEqual([0, 1]);
    // The address keeps it, zero too; another column begins anew.
    await page.goto(`${colored}&palette=diverging&middle=0`);
    await settled(page);
    expect(await page.getByLabel('Middle', { exact: true }).inputValue()).toBe('0');
    await page.getByLabel('Color', { exact: true }).selectOption('distance');
    await expect.poll(() => addressOf(page)).toBe(`${SCATTER}&color=distance&palette=diverging`);
    await page.close();
  });
});
