import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HalftoneChart } from '../../client/embed/elements.js';
import type * as embed from '../../client/embed/index.js';
import type { PlotlyFigure } from '../../client/embed/plotly/figure.js';
import { hasBrowser, startApp, type AppServer } from './app-page.js';

declare const client: typeof embed;

/** Ten rows; c rises with x, and the kinds have 60, 30 and 10 in `n`. */
const ROWS = Array.from({ length: 10 }, (_, i) => ({
  a: i + 0.5,
  b: 10 ** (i / 4),
  c: i * 10,
  kind: 'rrrggrrrrb'[i]!,
  n: 'rrrggrrrrb'[i] === 'g' ? 15 : i === 9 ? 10 : 60 / 7,
}));

const title = (text: string): object => ({ title: { text } });
/** As Plotly's Python packs a list of numbers. */
const packed = { dtype: 'f8', bdata: 'AAAAAAAA8D8=' };

type Rgb = [number, number, number];
const RED: Rgb = [255, 0, 0];
const WHITE: Rgb = [255, 255, 255];

describe.skipIf(!hasBrowser())('a figure of Plotly that is taken over', () => {
  let app: AppServer;
  let folder: string;
  let page: Page;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halftone-figures-'));
    const lines = ROWS.map(({ a, b, c, kind, n }) => [a, b, c, kind, n].join(','));
    writeFileSync(join(folder, 'few.csv'), `a,b,c,kind,n\n${lines.join('\n')}\n`);
    app = await startApp([join(folder, 'few.csv')], { webgl: false });
    page = await app.open('');
    await page.route('**/host', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><style>body { margin: 0 }</style><script type="module">
          import './embed/elements.js';
          import * as client from './embed/client.js';
          globalThis.client = client;
        </script>`,
      }),
    );
    await page.goto('host');
    await page.waitForFunction(() => 'client' in globalThis);
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Draws a figure, and gives the color of the screen where shares of the plot area are, from the low ends of the axes. */
  async function drawn(figure: PlotlyFigure) {
    const { notHonoured, link } = await page.evaluate((shown) => {
      const taken = client.fromPlotly(shown, {
        dataset: 'few',
        columns: ['a', 'b', 'c', 'kind', 'n'],
      });
      const chart = document.createElement('halftone-chart');
      chart.style.height = '500px';
      chart.src = `/${taken.link}`;
      chart.colors = taken.colors;
      document.body.replaceChildren(chart);
      return taken;
    }, figure);
    const chart = page.locator('halftone-chart');
    await page.locator('halftone-chart[data-state=exact]').waitFor();
    // The axes stand a little later.
    await chart.locator('.gl-container > .halftone-marks').first().waitFor({ state: 'attached' });
    const plot = (await chart.locator('.nsewdrag').boundingBox())!;
    const { width, data } = PNG.sync.read(await page.screenshot());
    const colorAt = (x: number, y: number, right = 0): Rgb => {
      const column = Math.round(plot.x + x * plot.width + right);
      const at = 4 * (Math.round(plot.y + (1 - y) * plot.height) * width + column);
      return [...data.subarray(at, at + 3)] as Rgb;
    };
    const status = await chart.evaluate((each: HalftoneChart) => each.status!.metadata!);
    return { notHonoured, link, colorAt, status, chart };
  }

  test.each(['scatter', 'scattergl'])(
    'a %s has its markers where the axes of the figure have them, as large, as opaque and in their color',
    async (type) => {
      const marker = { size: 20, opacity: 1, color: '#ff0000', symbol: 'cross' };
      const { notHonoured, colorAt, status } = await drawn({
        data: [{ type, mode: 'markers', x: packed, y: packed, marker }],
        layout: {
          xaxis: { ...title('a'), range: [0, 10] },
          yaxis: { ...title('b'), type: 'log', range: [-0.5, 3] },
        },
      });
      expect(notHonoured).toEqual(['marker.symbol: all markers are discs.']);
      expect(status.rows.drawn).toBe(10);
      for (const [i] of ROWS.entries()) {
        const place = [(i + 0.5) / 10, (i / 4 + 0.5) / 3.5] as const;
        expect(colorAt(...place), `row ${i}`).toEqual(RED);
        expect(colorAt(...place, 8), `row ${i}, within its disc`).toEqual(RED);
        expect(colorAt(...place, 12), `row ${i}, beside its disc`).not.toEqual(RED);
      }
      const half = await drawn({
        data: [
          { type, mode: 'markers', x: 'a', y: 'b', marker: { ...marker, opacity: 0.5, size: 20 } },
        ],
        layout: { xaxis: { range: [0, 10] }, yaxis: { range: [0, 200] } },
      });
      const [r, g, b] = half.colorAt(0.95, ROWS[9]!.b / 200);
      expect([r, Math.abs(g - 128) < 3, Math.abs(b - 128) < 3]).toEqual([255, true, true]);
    },
  );

  test('a number as color goes along the scale of the figure, from its low end to its high one', async () => {
    const marker = {
      size: 20,
      opacity: 1,
      color: packed,
      coloraxis: 'coloraxis',
    };
    const coloraxis = {
      colorbar: title('c'),
      colorscale: [
        [0, '#000000'],
        [1, 'rgb(0, 255, 0)'],
      ],
      cmax: 50,
    };
    const { notHonoured, colorAt, link } = await drawn({
      data: [{ type: 'scattergl', mode: 'markers', x: packed, y: packed, marker }],
      layout: {
        xaxis: { ...title('a'), range: [0, 10] },
        yaxis: { ...title('c'), range: [-10, 100] },
        coloraxis,
      },
    });
    expect(link).toContain('color=c');
    expect(notHonoured).toEqual([
      'layout.coloraxis.cmax: colors reach from the least number to the greatest.',
    ]);
    for (const [i, { c }] of ROWS.entries()) {
      const [r, g, b] = colorAt((i + 0.5) / 10, (c + 10) / 110);
      expect([r, b], `row ${i}`).toEqual([0, 0]);
      expect(Math.abs(g - (255 * i) / 9), `row ${i}`).toBeLessThan(3);
    }
  });

  test('a mode joins the rows by a line of its color, as wide as it is', async () => {
    const { notHonoured, link, colorAt, status, chart } = await drawn({
      data: [
        {
          type: 'scatter',
          mode: 'lines+markers',
          x: packed,
          y: packed,
          line: { color: '#ff0000', width: 12 },
        },
      ],
      layout: { xaxis: { ...title('a'), range: [0, 10] }, yaxis: title('c') },
    });
    expect(status).toMatchObject({ mark: 'line', rows: { drawn: 10 } });
    expect(notHonoured).toEqual(['mode: lines have no markers.']);
    expect(link).toContain('stroke=12');
    // Straight from the first row to the last, between the rows as well.
    const center = 0.5;
    for (const right of [0, 6, 12]) expect(colorAt(0.5, center, right), `${right}`).toEqual(RED);
    expect(colorAt(0.5, 0.8)).toEqual(WHITE);
    expect(colorAt(0.02, 0.05)).toEqual(WHITE);
    // An attribute goes before the link.
    const inked = (): Promise<number> =>
      chart.evaluate((element) => {
        const canvas = element.querySelector<HTMLCanvasElement>('.halftone-marks')!;
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((byte, at) => at % 4 === 3 && byte > 0).length;
      });
    const wide = await inked();
    await chart.evaluate((element) => element.setAttribute('stroke', '2'));
    await expect.poll(inked).toBeLessThan(wide / 3);
  });

  test('bins are as many, lie where the values are and have its color', async () => {
    const { notHonoured, link, status, colorAt } = await drawn({
      data: [
        {
          type: 'histogram',
          x: packed,
          nbinsx: 5,
          histfunc: 'sum',
          marker: { color: 'rgb(255, 0, 0)' },
        },
      ],
      layout: { xaxis: title('c'), yaxis: title('sum of n') },
    });
    expect(link).toBe('explore/few?mark=histogram&x=c&bins=5');
    expect(notHonoured).toEqual(['histfunc: bins are counts.']);
    expect(status.rows.drawn).toBe(10);
    expect(status.marks).toBe(5);
    // Two rows in each of five bins.
    for (const place of [0.1, 0.3, 0.5, 0.7, 0.9]) expect(colorAt(place, 0.5)).toEqual(RED);
    const lying = await drawn({
      data: [{ type: 'histogram', orientation: 'h', y: packed, nbinsy: 5 }],
      layout: { yaxis: title('c'), xaxis: title('count') },
    });
    expect(lying.link).toBe(link);
    expect(lying.notHonoured).toEqual(['orientation: bins stand on the x axis.']);
  });

  test('bars of the sum of each key are as long as it, in the color of the figure, standing or lying', async () => {
    const layout = { xaxis: title('kind'), yaxis: title('n'), barmode: 'relative' };
    const { colorAt, notHonoured, chart } = await drawn({
      data: [{ type: 'bar', x: ['r'], y: packed, marker: { color: '#f00' } }],
      layout,
    });
    expect(notHonoured).toEqual([]);
    expect(await chart.locator('.ytick').count()).toBe(3);
    // r is 60, g 30, b 10: the first at the top. Where the red ends, along the middle of each.
    const ends = [5, 3, 1].map((sixth) => {
      const line = Array.from({ length: 1000 }, (_, i) => colorAt(i / 1000, sixth / 6));
      return line.findLastIndex((color) => String(color) === String(RED));
    });
    expect(ends[1]! / ends[0]!).toBeCloseTo(0.5, 1);
    expect(ends[2]! / ends[0]!).toBeCloseTo(1 / 6, 1);
    const lying = await drawn({
      data: [{ type: 'bar', orientation: 'h', y: ['r'], x: packed }],
      layout: { xaxis: title('n'), yaxis: title('kind') },
    });
    expect(lying.link).toBe('explore/few?mark=bar&x=kind&y=n&agg=sum');
  });

  test.each(['histogram2d', 'heatmap'])(
    'the cells of a %s are in the scale of the figure',
    async (type) => {
      const { notHonoured, link, colorAt, status } = await drawn({
        data: [
          {
            type,
            x: packed,
            y: packed,
            z: packed,
            ...(type === 'heatmap' ? {} : { histfunc: 'avg', nbinsx: 7 }),
            colorscale: [
              [0, '#ff0000'],
              [1, '#0000ff'],
            ],
            colorbar: title(type === 'heatmap' ? 'c' : 'avg of c'),
          },
        ],
        layout: {
          xaxis: { ...title('a'), range: [0, 10] },
          yaxis: { ...title('c'), range: [-5, 95] },
        },
      });
      expect(link).toContain('explore/few?mark=heatmap&x=a&y=c&agg=mean&of=c');
      expect(notHonoured).toEqual(type === 'heatmap' ? [] : ['nbinsx: cells fit the picture.']);
      expect(status.rows.drawn).toBe(10);
      // The cell of a row holds it alone.
      for (const i of [0, 9]) {
        const found = Array.from({ length: 21 }, (_, step) =>
          colorAt((i + 0.5) / 10, (i * 10 + 5) / 100, step - 10),
        );
        const wanted = i === 0 ? RED : [0, 0, 255];
        expect(found.map(String), `row ${i}`).toContain(String(wanted));
      }
    },
  );

  test('lists whatever of it has no counterpart, and draws the rest', async () => {
    const { notHonoured, status } = await drawn({
      data: [
        {
          type: 'scatter',
          mode: 'markers+text',
          x: 'a',
          y: 'missing',
          text: ['<img src=x onerror=alert(1)>'],
          marker: { size: [1, 2], color: 'papayawhip', colorscale: 'Rainbow' },
        },
        { type: 'bar', x: 'a', y: 'b' },
      ],
      layout: {
        xaxis: { range: [9, 0], tickformat: '.2f' },
        yaxis: { autorange: 'reversed' },
        annotations: [{ text: 'here' }],
        barmode: 'group',
      },
    });
    const parts = notHonoured.map((sentence) => sentence.slice(0, sentence.indexOf(':')));
    expect(parts.toSorted()).toEqual(
      [
        'mode',
        'text',
        'y',
        'y',
        'marker.size',
        'marker.color',
        'colorscale',
        'data',
        'xaxis.range',
        'layout.xaxis.tickformat',
        'yaxis.autorange',
        'layout.annotations',
        'marker.color',
      ].toSorted(),
    );
    expect(notHonoured).toContain('y: the dataset has no column "missing".');
    expect(status.rows.matched).toBe(10);
  });

  test('styles a chart of the typed client, with a theme that has its colors', async () => {
    const colors = await page.evaluate(async () => {
      const { fromPlotly, createChart, createClient, LIGHT } = client;
      const taken = fromPlotly(
        {
          data: [
            {
              type: 'scattergl',
              mode: 'markers',
              x: 'a',
              y: 'c',
              marker: { size: 24, opacity: 1, color: '#ff0000' },
            },
          ],
        },
        { dataset: 'few' },
      );
      const host = document.createElement('div');
      host.style.height = '400px';
      document.body.replaceChildren(host);
      const { frame } = createClient({ server: location.origin });
      const chart = createChart(host, { ask: frame, theme: { ...LIGHT, ...taken.colors } });
      chart.update({
        query: { dataset: 'few', mark: 'scatter', x: 'a', y: 'c' },
        style: taken.style,
      });
      while (host.dataset['state'] !== 'exact') await new Promise(requestAnimationFrame);
      const canvas = host.querySelector('canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let [red, other] = [0, 0];
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3]! < 255) continue;
        if (data[i] === 255 && data[i + 1] === 0) red++;
        else other++;
      }
      return { red, other };
    });
    // Ten discs of radius 12, those at the ends cut by the axes at most.
    expect(colors.red).toBeGreaterThan(8 * Math.PI * 11 ** 2);
    expect(colors.red).toBeLessThan(10 * Math.PI * 13 ** 2);
    expect(colors.other).toBe(0);
  });
});
