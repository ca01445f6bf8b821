import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HalftoneError } from '../errors.js';
import type { FileFingerprint } from '../snapshots/manifest.js';
import { statFiles } from './watch-files.js';

/**
 * A file that nobody has written to for so long is taken as complete. The start of a loader takes about as long, so that it is
 * seldom waited for; a file system's clock ticks every 4 ms at least, so that a later write has another time.
 */
export const REST_MS = 200;

/** A file is waited for so often; then one that only grows, as a log does, is read as it is. */
const MAX_LOOKS = 10;

/**
 * Looks at the files before they are read, once none was written to for a moment: a load that fits between two writes of
 * somebody who overwrites a file in place would have rows of both versions. Throws SOURCE_CHANGED where that never comes.
 */
export async function filesAtRest(
  files: readonly string[],
  { clock = Date.now, signal }: { clock?: () => number; signal?: AbortSignal } = {},
): Promise<FileFingerprint[]> {
  let before = await statFiles(files);
  let isGrowing = true;
  for (let look = 1; ; look++) {
    const restless = before.find(({ mtimeNs }) => isYoung(mtimeNs, clock()));
    if (restless === undefined) return before;
    if (look === MAX_LOOKS && isGrowing) return before;
    if (look === MAX_LOOKS) throw neverAtRest(basename(restless.path));
    await pause(REST_MS, undefined, signal && { signal });
    const now = await statFiles(files);
    isGrowing &&= now.every((file, i) => isSameOrLonger(file, before[i]!));
    before = now;
  }
}

/** A time to come is one of another machine's clock, which says nothing. */
function isYoung(mtimeNs: string, now: number): boolean {
  const age = now - Number(BigInt(mtimeNs) / 1_000_000n);
  return age >= 0 && age < REST_MS;
}

function isSameOrLonger(now: FileFingerprint, before: FileFingerprint): boolean {
  if (now.ino !== before.ino) return false;
  return now.mtimeNs === before.mtimeNs || now.size > before.size;
}

function neverAtRest(file: string): HalftoneError {
  return new HalftoneError('SOURCE_CHANGED', `${file} is being written to all the time.`, {
    file,
    hint: 'Write to another name first and rename it over the old one when it is complete.',
  });
}
