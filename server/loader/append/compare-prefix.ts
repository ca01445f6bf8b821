import { closeSync, openSync } from 'node:fs';
import { bytesOfFile } from '../byte-source.js';
import { BlockDigest } from './block-digest.js';
import type { GrownFile } from './copy-tail.js';

/** The bytes of a file that were read before, and what they were. */
export interface Prefix extends GrownFile {
  digest: string;
}

export interface ComparedPrefix {
  /** They are not the bytes of before. */
  isOther: boolean;
  /** Of the file as it is now. */
  digest: string;
}

const STEP = 4 * 2 ** 20;

/**
 * Holds a file against the bytes that were read before, all of them, and digests what is behind them. `goesOn` is asked before every step; undefined where
 * it said no.
 */
export function comparePrefix(
  { path, name, bytes, digest, size }: Prefix,
  goesOn: () => boolean,
): ComparedPrefix | undefined {
  const fd = openSync(path, 'r');
  try {
    const source = bytesOfFile(fd, size, name);
    const read = new BlockDigest();
    const step = new Uint8Array(STEP);
    const pass = (from: number, to: number): boolean => {
      for (let at = from; at < to;) {
        if (!goesOn()) return false;
        const got = source.read(step.subarray(0, to - at), at);
        read.update(step.subarray(0, got));
        at += got;
      }
      return true;
    };
    if (!pass(0, bytes)) return undefined;
    const isOther = read.value !== digest;
    return pass(bytes, size) ? { isOther, digest: read.value } : undefined;
  } finally {
    closeSync(fd);
  }
}
