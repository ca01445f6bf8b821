import * as fc from 'fast-check';
import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { resolveSources } from '../../../../server/loader/sources/resolve-sources.js';
import { loadHere, temporaryFolder } from '../load-file.js';
import { readSnapshot } from '../read-snapshot.js';
import { ensureKernel } from './helpers/load.js';
import { randomCsv } from './helpers/random-csv.js';

/** Thousands were run; so many are run each time. */
const CASES = Number(process.env['HALFTONE_CSV_CASES'] ?? 60);
const SEED = Number(process.env['HALFTONE_CSV_SEED'] ?? 1);

beforeAll(ensureKernel);

test('loads every cell of a random table as it was meant, whatever dialect it is written in', async () => {
  const folder = temporaryFolder();
  let nr = 0;
  try {
    await fc.assert(
      fc.asyncProperty(randomCsv, async ({ bytes, csv, names, types, values, rows, blank }) => {
        const dir = join(folder.dir, String(nr++));
        mkdirSync(join(dir, 'out'), { recursive: true });
        writeFileSync(join(dir, 'a.csv'), bytes);
        const { sources, problems } = await resolveSources(['a.csv'], {
          cwd: dir,
          csv,
          describe: async () => [],
        });
        expect(problems).toEqual([]);
        const { columns, segments, report } = await loadHere(join(dir, 'out'), sources[0]!);
        expect(report.rows + report.setAside).toBe(report.lines);
        expect(report).toMatchObject({ rows, setAside: blank, nulled: 0 });
        expect(columns.map(({ info }) => info.name)).toEqual(names);
        expect(columns.map(({ info }) => info.type)).toEqual(types);
        expect(readSnapshot(join(dir, 'out'), { columns, segments })).toEqual(values);
      }),
      { numRuns: CASES, seed: SEED, endOnFailure: false },
    );
  } finally {
    folder.remove();
  }
}, 3_600_000);
