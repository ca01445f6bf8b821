import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { RunBench } from './result.js';

/** Memory stays within its budget however often columns come and go: pages are used again. */
export const run: RunBench = async (report) => {
  const child = join(process.cwd(), 'test', 'bench', 'memory-child.mjs');
  const { rss, loads, evictions } = JSON.parse(
    execFileSync(process.execPath, [child], { encoding: 'utf8' }),
  ) as {
    rss: number;
    loads: number;
    evictions: number;
  };
  report({
    name: 'resident memory after 60 loads of 80 MB columns',
    against: 'a budget of 240 MB',
    value: rss / 1e6,
    unit: 'MB',
    bar: 500,
    want: 'at most',
    gate: 'each load is read back at its last batch',
    detail: `${loads} batches read, ${evictions} given up`,
  });
};
