import { basename } from 'node:path';
import { canonicalJson } from '../../../protocol/canonical.js';
import { fingerprintText } from '../../snapshots/fingerprint.js';
import type {
  Manifest,
  ManifestColumn,
  ManifestSegment,
  ResumeFile,
  Snapshot,
  SourceFingerprint,
} from '../../snapshots/manifest.js';

/** A snapshot that another one of the same source may begin with: its segments are shared, and only what came since is read. */
export interface AppendBase {
  /** The snapshot's folder. */
  dir: string;
  rows: number;
  columns: readonly ManifestColumn[];
  segments: readonly ManifestSegment[];
  resume: ResumeFile;
  /** Files of the source that it holds; they are the first of those that the source has now. */
  files: number;
  /** The last of them looks different now: it may have grown. */
  isLastChanged: boolean;
}

/** Every append adds a segment at least. With more of them than this the source is read whole, into few long ones. */
const MAX_SEGMENTS = 64;

/**
 * Tells whether the source can be the old one and something behind it, as far as its files can be seen from outside; or why
 * not. Undefined where `previous` cannot be appended to at all, or nothing has changed.
 */
export function appendBase(
  previous: Snapshot | undefined,
  now: SourceFingerprint,
): { base: AppendBase } | { reason: string } | undefined {
  const { manifest, dir } = previous ?? {};
  if (manifest?.resume === undefined || dir === undefined) return undefined;
  const { source, rows, columns, segments, resume } = manifest;
  if (source.kind !== now.kind || source.options !== now.options) return undefined;
  const { files } = source;
  // Of what is pulled a look tells nothing.
  const isSame = fingerprintText(source) === fingerprintText(now);
  if (isSame && files.length > 0) return undefined;
  const last = files.length - 1;
  for (const [i, file] of files.entries()) {
    const name = basename(file.path);
    const there = now.files[i];
    if (there?.path !== file.path) {
      const isGone = now.files.every(({ path }) => path !== file.path);
      return { reason: isGone ? `${name} is gone` : `a file came in front of ${name}` };
    }
    if (i < last && canonicalJson(there) !== canonicalJson(file))
      return { reason: `${name} has changed, and is not the last of the files` };
  }
  if (segments.length >= MAX_SEGMENTS)
    return { reason: `its ${segments.length} pieces are put together` };
  return {
    base: {
      dir,
      rows,
      columns,
      segments,
      resume,
      files: files.length,
      isLastChanged: isOther(manifest, now),
    },
  };
}

/** The segments of a base as a snapshot has them that shares them; `id` names the snapshot that it is. */
export function sharedSegments(id: string, { segments }: AppendBase): ManifestSegment[] {
  return segments.map((segment) => ({ ...segment, writtenBy: segment.writtenBy ?? id }));
}

function isOther({ source: { files } }: Manifest, now: SourceFingerprint): boolean {
  const last = files.length - 1;
  return canonicalJson(files[last]) !== canonicalJson(now.files[last]);
}
