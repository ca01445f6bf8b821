import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPauses } from '../../../server/jobs/pauses.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'halftone-pauses-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('pauses outlive the process', async () => {
  const first = openPauses(folder);
  await first.set('a', '2026-01-01T00:00:00.000Z');
  await first.set('__proto__', '2026-01-02T00:00:00.000Z');
  await first.set('b', '2026-01-01T00:00:00.000Z');
  await first.set('b', undefined);
  const second = openPauses(folder);
  expect(['a', '__proto__', 'b'].map((name) => second.since(name))).toEqual([
    '2026-01-01T00:00:00.000Z',
    '2026-01-02T00:00:00.000Z',
    undefined,
  ]);
});

test('a file that cannot be read pauses nothing', async () => {
  await openPauses(folder).set('a', '2026-01-01T00:00:00.000Z');
  for (const text of ['', 'null', '{"a":']) {
    writeFileSync(join(folder, 'runs', 'paused.json'), text);
    expect(openPauses(folder).since('a')).toBeUndefined();
  }
});
