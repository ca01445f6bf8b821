import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbandoned } from './folder-lease.js';
import { foldersIn } from './source-folder.js';
import { LAYOUT, openStore, type SnapshotStore } from './store.js';

/**
 * A store of this process alone, beside a cache folder that another one writes to. Two servers may run side by side:
 * the second reads what the first has cached, and keeps here what it loads itself.
 */
export interface Aside {
  /** Opens it with the first load that needs it. */
  open(): Promise<SnapshotStore>;
  readonly opened: SnapshotStore | undefined;
  /** Removes those of processes that are gone. */
  sweep(): Promise<void>;
  /** Removes it with all that is in it. */
  close(): Promise<void>;
}

export interface AsideOptions {
  /** The cache folder. */
  dir: string;
  now: () => Date;
  isInUse?: (dir: string) => boolean;
  /** Takes what the operator should know. */
  warn: (message: string) => void;
}

const PREFIX = 'beside-';

export function createAside({ dir, now, isInUse = () => false, warn }: AsideOptions): Aside {
  let opening: Promise<SnapshotStore> | undefined;
  let opened: SnapshotStore | undefined;

  async function open(): Promise<SnapshotStore> {
    warn(
      `Another process writes to the cache folder ${dir}; what this one loads is kept until it ends.`,
    );
    opened = await openStore({ dir: await mkdtemp(join(dir, PREFIX)), now, isInUse });
    return opened;
  }

  return {
    open: () => (opening ??= open()),
    get opened() {
      return opened;
    },
    async sweep() {
      try {
        for (const name of await foldersIn(dir)) {
          if (!name.startsWith(PREFIX) || !isAbandoned(join(dir, name, LAYOUT))) continue;
          await rm(join(dir, name), { recursive: true, force: true });
        }
      } catch {
        // What cannot be removed is no reason not to start.
      }
    },
    async close() {
      const store = await opening?.catch(() => undefined);
      store?.close();
      if (store !== undefined) await rm(store.dir, { recursive: true, force: true });
    },
  };
}
