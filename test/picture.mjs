// `npm run picture`: takes docs/picture.png anew, of the built page on the dashboard of `npm run demo:flights`.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from './helpers/find-browser.mjs';

const ROOT = join(import.meta.dirname, '..');
/** Rows are chosen in one chart, so that the picture shows what a choice does to the others. */
const CHOSEN = [
  { op: 'range', column: 'distance', min: 600, max: 1900 },
  { op: 'range', column: 'delay', min: -20, max: 180 },
];
const ADDRESS = `d/flights?s.map=${encodeURIComponent(JSON.stringify(CHOSEN))}`;
const CHARTS = 5;

const cacheDir = mkdtempSync(join(tmpdir(), 'halftone-picture-'));
const server = spawn(
  process.execPath,
  [
    join(ROOT, 'dist', 'server', 'main.js'),
    '--config',
    join(ROOT, 'data', 'flights', 'halftone.yaml'),
    '--port',
    '0',
    '--cache-dir',
    cacheDir,
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: ['--headless=new', '--no-sandbox'],
});
try {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 760 },
    deviceScaleFactor: 1.5,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  await page.goto(`${await listening()}/${ADDRESS}`);
  await page.waitForFunction(
    (charts) => document.querySelectorAll('[data-state=exact]').length === charts,
    CHARTS,
    { timeout: 120_000 },
  );
  await page.locator('.halftone-selection path').first().waitFor({ state: 'attached' });
  await page.waitForFunction(
    (charts) => document.querySelectorAll('.cell:has(.xtick)').length === charts,
    CHARTS,
  );
  await page.screenshot({ path: join(ROOT, 'docs', 'picture.png') });
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
  rmSync(cacheDir, { recursive: true, force: true });
}

/** The address of the server, when it listens. */
function listening() {
  return new Promise((resolve, reject) => {
    let printed = '';
    server.stdout.on('data', (chunk) => {
      printed += chunk;
      const url = /listening on (\S+)/.exec(printed)?.[1];
      if (url) resolve(url);
    });
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
  });
}
