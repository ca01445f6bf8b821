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

/** Starts the browser; `webgl: false` takes every 3D API away, as machines without drivers do. */
export function launchBrowser({ webgl = true }: { webgl?: boolean } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: BROWSER!,
    args: ['--headless=new', '--no-sandbox', ...(webgl ? SOFTWARE_GL : ['--disable-3d-apis'])],
  });
}
