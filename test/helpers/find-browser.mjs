// Finds a Chrome or Chromium, or gets one where that is possible. Node's own modules only.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter(Boolean)
    .map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
};

/** The path of a browser: `HALFTONE_BROWSER`, then PATH, then the usual places; undefined where there is none. */
export function findBrowser() {
  const wanted = process.env.HALFTONE_BROWSER;
  if (wanted) return existsSync(wanted) ? wanted : undefined;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name + suffix)));
  return [...onPath, ...(PLACES[process.platform] ?? [])].find((path) => existsSync(path));
}

/** Finds a browser, else installs Debian's Chromium where this process may; else says what to do and returns undefined. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error('Installing Chromium for the browser tests (once) …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 2] });
    apt('update', '-q');
    apt('install', '-y', '-q', '--no-install-recommends', 'chromium');
    const installed = findBrowser();
    if (installed) return installed;
  }
  console.error(
    'No Chrome or Chromium found: the browser tests are skipped. Install one, or set HALFTONE_BROWSER to its path.',
  );
  return undefined;
}
