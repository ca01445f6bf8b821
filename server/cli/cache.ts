import type { Command } from 'commander';
import type { StoredSnapshot } from '../snapshots/source-folder.js';
import { openStore, type SnapshotStore } from '../snapshots/store.js';
import { verifySnapshot } from '../snapshots/verify.js';
import { formatBytes } from './byte-size.js';
import { openCacheDir } from './cache-dir.js';
import { EXIT } from './exit-codes.js';
import { printable } from './printable.js';
import { layOutTable } from './table.js';
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

  add('ls', 'list the snapshots').action(async (flags: CacheFlags) => {
    await withStore(flags, terminal, true, async (store) => {
      const stored = await store.list();
      if (flags.json === true) terminal.out(`${JSON.stringify(stored.map(tell), null, 2)}\n`);
      else terminal.out(listing(stored));
    });
  });
  add('clear [names...]', 'remove the snapshots of these datasets, or all').action(
    async (names: string[], flags: CacheFlags) => {
      await withStore(flags, terminal, false, async (store) => {
        let bytes = 0;
        for (const name of names.length === 0 ? [undefined] : names)
          bytes += await store.clear(name);
        if (flags.json === true) terminal.out(`${JSON.stringify({ bytes })}\n`);
        else terminal.out(`${formatBytes(bytes)} freed\n`);
      });
    },
  );
  add('verify', 'read every byte and compare the checksums').action(async (flags: CacheFlags) => {
    await withStore(flags, terminal, true, async (store) => {
      const results = [];
      for (const one of await store.list())
        results.push({ ...tell(one), fault: await faultOf(one) });
      if (flags.json === true) terminal.out(`${JSON.stringify(results, null, 2)}\n`);
      else {
        for (const { dataset, snapshot, fault } of results) {
          terminal.out(
            `${fault === null ? 'ok  ' : 'BAD '} ${printable(dataset)}  ${snapshot}${fault === null ? '' : `  ${fault}`}\n`,
          );
        }
      }
      done(results.every(({ fault }) => fault === null) ? EXIT.ok : EXIT.failure);
    });
  });
}

async function withStore(
  { cacheDir }: CacheFlags,
  terminal: Terminal,
  readOnly: boolean,
  work: (store: SnapshotStore) => Promise<void>,
): Promise<void> {
  const dir = await openCacheDir(cacheDir, terminal);
  const store = await openStore({ dir, readOnly, now: () => new Date() });
  try {
    await work(store);
  } finally {
    store.close();
  }
}

/** One snapshot, as `--json` tells it. */
function tell({ dir, snapshot, error }: StoredSnapshot) {
  const manifest = snapshot?.manifest;
  return {
    dataset: manifest?.dataset ?? '',
    snapshot: manifest?.id ?? '',
    rows: manifest?.rows ?? 0,
    bytes: manifest?.segments.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0,
    createdAt: manifest?.createdAt ?? null,
    files: manifest?.source.files.map(({ path }) => path) ?? [],
    dir,
    error: error?.message ?? null,
  };
}

function listing(stored: readonly StoredSnapshot[]): string {
  if (stored.length === 0) return 'The cache is empty.\n';
  const rows = stored
    .map(tell)
    .map(({ dataset, snapshot, rows, bytes, createdAt, error }) => [
      printable(dataset),
      snapshot,
      rows.toLocaleString('en'),
      formatBytes(bytes),
      createdAt ?? '',
      error ?? '',
    ]);
  return layOutTable(
    [['dataset', 'snapshot', 'rows', 'bytes', 'created', ''], ...rows],
    new Set([2, 3]),
  );
}

/** What is wrong with the bytes of a snapshot; null where nothing is. */
async function faultOf({ snapshot, error }: StoredSnapshot): Promise<string | null> {
  if (snapshot === undefined) return error?.message ?? 'It cannot be opened.';
  const [fault] = await verifySnapshot(snapshot);
  return fault === undefined ? null : `${fault.file}, byte ${fault.offset}: ${fault.reason}`;
}
