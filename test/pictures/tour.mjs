// `npm run pictures`: takes a picture of every page and state, light and dark, wide and narrow, into test/output/pictures, to be
// looked at by a person. Words behind it choose, of each one of those between its commas: `npm run pictures -- dashboard,jobs dark-390`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from '../helpers/find-browser.mjs';
import { atRest, inOneInk, settled } from './acts.mjs';
import { writeData } from './data.mjs';
import { startServer } from './server.mjs';
import { states } from './states.mjs';

const OUTPUT = join(import.meta.dirname, '..', 'output', 'pictures');
const WEATHER = join(import.meta.dirname, '..', '..', 'data', 'seattle-weather.csv');
const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];
const THEMES = ['light', 'dark'];
/** A state that does not come about is told, and pictured as it is. */
const PATIENCE_MS = 30_000;

const words = process.argv.slice(2);
const wanted = SIZES.flatMap((viewport) =>
  Object.entries(states).map(([name, state]) => ({
    name,
    state,
    viewport,
    themes: THEMES.filter((theme) =>
      words.every((word) =>
        word.split(',').some((each) => fileOf(name, theme, viewport).includes(each)),
      ),
    ),
  })),
).filter(({ themes }) => themes.length > 0);

const folder = mkdtempSync(join(tmpdir(), 'halftone-pictures-'));
const config = writeData(join(folder, 'data'));
mkdirSync(join(folder, 'bare'));
const servers = {
  full: await startServer(['--config', config, '--cache-dir', join(folder, 'cache')]),
  bare: await startServer(['--cache-dir', join(folder, 'bare-cache')], join(folder, 'bare')),
};
/** One that ends in the picture it is for. */
const fleeting = () =>
  startServer([WEATHER, '--cache-dir', mkdtempSync(join(folder, 'fleeting-'))], folder);
const browserWith = (flags) =>
  chromium.launch({
    executablePath: findBrowser(),
    args: ['--headless=new', '--no-sandbox', ...flags],
  });
const browser = await browserWith([]);
mkdirSync(OUTPUT, { recursive: true });
let faults = 0;
try {
  for (const each of wanted) await take(each);
} finally {
  await browser.close();
  await Promise.all(Object.values(servers).map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
}
console.log(`Pictures of ${wanted.length} states in ${OUTPUT}, ${faults} not as they should be`);
process.exitCode = faults > 0 ? 1 : 0;

/** Opens a page, brings it into its state, and takes it in one theme after the other. */
async function take({ name, state, viewport, themes }) {
  const isFleeting = state.server === 'fleeting';
  const { url, close } = isFleeting ? await fleeting() : servers[state.server ?? 'full'];
  const tour = { url, close, configure: (text) => writeFileSync(config, text) };
  const own = state.flags && (await browserWith(state.flags));
  const context = await (own ?? browser).newContext({
    viewport,
    colorScheme: themes[0],
    reducedMotion: 'reduce',
    ...state.media,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const fault = (error) => {
    faults++;
    console.log(`${name} at ${viewport.width}: ${error.message.split('\n')[0]}`);
  };
  page.on('pageerror', fault);
  try {
    await state.before?.(page, tour);
    await page.goto(url + state.address);
    await (state.wait ?? settled)(page, tour);
    if (state.wait === undefined) await atRest(page);
    await state.act?.(page, tour);
  } catch (error) {
    fault(error);
  }
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await inOneInk(page).catch(fault);
    await atRest(page);
    await page.screenshot({ path: join(OUTPUT, `${fileOf(name, theme, viewport)}.png`) });
  }
  await state.after?.(page, tour);
  await context.close();
  await own?.close();
  if (isFleeting) await close();
}

function fileOf(name, theme, { width }) {
  return `${name}-${theme}-${width}`;
}
