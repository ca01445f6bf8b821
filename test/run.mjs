// `npm test`: installs, builds, finds a browser, runs every test, and ends with one line of counts.
// `--check` adds types, lint and format. Other arguments go to Vitest.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, ensureBuilt, ensureInstalled, runPackage } from '../server/prepare.mjs';
import { ensureBrowser } from './helpers/find-browser.mjs';

const FOLDERS = ['protocol', 'workers', 'server', 'client', 'test'];

const args = process.argv.slice(2);
const check = args.includes('--check');

ensureInstalled();
ensureBuilt();
if (check) {
  runPackage('typescript/bin/tsc', ['-b']);
  runPackage('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', ...FOLDERS]);
  runPackage('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']);
}

const browser = ensureBrowser();
const folder = mkdtempSync(join(tmpdir(), 'halftone-test-'));
const report = join(folder, 'report.json');
const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args.filter((arg) => arg !== '--check'),
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, HALFTONE_BROWSER: browser ?? '' } },
);
try {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
} catch {
  console.log('0 passed, 1 failed');
}
rmSync(folder, { recursive: true, force: true });
process.exit(status ?? 1);
