import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FrameMetadata } from '../../protocol/frame.js';
import type { Problem } from '../../protocol/problem.js';
import type { DatasetSource } from '../../server/loader/source.js';
import { fingerprintSource, snapshotId } from '../../server/snapshots/fingerprint.js';
import { openSnapshot, writeManifest } from '../../server/snapshots/open-snapshot.js';
import { folderNameOf } from '../../server/snapshots/source-folder.js';
import { verifySnapshot } from '../../server/snapshots/verify.js';
import { halftone, killAll, WAIT, type Halftone } from '../helpers/halftone-process.js';
import {
  flipBit,
  partialsBelow,
  snapshotsOf,
  type SnapshotFiles,
} from '../helpers/snapshot-files.js';
import { ensureKernel } from '../server/loader/csv/helpers/load.js';

// Whole processes, each with its loads: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

/** So many distinct texts are no dictionary. */
const rowsOf = (name: string): number => (name.includes('texts') ? 70_000 : 5000);
const WORDS = ['one', 'two', 'three'];

/** What is done to the snapshot of a dataset of the same name, and whether anybody can notice. */
interface Damage {
  do: (files: SnapshotFiles) => void;
  isSeen: boolean;
}

type Part = (files: SnapshotFiles) => number | undefined;
/** The middle of a buffer of a column's first batch. */
const buffer =
  (name: string, part: 'validity' | 'offsets' | 'data'): Part =>
  ({ manifest }) => {
    const at = manifest.columns.findIndex(({ info }) => info.name === name);
    const ref = manifest.segments[0]!.batches[0]!.columns[at]![part];
    return ref && ref.offset + (ref.length >> 1);
  };
const dictionary =
  (part: 'offsets' | 'bytes'): Part =>
  ({ manifest }) => {
    const found = manifest.segments[0]!.columns.find((column) => column.dictionary !== undefined);
    const ref = found?.dictionary![part];
    return ref && ref.offset + (ref.length >> 1);
  };
const inSegment = ({ dir, manifest }: SnapshotFiles) => join(dir, manifest.segments[0]!.file);
const inManifest = ({ dir }: SnapshotFiles) => join(dir, 'manifest.json');
const flip =
  (part: Part): ((files: SnapshotFiles) => void) =>
  (files) => {
    const offset = part(files);
    expect(offset, 'the part is there').toBeDefined();
    flipBit(inSegment(files), offset!);
  };
const editManifest = (edit: (text: string) => string) => (files: SnapshotFiles) => {
  const before = readFileSync(inManifest(files), 'utf8');
  const after = edit(before);
  expect(after).not.toBe(before);
  writeFileSync(inManifest(files), after);
};

const DAMAGES: Record<string, Damage> = {
  'validity of a column': { do: flip(buffer('n', 'validity')), isSeen: true },
  'integers of a column': { do: flip(buffer('n', 'data')), isSeen: true },
  'doubles of a column': { do: flip(buffer('price', 'data')), isSeen: true },
  'codes of a column': { do: flip(buffer('word', 'data')), isSeen: true },
  'offsets of texts': { do: flip(buffer('text', 'offsets')), isSeen: true },
  'bytes of texts': { do: flip(buffer('text', 'data')), isSeen: true },
  'offsets of a dictionary': { do: flip(dictionary('offsets')), isSeen: true },
  'bytes of a dictionary': { do: flip(dictionary('bytes')), isSeen: true },
  'schema of a segment': {
    do: flip(({ manifest }) => manifest.segments[0]!.schema.offset + 40),
    isSeen: true,
  },
  'footer of a segment': {
    do: flip(({ manifest }) => manifest.segments[0]!.footer.offset + 40),
    isSeen: true,
  },
  // For other readers alone: we know from the manifest where everything lies.
  'header of a batch': {
    do: flip(({ manifest }) => manifest.segments[0]!.batches[0]!.header.offset + 40),
    isSeen: false,
  },
  'magic of a segment': { do: flip(() => 2), isSeen: false },
  'end of a segment cut': {
    do: (files) => truncateSync(inSegment(files), files.manifest.segments[0]!.bytes - 1),
    isSeen: true,
  },
  'segment grown': {
    do: (files) => truncateSync(inSegment(files), files.manifest.segments[0]!.bytes + 64),
    isSeen: true,
  },
  'segment missing': { do: (files) => rmSync(inSegment(files)), isSeen: true },
  'segment a folder': {
    do: (files) => {
      rmSync(inSegment(files));
      mkdirSync(inSegment(files));
    },
    isSeen: true,
  },
  'manifest of another version': {
    do: editManifest((text) => text.replace(/"format": \d+/u, '"format": 99')),
    isSeen: true,
  },
  'manifest with another number': {
    do: editManifest((text) => text.replace('"rows": 5000', '"rows": 4999')),
    isSeen: true,
  },
  'manifest of rubbish': { do: editManifest(() => '\u0000rubbish{'), isSeen: true },
  'manifest of null': { do: editManifest(() => 'null'), isSeen: true },
  'manifest missing': { do: (files) => rmSync(inManifest(files)), isSeen: true },
  'pointer of rubbish': {
    do: ({ dir }) => writeFileSync(join(dir, '..', 'current'), '../../x'),
    isSeen: false,
  },
  'no part damaged': { do: () => undefined, isSeen: false },
  'no texts damaged': { do: () => undefined, isSeen: false },
};
const NAMES = Object.keys(DAMAGES);

