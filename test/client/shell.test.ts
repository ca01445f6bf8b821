import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { shellFiles } from '../helpers/shell-files.js';

/** What the first chart may take, in bytes of gzip: the bar of docs/benchmarks.md. */
const BAR = 90_000;

test('what the first chart needs but Plotly is at most 90 kB in gzip', () => {
  const files = shellFiles();
  const names = [...files.keys()];
  for (const kind of [/^shell-.*\.js$/u, /^shell-.*\.css$/u, /^chart-/u]) {
    expect(names).toContainEqual(expect.stringMatching(kind));
  }
  const sizes = [...files].map(([name, bytes]) => [name, gzipSync(bytes).byteLength] as const);
  const sum = sizes.reduce((all, [, size]) => all + size, 0);
  expect(sum, JSON.stringify(Object.fromEntries(sizes))).toBeLessThanOrEqual(BAR);
});

test('what the first chart does without stands in scripts of its own', () => {
  const code = [...shellFiles().values()].join('\n');
  for (const words of [
    'Open a table',
    'Go to row',
    'copy the selected cells',
    'modebar-btn',
    'halftone-selection',
    'Every bar counts all its rows',
    'What changed',
    'TypeBox',
  ]) {
    expect(code).not.toContain(words);
  }
});

test('the browser is told at once to fetch the chart with what it imports, and behind it Plotly', () => {
  const page = readFileSync(
    join(import.meta.dirname, '..', '..', 'dist', 'client', 'index.html'),
    'utf8',
  );
  const hints = page.match(/<link rel="modulepreload"[^>]*>/gu) ?? [];
  expect(hints).toContainEqual(expect.stringContaining('/chart-'));
  for (const name of shellFiles().keys()) expect(page).toContain(name);
  const plotly = hints.filter((hint) => hint.includes('/plotly'));
  expect(plotly).toEqual([expect.stringContaining('fetchpriority="low"')]);
});
