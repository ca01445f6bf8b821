import { copyFile, constants, link, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from './manifest.js';

/**
 * Gives a draft in `dir` the segments of a snapshot, and what indexes there are of them: the same files under a second name, so that either
 * snapshot can be removed and the other stays. Where the file system has no such names they are copied.
 */
export async function shareSegments(snapshot: Snapshot, dir: string): Promise<void> {
  const segments = new Set(snapshot.manifest.segments.map(({ file }) => file));
  for (const file of await readdir(snapshot.dir)) {
    const isIndex =
      file.endsWith('.index') && segments.has(`${file.slice(0, file.indexOf('.'))}.arrow`);
    if (!segments.has(file) && !isIndex) continue;
    const [from, to] = [join(snapshot.dir, file), join(dir, file)];
    await link(from, to).catch(async (error: NodeJS.ErrnoException) => {
      // An index may have been dropped since the folder was listed.
      if (isIndex && error.code === 'ENOENT') return;
      if (!NO_LINKS.has(error.code ?? '')) throw error;
      await copyFile(from, to, constants.COPYFILE_FICLONE);
    });
  }
}

/** What a file system says that has no links, no more of them, or lies on another disk. */
const NO_LINKS = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'ENOSYS']);
