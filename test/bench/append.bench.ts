import { linkSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import type { Tier } from '../../server/engine/plan/route-options.js';
import type { IndexOf } from '../../server/indexes/index-kind.js';
import { orderedPyramidOf, orderOf } from '../../server/indexes/order.js';
import { pyramidOf } from '../../server/indexes/pyramid.js';
import { sortOf } from '../../server/indexes/sort.js';
import { tilesOf } from '../../server/indexes/tiles.js';
import type { Snapshot } from '../../server/snapshots/manifest.js';
import { openBench, parquetSource } from './loaded.js';
import type { RunBench } from './result.js';
import { benchRounds, benchRows } from './size.js';
import { median } from './statistics.js';
import { generatedFile } from './tables.js';

/** A table in whose dictionary the texts come in the same order, wherever it begins. */
const TABLE = (from: number, to: number): string => `SELECT i + (hash(i) % 100) / 101.0 AS t,
  sin(i / 40000.0) * 50 + (hash(i + 1) % 1000) / 100.0 AS y, (hash(i + 2) % 1000000) / 7.0 AS z, 'word ' || (i % 8) AS word
  FROM range(${from}, ${to}) r(i)`;

/** One row in a hundred is appended: until all indexes are up to date, against building them all. */
export const run: RunBench = async (report) => {
  const rows = benchRows(10_000_000);
  const more = Math.floor(rows / 100);
  const files = [await fileOf(0, rows), await fileOf(rows - (rows % 8), rows - (rows % 8) + more)];
  const { store, indexes, pool, disk, load, close } = await openBench();
  try {
    const [whole, tail] = [await load(files[0]!), await load(files[1]!)];
    const all = [pyramidOf(1), tilesOf(0, 1), orderOf(3, 0), orderedPyramidOf(3, 0, 1), sortOf(2)];
    const [anew, added]: number[][] = [[], []];
    for (let round = 0; round < benchRounds(3); round++) {
      for (const index of all) await indexes.drop(whole, index);
      (await store.lease(whole, ['t', 'y', 'z', 'word'])).release();
      anew!.push(await timeToBuild(whole, all));
      const longer = await append(whole, tail, round);
      (await store.lease(longer, ['t', 'y', 'z', 'word'])).release();
      added!.push(await timeToBuild(longer, all));
      await gate(longer);
    }
    report({
      name: `append of 1 % to ${rows / 1e6} M rows: pyramid, tiles, order, its pyramid, sort index`,
      against: 'building them all',
      value: (100 * median(added!)) / median(anew!),
      unit: '%',
      bar: 3,
      want: 'at most',
      gate: 'frames by the indexes are those of scans',
      detail: `${median(added!).toFixed(0)} ms against ${median(anew!).toFixed(0)} ms, both threads, on the disk`,
    });
  } finally {
    await close();
  }

  async function timeToBuild(snapshot: Snapshot, wanted: readonly IndexOf[]): Promise<number> {
    const started = performance.now();
    for (const index of wanted) await indexes.build(snapshot, index);
    const ms = performance.now() - started;
    for (const index of wanted) {
      const found = await indexes.find(snapshot, index);
      if ('missing' in found) throw new Error(`${index.kind.name}: ${found.missing}`);
    }
    return ms;
  }

  /** A snapshot of the segments of both, those of the first with their indexes; of a source of its own, as only the last are kept. */
  async function append(first: Snapshot, second: Snapshot, round: number): Promise<Snapshot> {
    const draft = await disk.begin(parquetSource(files[0]!, `append-${round}`));
    for (const file of readdirSync(first.dir)) {
      if (file.startsWith('segment-')) linkSync(join(first.dir, file), join(draft.dir, file));
    }
    const behind = second.manifest.segments.map((segment, k) => {
      const file = `segment-${first.manifest.segments.length + k}.arrow`;
      linkSync(join(second.dir, segment.file), join(draft.dir, file));
      return { ...segment, file };
    });
    return draft.publish({
      ...first.manifest,
      id: draft.id,
      sequence: draft.sequence,
      rows: first.manifest.rows + second.manifest.rows,
      segments: [...first.manifest.segments, ...behind],
    });
  }

  async function gate(snapshot: Snapshot): Promise<void> {
    const line: Query = {
      dataset: 'append',
      mark: 'line',
      method: 'm4',
      x: 't',
      y: 'y',
      width: 500,
    };
    const words: Pick<Query, 'filters'> = {
      filters: [{ op: 'in', column: 'word', values: ['word 3'] }],
    };
    const part = { x: [rows * 0.98, rows * 1.005] };
    const scatter: Query = { dataset: 'append', mark: 'scatter', method: 'density', x: 't', y: 'y', domain: { ...part, y: [-50, 50] } }; // prettier-ignore
    const page: Query = { dataset: 'append', mark: 'rows', sort: [{ column: 'z' }], offset: rows };
    const asked: [Query, Tier][] = [
      [line, 'pyramid'],
      [{ ...line, ...words }, 'sub-index'],
      [scatter, 'tiles'],
      [page, 'sub-index'],
    ];
    for (const [query, tier] of asked) {
      const found = await createEngine({ store, pool, indexes, tier }).frame(snapshot, query);
      if (found.plan.tier !== tier) throw new Error(`A ${query.mark} came by ${found.plan.tier}.`);
      const scanned = await createEngine({ store, pool, indexes, tier: 'scan' }).frame(snapshot, query); // prettier-ignore
      if (!Buffer.from(found.bytes).equals(scanned.bytes))
        throw new Error(`A ${query.mark} differs.`);
    }
  }
};

const fileOf = (from: number, to: number): Promise<string> =>
  generatedFile(`append-${from}-${to}.parquet`, TABLE(from, to));