/** One query for each column, and one over all. */
const queries = (dataset: string): object[] => [
  { dataset, mark: 'histogram', x: 'n' },
  { dataset, mark: 'value', aggregate: { op: 'mean', column: 'price' } },
  { dataset, mark: 'bar', x: 'word' },
  { dataset, mark: 'value', filters: [{ op: 'contains', column: 'text', text: '77' }] },
  { dataset, mark: 'rows', columns: ['n', 'word', 'text', 'price'], limit: 100_000 },
];

let folder: string;
let cache: string;
let server: Halftone;
let args: string[];
/** Snapshots before the damage, and what was answered then. */
const before = new Map<string, string>();
const expected = new Map<number, unknown[]>();

/** A frame without what belongs to the snapshot: its rows, and its columns' values. */
async function contentOf(response: Response): Promise<unknown> {
  const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()), { useBigInt: true });
  const { rows, exact } = JSON.parse(table.schema.metadata!.get('halftone')!) as FrameMetadata;
  const columns = table.schema.fields.map(({ name }) => [name, [...table.getChild(name)!]]);
  return { rows, exact, columns };
}

/** Puts a snapshot of one dataset into the cache as that of another, whose file is the same. */
async function copySnapshot(from: string, to: string): Promise<void> {
  const path = join(folder, `${to}.csv`);
  cpSync(join(folder, `${from}.csv`), path);
  const shape = { kind: 'csv', united: false, csv: {}, strict: false } as const;
  const source: DatasetSource = { name: to, files: [path], ...shape };
  const { dir, manifest } = await openSnapshot(snapshotsOf(cache, from)[0]!.dir);
  const fingerprint = await fingerprintSource(source);
  const id = snapshotId(manifest.createdAt, fingerprint);
  const target = join(cache, 'v1', folderNameOf(source), id);
  cpSync(dir, target, { recursive: true });
  const own = { ...manifest, id, dataset: to, source: fingerprint };
  writeFileSync(join(target, 'manifest.json'), writeManifest(own));
}

