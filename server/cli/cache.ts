import { resolve } from 'node:path';
import type { Command } from 'commander';
import { createOpened } from '../catalog/opened.js';
import { frameFolder, openFrameStore } from '../frames/frame-store.js';
import { listUploads, removeUploads, type Upload } from '../files/upload-folder.js';
import type { StoredSnapshot } from '../snapshots/source-folder.js';
import { openStore, type SnapshotStore } from '../snapshots/store.js';
import { verifySnapshot } from '../snapshots/verify.js';
import { formatBytes } from './byte-size.js';
import { openCacheDir } from './cache-dir.js';
import { entriesOf, listing, tell, type CacheEntry } from './cache-entries.js';
import { EXIT } from './exit-codes.js';
import { printable } from './printable.js';
import type { Terminal } from './terminal.js';

interface CacheFlags {
  cacheDir?: string;
  json?: boolean;
}

/** Adds `cache ls|clear|verify`: what is in the cache folder, and how to be rid of it. */
export function addCacheCommand(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  const cache = program.command('cache').description('list, clear or verify the cache folder');
  const add = (usage: string, description: string) =>
    cache
      .command(usage)
      .description(description)
      .option('--cache-dir <folder>', "the cache folder (default: the user's)")
      .option('--json', 'as JSON');
  const { out, err } = terminal;
  const print = (value: unknown): void => out(`${JSON.stringify(value, null, 2)}\n`);

  add('ls', 'list the snapshots, and the files that were uploaded').action(
    async (flags: CacheFlags) => {
      const store = await openToRead(flags, terminal);
      const entries = await entriesOf(store);
      if (flags.json === true) print(entries);
      else out(listing(entries));
    },
  );
  add(
    'clear [names...]',
    'remove the snapshots, frames and uploads of these datasets, or all',
  ).action(async (names: string[], flags: CacheFlags) => {
    const dir = await openCacheDir(flags.cacheDir, terminal);
    const store = await openStore({ dir, now: () => new Date() });
    try {
      let bytes = 0;
      for (const name of names.length === 0 ? [undefined] : names) {
        const freed = await clear(store, name);
        if (freed === undefined) err(`The cache holds nothing of "${printable(name!)}".\n`);
        bytes += freed ?? 0;
      }
      if (flags.json === true) print({ bytes });
      else out(`${formatBytes(bytes)} freed\n`);
    } finally {
      store.close();
    }
  });
  add('verify', 'read every byte and compare the checksums').action(async (flags: CacheFlags) => {
    const store = await openToRead(flags, terminal);
    const results = [];
    for (const one of await store.list())
      results.push({ ...(await tell(one)), fault: await faultOf(one) });
    if (flags.json === true) print(results);
    else for (const result of results) out(verdict(result));
    done(results.every(({ fault }) => fault === null) ? EXIT.ok : EXIT.failure);
  });
}

/** Opens the store without a lease: a folder that is in use, or cannot be written, can be looked at. */
async function openToRead({ cacheDir }: CacheFlags, terminal: Terminal): Promise<SnapshotStore> {
  const dir =
    cacheDir === undefined
      ? await openCacheDir(undefined, terminal)
      : resolve(terminal.cwd, cacheDir);
  return openStore({ dir, readOnly: true, now: () => new Date() });
}

/**
 * Removes the snapshots and frames of a dataset, or all, with the uploads that they were loaded from. Returns the bytes freed;
 * undefined where there was nothing of that name.
 */
async function clear(
  store: SnapshotStore,
  dataset: string | undefined,
): Promise<number | undefined> {
  const uploads = await listUploads(store.dir);
  const sources = new Set(
    (await store.list())
      .filter(({ snapshot }) => snapshot?.manifest.dataset === dataset)
      .flatMap(({ snapshot }) => snapshot?.manifest.source.files.map(({ path }) => path) ?? []),
  );
  const isMeant = ({ path }: Upload): boolean => dataset === undefined || sources.has(path);
  const snapshots = await store.clear(dataset);
  const meant = uploads.filter(isMeant).map(({ path }) => path);
  if (meant.length > 0) await createOpened(store.dir).forget(meant);
  const frames = openFrameStore({ dir: frameFolder(store.dir), now: Date.now });
  await frames.idle();
  const { bytes: ofFrames } = await frames.clear(dataset === undefined ? {} : { dataset });
  const bytes = snapshots + ofFrames + (await removeUploads(store.dir, isMeant));
  return bytes === 0 && dataset !== undefined ? undefined : bytes;
}

function verdict({ dataset, snapshot, fault }: CacheEntry & { fault: string | null }): string {
  const line = `${printable(dataset)}  ${snapshot}`;
  return fault === null ? `ok   ${line}\n` : `BAD  ${line}  ${fault}\n`;
}

/** What is wrong with the bytes of a snapshot; null where nothing is. */
async function faultOf({ snapshot, error }: StoredSnapshot): Promise<string | null> {
  if (snapshot === undefined) return error?.message ?? 'It cannot be opened.';
  const [fault] = await verifySnapshot(snapshot);
  return fault === undefined ? null : `${fault.file}, byte ${fault.offset}: ${fault.reason}`;
}
