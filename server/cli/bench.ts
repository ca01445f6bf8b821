import { performance } from 'node:perf_hooks';
import type { DatasetInfo } from '../../protocol/dataset.js';
import type { Filter, Query } from '../../protocol/query.js';
import type { Verification } from '../../protocol/verification.js';
import type { Frame } from '../engine/engine.js';
import { canonicalQuery, keyOf } from '../frames/query-key.js';
import { choiceOf, filteredPicture, picturesOf, type BenchPicture } from './bench-pictures.js';
import { formatBytes } from './byte-size.js';
import { EXIT, usageError } from './exit-codes.js';
import { printable } from './printable.js';
import { layOutTable } from './table.js';
import type { Terminal } from './terminal.js';
import { withLoaded, type Loaded, type LoadFlags } from './with-loaded.js';

export interface BenchFlags extends LoadFlags {
  rounds: string;
  json?: boolean;
}

/** How long one picture takes, and whether it is right. Times in milliseconds. */
interface Measured {
  picture: string;
  query: Query;
  /** The first time, when its columns come from disk. */
  firstMs: number;
  medianMs: number;
  p95Ms: number;
  tier: string;
  reason: string;
  /** The same picture by SQL, from the source, in a process of its own. */
  sqlMs: number;
  verdict: Verification['verdict'];
  compared: number;
  differ: number;
}

interface Report {
  dataset: string;
  rows: number;
  bytes: number;
  rounds: number;
  pictures: Measured[];
}

/** Windows of a zoomed picture are between all of x and this share of it. */
const NARROWEST = 0.01;

/**
 * Measures the pictures of some files on this machine: computes each again and again, lines and scatters in windows that are
 * somewhere else each time, without HTTP and without a cache of frames, and proves each by SQL over its source. Gives 0 where every
 * number is equal, else 1.
 */
export async function bench(
  paths: readonly string[],
  flags: BenchFlags,
  { terminal, stop }: { terminal: Terminal; stop: AbortSignal },
): Promise<number> {
  const rounds = Number(flags.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 10_000) {
    throw usageError(
      `"${printable(flags.rounds)}" is no number of rounds.`,
      'Give a whole number from 1 to 10000: halftone bench data.parquet --rounds 50.',
    );
  }
  const memoryLimit = Math.floor(terminal.totalMemory / 2);
  const reports = await withLoaded(
    paths,
    flags,
    { terminal, stop, memoryLimit },
    async (loaded) => {
      const all: Report[] = [];
      for (const info of loaded.catalog.list()) {
        const report = await measure(info, rounds, loaded, stop);
        if (flags.json !== true) terminal.out(told(report));
        all.push(report);
      }
      return all;
    },
  );
  if (flags.json === true) terminal.out(`${JSON.stringify({ datasets: reports }, null, 2)}\n`);
  const isProved = reports.every(({ pictures }) =>
    pictures.every(({ verdict }) => verdict === 'equal'),
  );
  return isProved ? EXIT.ok : EXIT.failure;
}

async function measure(
  info: DatasetInfo,
  rounds: number,
  loaded: Loaded,
  stop: AbortSignal,
): Promise<Report> {
  const { catalog, services } = loaded;
  const snapshot = catalog.snapshot(info.name);
  const pictures = picturesOf(info, snapshot.manifest.id);
  const choice = choiceOf(info);
  if (choice !== undefined && pictures[0] !== undefined) {
    const request = { column: choice, limit: 1, filters: [] };
    const { values } = await services.engine.values(snapshot, request, stop);
    const filter: Filter = { op: 'in', column: choice, values: [values[0]!.value] };
    pictures.push(filteredPicture(pictures[0], filter));
  }
  const measured: Measured[] = [];
  for (const picture of pictures) measured.push(await time(picture, rounds, loaded, stop));
  const { name: dataset, rows, bytes } = info;
  return { dataset, rows, bytes, rounds, pictures: measured };
}

async function time(
  { words, query: asked, zoomed }: BenchPicture,
  rounds: number,
  { catalog, services: { engine, verifier } }: Loaded,
  stop: AbortSignal,
): Promise<Measured> {
  const query = canonicalQuery(asked);
  const snapshot = catalog.snapshot(query.dataset);
  const timed = async (each: Query): Promise<{ frame: Frame; ms: number }> => {
    const startedAt = performance.now();
    const frame = await engine.frame(snapshot, each, stop);
    return { frame, ms: performance.now() - startedAt };
  };
  const { frame, ms: firstMs } = await timed(query);
  const source = catalog.boundSource(query.dataset);
  const proof = await verifier.verify({ source, snapshot, query, key: keyOf(query), frame }, stop);
  const times: number[] = [];
  let { plan } = frame;
  for (let round = 0; round < rounds; round++) {
    const width = NARROWEST ** Math.random();
    const from = Math.random() * (1 - width);
    const window = zoomed === undefined ? query : canonicalQuery(zoomed(from, from + width));
    const { frame: again, ms } = await timed(window);
    times.push(ms);
    ({ plan } = again);
  }
  times.sort((a, b) => a - b);
  const { tier, reason } = plan;
  const { verdict, compared, differ, ms: sqlMs } = proof;
  const quantile = (p: number): number => times[Math.ceil(p * rounds) - 1]!;
  return {
    picture: words,
    query,
    firstMs,
    medianMs: quantile(0.5),
    p95Ms: quantile(0.95),
    tier,
    reason,
    sqlMs,
    verdict,
    compared,
    differ,
  };
}

function told({ dataset, rows, bytes, rounds, pictures }: Report): string {
  const head = `${printable(dataset)}: ${rows.toLocaleString('en')} rows, ${formatBytes(bytes)} of columns; milliseconds, of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}\n`;
  if (pictures.length === 0) return `${head}  No picture suits its columns.\n`;
  const lines = pictures.map(
    ({ picture, firstMs, medianMs, p95Ms, tier, sqlMs, verdict, compared, differ }) => [
      printable(picture, 60),
      firstMs.toFixed(1),
      medianMs.toFixed(1),
      p95Ms.toFixed(1),
      tier,
      sqlMs.toFixed(0),
      verdict === 'not compared'
        ? 'not compared: the source has changed'
        : `${compared.toLocaleString('en')} numbers, ${differ.toLocaleString('en')} differ`,
    ],
  );
  const names = ['picture', 'first', 'median', 'p95', 'by', 'SQL from the source', 'proof'];
  return head + layOutTable([names, ...lines], new Set([1, 2, 3, 5]));
}
