import { chromium, type Browser } from 'playwright-core';
import { findBrowser } from './find-browser.mjs';

/** The path of the browser that tests drive; undefined where there is none, and they are skipped. */
export const BROWSER: string | undefined = findBrowser();

/** Software WebGL, so that pictures are the same on machines with and without a graphics card. */
const SOFTWARE_GL = [
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];

/** What takes every 3D API away, as machines without drivers do. */
const NO_WEBGL = '--disable-3d-apis';

/** Flags for every browser that tests start, split at blanks: `--disable-3d-apis` runs the suite without WebGL. */
const FLAGS = (process.env['HALFTONE_BROWSER_FLAGS'] ?? '').split(' ').filter(Boolean);

/** False where the flags leave no WebGL: what tests the graphics card alone has nothing to test. */
export const HAS_WEBGL = !FLAGS.includes(NO_WEBGL);

/** Starts the browser; `webgl: false` takes every 3D API away from this one. */
export function launchBrowser({ webgl = true }: { webgl?: boolean } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: BROWSER!,
    args: ['--headless=new', '--no-sandbox', ...(webgl ? SOFTWARE_GL : [NO_WEBGL]), ...FLAGS],
  });
}
