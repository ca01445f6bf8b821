import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { FRAME_REVISION } from '../../protocol/media.js';
import type { Frame } from '../engine/engine.js';
import { frameFileOf, readFrameFile, type StoredFrame } from './frame-file.js';

/** What names a frame for ever, beside the revision. */
export interface FrameName {
  dataset: string;
  snapshot: string;
  key: string;
}

/** Frames on disk, over restarts, and for every process that works with the same cache folder. */
export interface FrameStore {
  /** Whether this process knows the frame to be there. */
  has(name: FrameName): boolean;
  /** The frame, checked byte by byte; undefined where it is not there or damaged. */
  read(name: FrameName): Promise<StoredFrame | undefined>;
  /** Writes a frame by and by; where the disk does not keep up or cannot be written, it is left out. */
  write(name: FrameName, frame: Frame): void;
  /** Forgets what matches all that is given. Gives the bytes freed. */
  clear(which: {
    dataset?: string;
    key?: string;
    /** A snapshot whose frames stay. */
    except?: string;
  }): Promise<{ frames: number; bytes: number }>;
  /**
   * Takes in which snapshots of a dataset answer now, and removes the frames of those that have answered before. What others have
   * written under the same name stays: a cache folder may serve more than one source of that name.
   */
  keepOnly(dataset: string, snapshots: ReadonlySet<string>): void;
  readonly frames: number;
  readonly bytesHeld: number;
  readonly maxBytes: number;
  /** Settles when all is written. */
  idle(): Promise<void>;
}

/** Bytes that may wait to be written: what is made faster than the disk takes it is not worth the memory. */
const MAX_WAITING_BYTES = 32 * 2 ** 20;
const SUFFIX = `-r${FRAME_REVISION}.frame`;

/** Beside the snapshots in a cache folder. */
export const frameFolder = (cacheDir: string): string => join(cacheDir, 'frames');

interface Held {
  bytes: number;
  /** Milliseconds since 1970. */
  usedAt: number;
}

/**
 * Opens the frames in a folder, `<dataset>/<snapshot>/<key>-r<revision>.frame`. Nothing in it is ever out of date, as the snapshot and the
 * revision are in the name; what was used longest ago gives way when there are more than `maxBytes`.
 */
