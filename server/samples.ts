import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sample } from './routes/parts.js';

/** The folder `data/` of the package, from dist/server/. */
const DATA_DIR = fileURLToPath(new URL('../../data', import.meta.url));

/** The samples that are there: those of the package, and the flights where `vega-datasets` is installed. */
export async function findSamples(): Promise<Sample[]> {
  const names = await readdir(DATA_DIR).catch(() => []);
  const own = names.filter((name) => /\.(?:csv|parquet)$/u.test(name)).sort();
  const paths = [...flights(), ...own.map((name) => join(DATA_DIR, name))];
  const samples: Sample[] = [];
  for (const path of paths) {
    const stats = await stat(path).catch(() => undefined);
    if (stats === undefined) continue;
    const file = basename(path);
    samples.push({ name: basename(path, extname(path)), file, path, bytes: stats.size });
  }
  return samples;
}

function flights(): string[] {
  try {
    const entry = createRequire(import.meta.url).resolve('vega-datasets');
    return [join(dirname(entry), '..', 'data', 'flights-3m.parquet')];
  } catch {
    return [];
  }
}
