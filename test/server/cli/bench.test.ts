import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { halftone, killAll } from '../../helpers/halftone-process.js';
import { ensureKernel } from '../loader/csv/helpers/load.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let folder: string;

beforeAll(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone bench '));
  const hour = (i: number) => new Date(1_700_000_000_000 + i * 3_600_000).toISOString();
  const rows = Array.from(
    { length: 500 },
    (_, i) => `${hour(i)},${(i * 37) % 101},${'abc'[i % 3]}`,
  );
  writeFileSync(join(folder, 'some.csv'), ['at,v,g', ...rows].join('\n'));
  writeFileSync(join(folder, 'same.csv'), 'one\n1\n1\n');
});
afterAll(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]) {
  const command = halftone(['bench', ...args, '--cache-dir', 'cache'], { cwd: folder });
  const code = await command.exited;
  return { code, out: command.stdout(), err: command.stderr() };
}

test('every picture that suits a file is timed and proved', async () => {
  const { code, out, err } = await run('some.csv', '--rounds', '3', '--json');
  expect([code, err]).toEqual([0, '']);
  const { datasets } = JSON.parse(out) as {
    datasets: { rows: number; pictures: Record<string, unknown>[] }[];
  };
  expect(datasets).toHaveLength(1);
  expect(datasets[0]!.rows).toBe(500);
  const { pictures } = datasets[0]!;
  expect(pictures.map(({ query }) => (query as { mark: string }).mark)).toEqual(
    expect.arrayContaining(['scatter', 'line', 'histogram', 'bar', 'heatmap']),
  );
  for (const { verdict, compared, differ, medianMs, p95Ms, sqlMs } of pictures) {
    expect({ verdict, differ }).toEqual({ verdict: 'equal', differ: 0 });
    for (const figure of [compared, medianMs, p95Ms, sqlMs]) expect(figure).toBeGreaterThan(0);
    expect(p95Ms).toBeGreaterThanOrEqual(medianMs as number);
  }
  expect(pictures.at(-1)!.query).toMatchObject({ filters: [{ op: 'in', column: 'g' }] });
});

test('people read a table, a line a picture', async () => {
  const { code, out } = await run('some.csv', 'same.csv', '--rounds', '1');
  expect(code).toBe(0);
  expect(out).toMatch(/^some: 500 rows, .*of 1 round\n/mu);
  expect(out).toMatch(
    /^histogram of v +[\d.]+ +[\d.]+ +[\d.]+ +scan +\d+ +[\d,]+ numbers, 0 differ$/mu,
  );
  expect(out).toMatch(/^same: 2 rows, /mu);
});