export function openFrameStore({
  dir,
  maxBytes = 2 ** 30,
  now,
}: {
  dir: string;
  maxBytes?: number;
  /** Milliseconds since 1970. */
  now: () => number;
}): FrameStore {
  const held = new Map<string, Held>();
  const answering = new Map<string, ReadonlySet<string>>();
  let bytesHeld = 0;
  let waitingBytes = 0;

  // Behind the start: until it is done, a frame is found by looking whether its file is there.
  let last: Promise<void> = list();

  /** Learns what is there, the least recently used first. Other revisions are of no use to anybody. */
  async function list(): Promise<void> {
    const files = (
      await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])
    ).filter((entry) => entry.isFile());
    const found: [string, Held][] = [];
    for (const entry of files) {
      const path = join(parentOf(entry), entry.name);
      const stats = await stat(path).catch(() => undefined);
      if (stats === undefined) continue;
      if (entry.name.endsWith(SUFFIX)) {
        found.push([path, { bytes: stats.size, usedAt: stats.mtimeMs }]);
      } else await rm(path, { force: true }).catch(() => undefined);
    }
    found.sort(([, a], [, b]) => a.usedAt - b.usedAt);
    const newer = [...held];
    for (const [path, one] of [...found, ...newer]) put(path, one);
    await makeRoom();
  }

  function put(path: string, one: Held): void {
    bytesHeld += one.bytes - (held.get(path)?.bytes ?? 0);
    // Set anew, it stands last: the map is in the order of use.
    held.delete(path);
    held.set(path, one);
  }

  async function drop(path: string): Promise<number> {
    const bytes = held.get(path)?.bytes ?? 0;
    held.delete(path);
    bytesHeld -= bytes;
    await rm(path, { force: true }).catch(() => undefined);
    return bytes;
  }

  /** Removes a snapshot's frames with their folder, of which there would be one more after every refresh. */
  async function removeSnapshot(folder: string): Promise<void> {
    for (const [path, { bytes }] of held) {
      if (!path.startsWith(folder + sep)) continue;
      held.delete(path);
      bytesHeld -= bytes;
    }
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }

  async function makeRoom(): Promise<void> {
    for (const path of held.keys()) {
      if (bytesHeld <= maxBytes) return;
      await drop(path);
    }
  }

  const pathOf = ({ dataset, snapshot, key }: FrameName): string =>
    join(dir, folderOf(dataset), snapshot, `${key}${SUFFIX}`);

  async function write(path: string, id: string, frame: Frame): Promise<void> {
    const { bytes, metadata, plan, timing } = frame;
    const storedAt = now();
    const parts = frameFileOf({ id, storedAt, metadata, plan, timing }, bytes);
    const partial = `${path}.partial-${process.pid}`;
    try {
      await mkdir(dirname(path), { recursive: true });
      // Not flushed: after a crash a frame that is not whole fails its checksum, and is made again.
      const file = await open(partial, 'w', 0o600);
      try {
        await file.writev(parts);
      } finally {
        await file.close();
      }
      await rename(partial, path);
      put(path, { bytes: parts[0].length + parts[1].length, usedAt: storedAt });
      await makeRoom();
    } catch {
      // A disk that is full or read-only: the frame is in memory.
      await rm(partial, { force: true }).catch(() => undefined);
    }
  }

  return {
    has: (name) => held.has(pathOf(name)),
    async read(name) {
      const path = pathOf(name);
      const file = await readFile(path).catch(() => undefined);
      if (file === undefined) {
        if (held.has(path)) await drop(path);
        return undefined;
      }
      const stored = readFrameFile(file, idOf(name));
      if (stored === undefined) {
        await drop(path);
        return undefined;
      }
      const usedAt = now();
      put(path, { bytes: file.length, usedAt });
      utimes(path, usedAt / 1000, usedAt / 1000).catch(() => undefined);
      return stored;
    },
    write(name, frame) {
      const { byteLength } = frame.bytes;
      if (waitingBytes + byteLength > MAX_WAITING_BYTES || byteLength > maxBytes / 8) return;
      waitingBytes += byteLength;
      last = last
        .then(() => write(pathOf(name), idOf(name), frame))
        .finally(() => (waitingBytes -= byteLength));
    },
    async clear({ dataset, key, except }) {
      await last;
      const within = dataset === undefined ? dir + sep : join(dir, folderOf(dataset)) + sep;
      const meant = [...held.keys()].filter(
        (path) =>
          path.startsWith(within) &&
          basename(dirname(path)) !== except &&
          (key === undefined || path.endsWith(`${sep}${key}${SUFFIX}`)),
      );
      let bytes = 0;
      for (const path of meant) bytes += await drop(path);
      return { frames: meant.length, bytes };
    },
    keepOnly(dataset, snapshots) {
      const gone = [...(answering.get(dataset) ?? [])].filter((id) => !snapshots.has(id));
      answering.set(dataset, snapshots);
      // In its turn: what waits to be written of it would make the folder anew.
      for (const id of gone)
        last = last.then(() => removeSnapshot(join(dir, folderOf(dataset), id)));
    },
    get frames() {
      return held.size;
    },
    get bytesHeld() {
      return bytesHeld;
    },
    maxBytes,
    idle: () => last,
  };
}

/** Names of datasets may be longer than those of files, and hold what no file name may. */
function folderOf(dataset: string): string {
  return createHash('sha256').update(dataset).digest('hex').slice(0, 16);
}

const idOf = ({ dataset, snapshot, key }: FrameName): string =>
  JSON.stringify([dataset, snapshot, FRAME_REVISION, key]);

const parentOf = (entry: Dirent): string => entry.parentPath;
