import { readSync } from 'node:fs';
import { HalftoneError } from '../errors.js';

/**
 * Where a reader gets its bytes: `read` fills `target` from `position` on and tells how many bytes it got: one at least as
 * long as `position` is below `size`, and none beyond.
 */
export interface ByteSource {
  readonly name: string;
  readonly size: number;
  read(target: Uint8Array, position: number): number;
}

/** The first `size` bytes of a file, which may grow meanwhile. Throws SOURCE_CHANGED where it has become shorter. */
export function bytesOfFile(fd: number, size: number, name: string): ByteSource {
  return {
    name,
    size,
    read(target, at) {
      const got = readSync(fd, target, 0, Math.min(target.length, size - at), at);
      if (got > 0) return got;
      throw new HalftoneError('SOURCE_CHANGED', `${name} became shorter while it was read.`, {
        file: name,
        hint: 'Replace files by renaming, not by overwriting them.',
      });
    },
  };
}

export function bytesOfBuffer(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    read(target, at) {
      const part = bytes.subarray(at, at + target.length);
      target.set(part);
      return part.length;
    },
  };
}
