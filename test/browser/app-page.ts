import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../helpers/browser.js';
import { findBrowser } from '../helpers/find-browser.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

/** A sample file of the npm package `vega-datasets`. */
export const sample = (name: string): string =>
  join(ROOT, 'node_modules', 'vega-datasets', 'data', name);

/** The built server on some files, with a cache of its own, and a browser to look at it. */
export interface AppServer {
  url: string;
  /** A new page, in a profile of its own, at an address below the base. */
  open(
    address: string,
    options?: { dark?: boolean; width?: number; touch?: boolean },
  ): Promise<Page>;
  /** Ends the server alone; open pages stay. */
  stopServer(): Promise<void>;
  /** Begins it anew at the address that it had. */
  startServer(): Promise<void>;
  close(): Promise<void>;
}

/** True where there is a browser to run the page in. */
export const hasBrowser = (): boolean => findBrowser() !== undefined;

export async function startApp(
  paths: readonly string[],
  { webgl = true }: { webgl?: boolean } = {},
): Promise<AppServer> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'halftone-app-'));
  let server = start('0');
  const url = await listening(server);
  const browser = await launchBrowser({ webgl });
  function start(port: string): ChildProcess {
    return spawn(
      process.execPath,
      [join(ROOT, 'dist', 'server', 'main.js'), ...paths, '--port', port, '--cache-dir', cacheDir],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
  }
  const stopServer = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  };
  return {
    url,
    async open(address, { dark = false, width = 1280, touch = false } = {}) {
      const page = await browser.newPage({
        viewport: { width, height: 800 },
        colorScheme: dark ? 'dark' : 'light',
        baseURL: url,
        hasTouch: touch,
        acceptDownloads: true,
      });
      page.setDefaultTimeout(60_000);
      await page.goto(address);
      return page;
    },
    stopServer,
    async startServer() {
      server = start(new URL(url).port);
      await listening(server);
    },
    async close() {
      await browser.close();
      await stopServer();
      rmSync(cacheDir, { recursive: true, force: true });
    },
  };
}

/** The address that the server prints when it is ready. */
function listening(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    server.stdout!.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /listening on (\S+)/.exec(printed)?.[1];
      if (url) resolve(`${url}/`);
    });
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${printed}`)));
  });
}

/** Waits until every row of a dataset can be asked for, and the picture on the page is the exact one. */
export async function settled(page: Page): Promise<void> {
  await page.locator('[data-state=exact], [data-state=empty]').first().waitFor();
}

/** The address of the page below its base, decoded as people read it. */
export const addressOf = (page: Page): string => {
  const { pathname, search } = new URL(page.url());
  return decodeURIComponent(pathname.slice(1) + search);
};
