import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Page } from 'playwright-core';

/** Where the page finds the columns of `readColumns`; the bench answers it. */
export const SCATTERGL_ROUTE = 'scattergl-columns';

export const PLOTLY_FILE = join(
  process.cwd(),
  'node_modules',
  'plotly.js-dist-min',
  'plotly.min.js',
);

interface Rival {
  x: Float32Array;
  y: Float32Array;
  layout: object;
  /** The ratio that the figure was made with. */
  ratio: number;
}

/** Two number columns of a query as float32, one after the other. */
export async function readColumns(query: string): Promise<Buffer> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const columns = (await connection.runAndReadAll(query)).getColumns();
    const numbers = columns.map((column) => Float32Array.from(column, Number));
    return Buffer.concat(numbers.map(({ buffer }) => Buffer.from(buffer)));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Puts Plotly and the columns into a page, with a plot area of the same size as `bounds`. */
export async function loadScattergl(
  page: Page,
  options: {
    bounds: { width: number; height: number };
    domain: { x: [number, number]; y: [number, number] };
  },
): Promise<void> {
  await page.addScriptTag({ path: PLOTLY_FILE });
  await page.evaluate(
    async ({ bounds, domain, route }) => {
      const margin = 50;
      const element = document.createElement('div');
      element.id = 'scattergl';
      const width = bounds.width + 2 * margin;
      const height = bounds.height + 2 * margin;
      element.style.cssText = `position:fixed;inset:0 auto auto 0;width:${width}px;height:${height}px;visibility:hidden;background:#fff`;
      document.body.append(element);
      const bytes = await (await fetch(route)).arrayBuffer();
      const all = new Float32Array(bytes);
      const layout = {
        width,
        height,
        margin: { l: margin, r: margin, t: margin, b: margin },
        xaxis: { range: domain.x },
        yaxis: { range: domain.y },
        showlegend: false,
        hovermode: false,
      };
      const rows = all.length / 2;
      const rival: Rival = { x: all.subarray(0, rows), y: all.subarray(rows), layout, ratio: 0 };
      Object.assign(globalThis, { rival });
    },
    { ...options, route: SCATTERGL_ROUTE },
  );
}

/** Feeds scattergl the first `rows` rows; gives the milliseconds until they are painted, pixels read and two frames past. */
export async function drawScattergl(
  page: Page,
  options: { rows: number; ratio: number },
): Promise<number> {
  return page.evaluate(async ({ rows, ratio }) => {
    const { Plotly, rival } = globalThis as unknown as {
      Plotly: Record<'newPlot' | 'react', (...args: unknown[]) => Promise<unknown>>;
      rival: Rival;
    };
    const element = document.querySelector<HTMLElement>('#scattergl')!;
    element.style.visibility = 'visible';
    const trace = {
      type: 'scattergl',
      mode: 'markers',
      x: rival.x.subarray(0, rows),
      y: rival.y.subarray(0, rows),
      marker: { size: 3, opacity: 0.2 },
      hoverinfo: 'skip',
    };
    // Plotly keeps and changes the layout that it is given.
    const figure = [
      element,
      [trace],
      structuredClone(rival.layout),
      { plotGlPixelRatio: ratio, staticPlot: false },
    ];
    const twoFrames = async (): Promise<void> =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
      });
    await twoFrames();
    const startedAt = performance.now();
    await (rival.ratio === ratio ? Plotly.react(...figure) : Plotly.newPlot(...figure));
    rival.ratio = ratio;
    const canvas = element.querySelector<HTMLCanvasElement>('canvas.gl-canvas-context')!;
    const gl = canvas.getContext('webgl')!;
    // Drawing is asynchronous: reading waits for it.
    const pixels = new Uint8Array(canvas.width * canvas.height * 4);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    await twoFrames();
    const elapsed = performance.now() - startedAt;
    gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    if (rows > 1 && !pixels.some((value) => value > 0)) throw new Error('scattergl drew nothing.');
    element.style.visibility = 'hidden';
    await twoFrames();
    return elapsed;
  }, options);
}