beforeAll(async () => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone Schäden '));
  cache = join(folder, 'cache dir ü');
  const loaded = ['no part damaged', 'no texts damaged'];
  for (const name of loaded) {
    const lines = Array.from({ length: rowsOf(name) }, (_, row) => {
      const n = row % 7 === 0 ? '' : (row * 37) % 100_000;
      return `${n},${WORDS[row % 3]},text number ${row * 7919},${row / 7}\n`;
    });
    writeFileSync(join(folder, `${name}.csv`), `n,word,text,price\n${lines.join('')}`);
  }
  const options = ['--separate', '--port', '0', '--cache-dir', cache];
  const first = halftone([...loaded.map((name) => `${name}.csv`), ...options], { cwd: folder });
  for (const name of loaded) {
    expect(await first.settled(name)).toMatchObject({ status: 'ready', rows: rowsOf(name) });
    const answers = [];
    for (const query of queries(name)) answers.push(await contentOf(await first.frame(query)));
    expected.set(rowsOf(name), answers);
  }
  expect(await first.stop()).toBe(0);
  for (const name of NAMES) {
    const from = loaded.find((one) => rowsOf(one) === rowsOf(name))!;
    if (from !== name) await copySnapshot(from, name);
    before.set(name, snapshotsOf(cache, name)[0]!.manifest.id);
  }
  for (const name of NAMES) DAMAGES[name]!.do(snapshotsOf(cache, name)[0]!);
  cpSync(cache, join(folder, 'damaged'), { recursive: true });
  args = [...NAMES.map((name) => `${name}.csv`), ...options];
  server = halftone(args, { cwd: folder });
});
afterAll(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(NAMES)('a cache with its %s', (name) => {
  const { isSeen } = DAMAGES[name]!;

  test('never gives a wrong frame, and gives the right one soon', async () => {
    for (const [at, query] of queries(name).entries()) {
      const answers: unknown[] = [];
      const refusals = new Set<string>(['DATASET_LOADING']);
      await vi.waitFor(async () => {
        const response = await server.frame(query);
        if (response.status === 200) answers.push(await contentOf(response));
        else refusals.add(((await response.json()) as Problem).code);
        expect(response.status).toBe(200);
      }, WAIT);
      // A single wrong one would be too many.
      expect(answers).toEqual([expected.get(rowsOf(name))![at]]);
      expect(refusals).toEqual(new Set(['DATASET_LOADING']));
    }
    const { snapshot, rows, stale, problem } = await server.settled(name);
    expect({ rows, stale, problem }).toEqual({
      rows: rowsOf(name),
      stale: undefined,
      problem: undefined,
    });
    if (isSeen) expect(snapshot).not.toBe(before.get(name));
    else expect(snapshot).toBe(before.get(name));
  });

  test('is left with whole snapshots alone', async () => {
    if (!isSeen) return;
    const [newest] = snapshotsOf(cache, name);
    for (const { dir } of snapshotsOf(cache, name))
      expect(await verifySnapshot(await openSnapshot(dir))).toEqual([]);
    expect(newest!.manifest.id).toBe((await server.dataset(name)).snapshot);
    expect(partialsBelow(join(newest!.dir, '..'))).toEqual([]);
  });
});

test('the next start finds nothing to do', async () => {
  const snapshots = await Promise.all(
    NAMES.map(async (name) => (await server.dataset(name)).snapshot),
  );
  expect(await server.stop()).toBe(0);
  server = halftone(args, { cwd: folder });
  for (const [at, name] of NAMES.entries())
    expect((await server.settled(name)).snapshot).toBe(snapshots[at]);
  expect(await server.stop()).toBe(0);
});

test('a damaged column whose source is gone is refused with both reasons; the others are answered', async () => {
  const name = 'integers of a column';
  rmSync(join(folder, `${name}.csv`));
  const alone = [`${name}.csv`, '--port', '0', '--cache-dir', 'damaged'];
  const lone = halftone(alone, { cwd: folder });
  expect(await lone.settled(name)).toMatchObject({
    status: 'ready',
    snapshot: before.get(name),
    stale: true,
    problem: {
      code: 'SOURCE_MISSING',
      detail: expect.stringContaining('is served as it was loaded on') as string,
    },
  });
  const [histogram, mean] = queries(name);
  await expect
    .poll(async () => (await (await lone.frame(histogram!)).json()) as Problem)
    .toMatchObject({
      status: 500,
      code: 'CACHE_DAMAGED',
      detail: expect.stringMatching(
        /column "n", batch 0.*It cannot be built anew: The file/u,
      ) as string,
    });
  const answer = await lone.frame(mean!);
  expect(answer.status).toBe(200);
  expect(await contentOf(answer)).toEqual(expected.get(5000)![1]);
  expect(await lone.stop()).toBe(0);
});
