import { readFileSync, readdirSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { BROWSER } from '../helpers/browser.js';
import type { BenchResult, RunBench } from './result.js';

const ROWS = '30000';

/** Runs a bench on a small table: its gates hold or it throws; its figures mean nothing. */
async function runSmall(name: string): Promise<BenchResult[]> {
  vi.stubEnv('HALFTONE_BENCH_ROWS', ROWS);
  const { run } = (await import(`./${name}.bench.ts`)) as { run: RunBench };
  const results: BenchResult[] = [];
  await run((result) => results.push(result));
  return results;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each(['start', 'bytes', 'resident'])(
  'the bench %s passes its gates and gives figures',
  async (name) => {
    const results = await runSmall(name);
    expect(results.length).toBeGreaterThan(0);
    for (const { value, gate } of results) {
      expect(value).toBeGreaterThan(0);
      expect(gate).not.toBe('');
    }
  },
  120_000,
);

describe.skipIf(BROWSER === undefined)('with a browser', () => {
  test('the bench classic draws as many rows as DuckDB counts on both sides', async () => {
    const results = await runSmall('classic');
    expect(results.map(({ unit }) => unit)).toEqual(['×', '×']);
  }, 180_000);
});

test('every bench has its place in the docs', () => {
  const page = readFileSync(new URL('../../docs/benchmarks.md', import.meta.url), 'utf8');
  const benches = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.bench.ts'))
    .map((file) => file.slice(0, -'.bench.ts'.length));
  for (const name of benches) {
    expect(page).toContain(`## ${name}\n`);
    expect(page).toContain(`<!-- ${name} -->`);
    expect(page).toContain(`<!-- /${name} -->`);
  }
});
