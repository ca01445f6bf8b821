import { closeSync, openSync, writeSync } from 'node:fs';
import { bytesOfFile } from '../byte-source.js';

/** A file that has grown behind the bytes that were read before. */
export interface GrownFile {
  path: string;
  /** What the file is called in sentences. */
  name: string;
  /** Bytes that were read before. */
  bytes: number;
  /** Bytes of the file as it is now. */
  size: number;
}

const STEP = 4 * 2 ** 20;

/** Copies what came behind the bytes that were read before to `copyTo`, below `head`. Throws SOURCE_CHANGED where the file becomes shorter. */
export function copyTail(
  { path, name, bytes, size }: GrownFile,
  copyTo: string,
  signal: AbortSignal,
  head = '',
): void {
  const fd = openSync(path, 'r');
  const copy = openSync(copyTo, 'w', 0o600);
  try {
    const source = bytesOfFile(fd, size, name);
    const step = new Uint8Array(STEP);
    writeSync(copy, head);
    for (let at = bytes; at < size;) {
      signal.throwIfAborted();
      const got = source.read(step, at);
      for (let done = 0; done < got;) done += writeSync(copy, step, done, got - done);
      at += got;
    }
  } finally {
    closeSync(fd);
    closeSync(copy);
  }
}
