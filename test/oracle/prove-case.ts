import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkQuery } from '../../server/engine/check-query.js';
import { canonicalQuery } from '../../server/frames/query-key.js';
import type { DatasetSource } from '../../server/loader/source.js';
import { prove, type Proof } from '../../server/loader/verify/prove.js';
import type { Snapshot } from '../../server/snapshots/manifest.js';

/** Holds the bytes of a frame against a Parquet file as a loader child does, in this process. */
export async function proveFrame(
  path: string,
  { manifest }: Snapshot,
  query: unknown,
  bytes: Uint8Array,
): Promise<Proof> {
  const dir = await mkdtemp(join(tmpdir(), 'halftone-prove-'));
  const source: DatasetSource = {
    name: 'zoo',
    kind: 'parquet',
    files: [path],
    united: false,
    csv: {},
    strict: false,
  };
  try {
    const frame = join(dir, 'frame.arrow');
    await writeFile(frame, bytes);
    return await prove(
      {
        source,
        dir,
        tempDir: dir,
        memoryBytes: 2e9,
        threads: 2,
        bytesTotal: 0,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      },
      {
        query: canonicalQuery(checkQuery(query)),
        columns: manifest.columns.map(({ info: { name, type }, logical }) => ({
          name,
          type,
          logical,
        })),
        frame,
      },
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
