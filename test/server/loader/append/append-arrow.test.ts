import * as arrow from 'apache-arrow';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DatasetSource } from '../../../../server/loader/source.js';
import { QUERIES, startAppends, type Appends } from './appends.js';

let appends: Appends;
beforeAll(async () => {
  appends = await startAppends();
});
afterAll(() => appends.close());

type Columns = Record<string, arrow.Vector>;

/** Rows with nulls, NaN, times, and words that are others with `from`. */
function columnsOf(from: number, rows: number, unit = arrow.TimeUnit.MILLISECOND): Columns {
  const every = Array.from({ length: rows }, (_, i) => from + i);
  const at = new arrow.Timestamp(unit, 'UTC');
  return {
    n: arrow.vectorFromArray(every.map((i) => i * (from + 1)), new arrow.Int32()),
    y: arrow.vectorFromArray(every.map((i) => (i % 7 === 0 ? null : i % 11 === 0 ? NaN : Math.sin(i) * from)), new arrow.Float64()),
    at: arrow.vectorFromArray(every.map((i) => 1.7e12 + i * 60_000), at),
    word: arrow.vectorFromArray(every.map((i) => (i % 5 === 0 ? null : `word ${i % (10 + from)}`))),
  }; // prettier-ignore
}

function folderOf(name: string, tables: readonly Columns[]): DatasetSource {
  const root = join(appends.dir, name);
  mkdirSync(root, { recursive: true });
  const files = tables.map((table, i) => {
    const path = join(root, `${i}.arrow`);
    // Files and streams are told apart by their bytes.
    writeFileSync(path, arrow.tableToIPC(new arrow.Table(table), i % 2 === 0 ? 'file' : 'stream'));
    return path;
  });
  return { name, kind: 'arrow', files, root, united: true, csv: {}, strict: false };
}

const first = (source: DatasetSource, count: number): DatasetSource => ({
  ...source,
  files: source.files.slice(0, count),
});

test('Arrow files that come last into a folder are all that is read of it', async () => {
  const source = folderOf('some', [columnsOf(0, 900), columnsOf(900, 70), columnsOf(970, 3000)]);
  const one = await appends.load(first(source, 1));
  const two = await appends.load(first(source, 2), one.snapshot);
  const three = await appends.load(source, two.snapshot);
  expect([...two.log, ...three.log]).toEqual([]);
  expect(three.snapshot.manifest.appendedTo).toEqual({ id: two.snapshot.manifest.id, rows: 970 });
  expect(await appends.differences(source, three.snapshot, QUERIES)).toEqual([]);
});

test('a column that the new file lacks is null in its rows', async () => {
  const { y: _y, ...others } = columnsOf(900, 70);
  const source = folderOf('lacking', [columnsOf(0, 900), others]);
  const { snapshot } = await appends.load(first(source, 1));
  const { snapshot: grown, log } = await appends.load(source, snapshot);
  expect(log).toEqual([]);
  expect(grown.manifest.appendedTo?.rows).toBe(900);
  expect(await appends.differences(source, grown, QUERIES)).toEqual([]);
});

test('an Arrow file with other columns, types or units makes the folder be read whole, and the run says why', async () => {
  const before = columnsOf(0, 900);
  const now = columnsOf(900, 50);
  const cases: [Columns, RegExp][] = [
    [{ ...now, more: now['n']! }, /"more" is new/u],
    [{ ...now, n: now['y']! }, /"n" is DOUBLE now, and was INTEGER/u],
    [columnsOf(900, 50, arrow.TimeUnit.MICROSECOND), /"at" (?:has another unit now|is .* now, and was)/u],
  ]; // prettier-ignore
  for (const [i, [table, reason]] of cases.entries()) {
    const source = folderOf(`other-${i}`, [before, table]);
    const { snapshot } = await appends.load(first(source, 1));
    const { snapshot: grown, log } = await appends.load(source, snapshot);
    expect(log.join()).toMatch(reason);
    expect(grown.manifest.appendedTo).toBeUndefined();
    expect(await appends.differences(source, grown, QUERIES)).toEqual([]);
  }
});

test('an Arrow file that has changed is read whole', async () => {
  const source = folderOf('changed', [columnsOf(0, 300)]);
  const { snapshot } = await appends.load(source);
  folderOf('changed', [columnsOf(0, 400)]);
  const { snapshot: other, log } = await appends.load(source, snapshot);
  expect(log.join()).toMatch(/may be another one/u);
  expect(other.manifest).toMatchObject({ rows: 400 });
  expect(other.manifest.appendedTo).toBeUndefined();
});
