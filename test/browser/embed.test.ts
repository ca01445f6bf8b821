import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HalftoneChart, HalftoneDashboard } from '../../client/embed/elements.js';
import { decodeFrame } from '../../client/data/frame.js';
import type { Filter } from '../../protocol/query.js';
import { BROWSER, launchBrowser } from '../helpers/browser.js';
import { halftone, type Halftone } from '../helpers/halftone-process.js';

const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLES = join(ROOT, 'data', 'embedding');
/** Where the examples believe that Halftone is. */
const TOLD = 'http://127.0.0.1:8642';

/** The pages of somebody else: the examples, with the address of the server that is under test. */
async function hostPages(folder: string): Promise<{ host: Server; origin: string }> {
  const host = createServer((request, response) => {
    const path = join(folder, request.url!.split('?')[0]!);
    if (!existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    const type = extname(path) === '.js' ? 'text/javascript' : 'text/html; charset=utf-8';
    response.writeHead(200, { 'content-type': type }).end(readFileSync(path));
  });
  await new Promise<void>((done) => host.listen(0, '127.0.0.1', done));
  return { host, origin: `http://127.0.0.1:${(host.address() as AddressInfo).port}` };
}

/** Bundles an example as its reader would, `halftone/elements` from the package's own exports. */
async function bundle(name: string, folder: string, url: string): Promise<void> {
  await build({
    configFile: false,
    root: EXAMPLES,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [{ name: 'address', transform: (code) => code.replaceAll(TOLD, url) }],
    build: {
      outDir: join(folder, name),
      minify: false,
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: {
        input: join(EXAMPLES, `${name}.js`),
        output: { entryFileNames: 'main.js' },
      },
    },
  });
  writeFileSync(
    join(folder, `${name}.html`),
    `<!doctype html><title>${name}</title><div id="app"></div><script type="module" src="${name}/main.js"></script>`,
  );
}

describe.skipIf(BROWSER === undefined)('a picture in a page of another origin', () => {
  let folder: string;
  let server: Halftone;
  let host: Server;
  let origin: string;
  let url: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halftone-embed-'));
    ({ host, origin } = await hostPages(folder));
    const weather = join(ROOT, 'data', 'seattle-weather.csv');
    writeFileSync(
      join(folder, 'halftone.yaml'),
      JSON.stringify({
        version: 1,
        datasets: { 'seattle-weather': { files: weather } },
        dashboards: {
          weather: {
            items: [
              { id: 'winds', chart: { dataset: 'seattle-weather', mark: 'histogram', x: 'wind' } },
            ],
          },
        },
        server: { allowOrigins: [origin], frameAncestors: [origin] },
      }),
    );
    const options = [
      '--config',
      'halftone.yaml',
      '--cache-dir',
      join(folder, 'cache'),
      '--no-open',
    ];
    server = halftone([...options, '--port', '0'], { cwd: folder });
    url = await server.address();
    await server.settled('seattle-weather');
    for (const name of ['plain.html', 'iframe.html']) {
      const text = readFileSync(join(EXAMPLES, name), 'utf8');
      writeFileSync(join(folder, name), text.replaceAll(TOLD, url));
    }
    await Promise.all([bundle('react', folder, url), bundle('vue', folder, url)]);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 900, height: 800 } });
  });
  afterAll(async () => {
    await browser?.close();
    host?.closeAllConnections();
    host?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const state = (id: string, name: string, wanted: string): Promise<unknown> =>
    page.waitForFunction(
      ([element, key, value]) =>
        document.querySelector<HTMLElement>(`#${element}`)?.dataset[key!] === value,
      [id, name, wanted],
    );

  test.each(['plain', 'react', 'vue'])(
    'stands in one of %s, and its selection filters another',
    async (name) => {
      await page.goto(`${origin}/${name}.html`);
      await state('temperatures', 'state', 'exact');
      await state('winds', 'matched', '1461');
      const box = (await page.locator('#temperatures .nsewdrag').boundingBox())!;
      const y = box.y + box.height / 2;
      await page.keyboard.down('Shift');
      await page.mouse.move(box.x + box.width * 0.5, y);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.7, y, { steps: 4 });
      await page.mouse.move(box.x + box.width * 0.95, y, { steps: 4 });
      await page.mouse.up();
      await page.keyboard.up('Shift');
      await page.waitForFunction(
        () => Number(document.querySelector<HTMLElement>('#winds')!.dataset['matched']) < 1461,
      );
      const selection = await page.evaluate(
        () =>
          document.querySelector<HalftoneChart>('halftone-chart')!.selection as readonly Filter[],
      );
      expect(selection).toMatchObject([{ op: 'range', column: 'temp_max' }]);
      const value = { dataset: 'seattle-weather', mark: 'value', filters: selection };
      const answer = await server.frame(value);
      const { rows } = decodeFrame(new Uint8Array(await answer.arrayBuffer())).metadata;
      await state('winds', 'matched', String(rows.matched));
    },
  );

  test.each(['plain', 'react', 'vue'])(
    'follows its attributes and properties in one of %s, moved, taken away and put back',
    async (name) => {
      await page.goto(`${origin}/${name}.html`);
      await state('winds', 'state', 'exact');
      const winds = page.locator('#winds');
      const set = (attribute: string, value: string | null) =>
        winds.evaluate(
          (element, [key, to]) =>
            to === null ? element.removeAttribute(key) : element.setAttribute(key, to),
          [attribute, value] as const,
        );
      const src = (await winds.getAttribute('src'))!;
      const ground = () =>
        winds
          .locator('.xtick text')
          .first()
          .evaluate((tick) => getComputedStyle(tick).fill);
      const before = await ground();
      await set('theme', 'dark');
      await expect.poll(ground).not.toBe(before);
      await set('theme', null);
      await expect.poll(ground).toBe(before);
      await set('opacity', '0.25');
      await state('winds', 'opacity', '0.25');

      // A place on the axes and filters of the page outlive a move, and a time outside of the page.
      await winds.evaluate((element: HalftoneChart) => {
        element.filters = [{ op: 'range', column: 'wind', min: 3 }];
      });
      await page.waitForFunction(
        () => Number(document.querySelector<HTMLElement>('#winds')!.dataset['matched']) < 1461,
      );
      const matched = (await winds.getAttribute('data-matched'))!;
      const domain = () =>
        winds.evaluate((element: HalftoneChart) =>
          JSON.stringify(element.status?.metadata?.domain?.x ?? null),
        );
      const all = await domain();
      const box = (await winds.locator('.nsewdrag').boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.wheel(0, -240);
      await expect.poll(domain).not.toBe(all);
      await state('winds', 'state', 'exact');
      await page.mouse.move(0, 0);
      const zoomed = await domain();
      await winds.evaluate((element) => {
        const parent = element.parentElement!;
        const next = element.nextSibling;
        document.body.prepend(element);
        element.remove();
        if (element.children.length > 0) throw new Error('A picture is left outside of the page.');
        parent.insertBefore(element, next);
      });
      await state('winds', 'state', 'exact');
      await state('winds', 'matched', matched);
      expect(await domain()).toBe(zoomed);

      // Without a link there is nothing, nor is anything told of what was there.
      await set('src', null);
      await page.waitForFunction(() => document.querySelector('#winds')!.children.length === 0);
      expect(await winds.getAttribute('data-state')).toBe(null);
      expect(await winds.getAttribute('data-matched')).toBe(null);
      await set('src', src);
      await state('winds', 'state', 'exact');
      expect(await domain()).toBe(all);
      await set('src', src.replace('seattle-weather', 'nothing'));
      await state('winds', 'state', 'error');
      await winds.evaluate((element: HalftoneChart, link) => (element.src = link), src);
      await state('winds', 'state', 'exact');
      expect(await winds.locator('[role=alert]').count()).toBe(0);
      await winds.hover();
      await page.mouse.wheel(0, -240);
      await expect.poll(domain).not.toBe(all);
      await winds.locator('[data-title=Fit]').click();
      await expect.poll(domain).toBe(all);
    },
  );

  test('is light or dark as what is behind it, whatever the system prefers', async () => {
    await page.goto(`${origin}/plain.html`);
    await state('winds', 'state', 'exact');
    // A chart on a ground that turns with the system tells that the turn was seen.
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(
        '#turning { background: white } @media (prefers-color-scheme: dark) { #turning { background: oklch(0.2 0 0) } }',
      );
      document.adoptedStyleSheets.push(sheet);
      const ground = document.createElement('div');
      ground.id = 'turning';
      const twin = document.querySelector('#winds')!.cloneNode() as Element;
      twin.id = 'twin';
      ground.append(twin);
      document.body.append(ground);
    });
    await state('twin', 'state', 'exact');
    const ink = (id: string) =>
      page
        .locator(`#${id} .xtick text`)
        .first()
        .evaluate((tick) => getComputedStyle(tick).fill);
    const light = await ink('twin');
    expect(await ink('winds')).toBe(light);
    const turn = async (colorScheme: 'light' | 'dark') => {
      await page.emulateMedia({ colorScheme });
      const seen = expect.poll(() => ink('twin'));
      await (colorScheme === 'light' ? seen.toBe(light) : seen.not.toBe(light));
    };
    // A page without a scheme is white at night too.
    await turn('dark');
    expect(await ink('winds')).toBe(light);
    await turn('light');
    await page.evaluate(() => (document.documentElement.style.colorScheme = 'light dark'));
    await turn('dark');
    await expect.poll(() => ink('winds')).not.toBe(light);
    // The nearest background goes before.
    await page.evaluate(() => (document.body.style.background = 'rgb(255 255 240)'));
    await turn('light');
    await turn('dark');
    await expect.poll(() => ink('winds')).toBe(light);
    await page.emulateMedia({ colorScheme: null });
    // A page that has a switch of its own turns by a class, at once or slowly.
    await page.evaluate(() => {
      document.body.style.cssText = '';
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(
        '.night body { background: #111 } .slow body { transition: background-color 0.3s }',
      );
      document.adoptedStyleSheets.push(sheet);
    });
    for (const pace of ['', 'slow']) {
      await page.evaluate((name) => (document.documentElement.className = name), `night ${pace}`);
      await expect.poll(() => ink('winds')).not.toBe(light);
      await page.evaluate((name) => (document.documentElement.className = name), pace);
      await expect.poll(() => ink('winds')).toBe(light);
    }
  });

  test('shows the server its token; without one it says what is missing', async () => {
    const weather = join(ROOT, 'data', 'seattle-weather.csv');
    const config = {
      version: 1,
      datasets: { weather: { files: weather } },
      server: { token: 'a-secret~&more', allowOrigins: [origin] },
    };
    writeFileSync(join(folder, 'guarded.yaml'), JSON.stringify(config));
    const cache = join(folder, 'guarded');
    const guarded = halftone(
      ['--config', 'guarded.yaml', '--cache-dir', cache, '--no-open', '--port', '0'],
      { cwd: folder },
    );
    try {
      const address = await guarded.address();
      const headers = { authorization: `Bearer ${config.server.token}` };
      await expect
        .poll(async () => (await fetch(`${address}/api/v1/datasets/weather`, { headers })).json())
        .toMatchObject({ status: 'ready' });
      await page.goto(`${origin}/plain.html`);
      await page.evaluate((link) => {
        for (const [id, token] of [
          ['with', 'a-secret~&more'],
          ['wrong', 'another'],
          ['without', null],
        ] as const) {
          const element = document.createElement('halftone-chart');
          element.id = id;
          element.src = link;
          element.token = token;
          document.body.append(element);
        }
      }, `${address}/explore/weather?mark=histogram&x=wind`);
      await state('with', 'state', 'exact');
      await state('with', 'matched', '1461');
      for (const id of ['wrong', 'without']) {
        await state(id, 'state', 'error');
        expect(await page.locator(`#${id} [role=alert]`).innerText()).toMatch(/token/iu);
        expect(await page.locator(`#${id} canvas`).count()).toBe(0);
        await page
          .locator(`#${id}`)
          .evaluate((element) => element.setAttribute('token', 'a-secret~&more'));
        await state(id, 'matched', '1461');
      }
    } finally {
      await guarded.stop();
    }
  });

  test('takes properties that were set before it was known', async () => {
    await page.goto(`${origin}/iframe.html`);
    await page.evaluate((link) => {
      const element = document.createElement('halftone-chart');
      element.id = 'early';
      element.src = link;
      element.theme = 'dark';
      element.filters = [{ op: 'range', column: 'wind', min: 3 }];
      document.body.replaceChildren(element);
    }, `${url}/explore/seattle-weather?mark=scatter&x=temp_max&y=wind`);
    await page.addScriptTag({ type: 'module', url: `${url}/embed/elements.js` });
    await state('early', 'state', 'exact');
    const own = await page.evaluate(() => {
      const element = document.querySelector<HalftoneChart>('#early')!;
      const isFiltered = Number(element.dataset['matched']) < 1461;
      const early = [element.getAttribute('theme'), element.theme];
      element.theme = null;
      element.token = 'secret';
      const late = [element.getAttribute('theme'), element.getAttribute('token'), element.token];
      element.token = null;
      return [Object.keys(element), isFiltered, early, late];
    });
    expect(own).toEqual([[], true, ['dark', 'dark'], [null, 'secret', 'secret']]);
  });

  test('is drawn by the back end that its attribute names', async () => {
    await page.goto(`${origin}/plain.html`);
    await state('winds', 'renderer', 'cpu');
    await page.evaluate(() => document.querySelector('#winds')!.setAttribute('renderer', 'plotly'));
    await state('winds', 'renderer', 'plotly');
    await page.locator('#winds .scatterlayer .point').first().waitFor();
  });

  test('stands in a frame', async () => {
    await page.goto(`${origin}/iframe.html`);
    const frame = page.frameLocator('iframe');
    await frame.locator('.picture-host[data-state="exact"]').waitFor();
    // It takes the mouse and the keys of a person.
    const plot = (await frame.locator('.nsewdrag').boundingBox())!;
    await page.mouse.move(plot.x + plot.width / 2, plot.y + plot.height / 2);
    await page.mouse.wheel(0, -240);
    const address = (): string => page.frames()[1]!.url();
    await expect.poll(address).toContain('xr=');
    await frame.locator('.picture').press('0');
    await expect.poll(address).not.toContain('xr=');
  });

  test('tells where it is moved to and what it shows, is painted anew without a question, and saved', async () => {
    await page.goto(`${origin}/plain.html`);
    await state('winds', 'state', 'exact');
    const winds = page.locator('#winds');
    await winds.evaluate((element: HalftoneChart) => {
      const told = { domains: [] as unknown[], states: [] as string[] };
      Object.assign(globalThis, { told });
      // They bubble.
      document.body.addEventListener('halftone-domain', ({ detail }) => told.domains.push(detail));
      document.body.addEventListener('halftone-state', ({ detail }) =>
        told.states.push(detail.state),
      );
      element.filters = [{ op: 'range', column: 'wind', min: 0 }];
    });
    const told = () =>
      page.evaluate(
        () => (globalThis as unknown as { told: { domains: unknown[]; states: string[] } }).told,
      );
    await expect.poll(async () => (await told()).states.at(-1)).toBe('exact');
    const plot = (await winds.locator('.nsewdrag').boundingBox())!;
    await page.mouse.move(plot.x + plot.width / 2, plot.y + plot.height / 2);
    await page.mouse.wheel(0, -240);
    await expect.poll(async () => (await told()).domains.length).toBeGreaterThan(0);
    const [domain] = (await told()).domains as { x: [number, number]; y: [number, number] }[];
    expect(domain!.x[1] - domain!.x[0]).toBeLessThan(40);
    await state('winds', 'state', 'exact');
    const shown = await winds.evaluate(
      (element: HalftoneChart) => element.status!.metadata!.domain,
    );
    expect((await told()).domains.at(-1)).toEqual(shown);
    await winds.evaluate((element: HalftoneChart) => element.fit());
    await expect.poll(async () => (await told()).domains.at(-1)).toBe(null);
    await state('winds', 'state', 'exact');

    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/frame')) asked.push(request.url());
    });
    const set = (name: string, value: string): Promise<void> =>
      winds.evaluate((element, [key, to]) => element.setAttribute(key!, to!), [name, value]);
    await set('size', '7');
    await state('winds', 'radius', '7');
    await set('shade', 'linear');
    await state('winds', 'shade', 'linear');
    const ramp = (): Promise<string> =>
      winds.evaluate((element) =>
        element.querySelector<HTMLCanvasElement>('.halftone-marks')!.toDataURL(),
      );
    const viridis = await ramp();
    await set('palette', 'magma');
    await expect.poll(ramp).not.toBe(viridis);
    expect(asked).toEqual([]);
    const png = await winds.evaluate(async (element: HalftoneChart) => {
      const bitmap = await createImageBitmap(await element.toPng({ scale: 2 }));
      return [bitmap.width, bitmap.height, element.clientWidth, element.clientHeight];
    });
    expect(png[0]).toBe(2 * png[2]!);
    expect(png[1]).toBeGreaterThanOrEqual(2 * png[3]!);
  });

  test('of a dashboard tells the page around it what is selected', async () => {
    await page.goto(`${origin}/plain.html`);
    await page.evaluate((src) => {
      const element = document.createElement('halftone-dashboard');
      element.src = src;
      element.style.height = '500px';
      document.body.replaceChildren(element);
    }, `${url}/d/weather`);
    const frame = page.frameLocator('halftone-dashboard iframe');
    await frame.locator('[data-state="exact"]').first().waitFor();
    const box = (await frame.locator('.nsewdrag').boundingBox())!;
    await page.keyboard.down('Shift');
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 6 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    const selections = await page.waitForFunction(() => {
      const { selections: found } =
        document.querySelector<HalftoneDashboard>('halftone-dashboard')!;
      return found.length > 0 ? found : undefined;
    });
    expect(await selections.jsonValue()).toMatchObject([
      { chart: 'winds', dataset: 'seattle-weather', filters: [{ op: 'range', column: 'wind' }] },
    ]);

    // What is not shown any more is not selected any more, and a title loads nothing anew.
    const told = await page.evaluate(() => {
      const element = document.querySelector<HalftoneDashboard>('halftone-dashboard')!;
      const shown = element.firstElementChild as HTMLIFrameElement;
      element.title = 'Weather';
      const isKept = element.firstElementChild === shown && shown.title === 'Weather';
      const events: number[] = [];
      element.addEventListener('halftone-dashboard-select', ({ detail }) =>
        events.push(detail.length),
      );
      const { src } = element;
      element.removeAttribute('src');
      const left = element.children.length;
      element.src = src;
      document.body.append(element);
      return { isKept, events, left, selections: element.selections.length };
    });
    expect(told).toEqual({ isKept: true, events: [0], left: 0, selections: 0 });
    await frame.locator('[data-state="exact"]').first().waitFor();
  });

  test('says in its place what is wrong with its link, and takes nothing for markup', async () => {
    await page.goto(`${origin}/plain.html`);
    await state('winds', 'state', 'exact');
    const words = await page.evaluate(
      async (src) => {
        const element = document.querySelector<HTMLElement>('#winds')!;
        element.setAttribute('src', src);
        while (element.dataset['state'] !== 'error') await new Promise(requestAnimationFrame);
        return [element.innerText, element.querySelectorAll('img').length];
      },
      `${url}/explore/${encodeURIComponent('<img src=x onerror=alert(1)>')}`,
    );
    expect(words).toEqual([expect.stringContaining('<img src=x onerror=alert(1)>'), 0]);
  });
});
