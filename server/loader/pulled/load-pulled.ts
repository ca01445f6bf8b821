import type { FileKind } from '../../snapshots/manifest.js';
import type { LoadOutcome, PullContext } from '../context.js';
import { loadSource } from '../load.js';
import { kindOfFile } from '../sources/source-kind.js';
import { statFiles } from '../watch-files.js';

/** Loads a file that was pulled whole, as a file of its kind would be; what kind that is, its bytes say. */
export async function loadPulled(
  context: PullContext,
  path: string,
  format: FileKind | undefined,
): Promise<LoadOutcome> {
  const [found] = await statFiles([path]);
  const kind = format ?? kindOfFile(path);
  const source = { ...context.source, kind, files: [path], united: false };
  // The next load pulls: it cannot go on behind what a reader of files knows.
  return loadSource({ ...context, source, bytesTotal: found!.size, isResumable: false });
}
