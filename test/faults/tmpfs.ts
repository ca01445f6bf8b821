import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';

/** A small disk of its own, where this user may mount one. */
export interface SmallDisk {
  dir: string;
  makeReadOnly(): void;
  remove(): void;
}

/** Mounts a disk of `megabytes` at an empty folder; undefined where that is not allowed. */
export function mountDisk(dir: string, megabytes: number): SmallDisk | undefined {
  if (process.platform !== 'linux') return undefined;
  mkdirSync(dir);
  const mount = (...args: string[]): boolean =>
    spawnSync('mount', [...args, dir], { stdio: 'ignore' }).status === 0;
  if (!mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs')) {
    rmdirSync(dir);
    return undefined;
  }
  return {
    dir,
    makeReadOnly: () => {
      if (!mount('-o', 'remount,ro')) throw new Error(`${dir} cannot be made read-only.`);
    },
    remove: () => {
      spawnSync('umount', ['-l', dir]);
      rmdirSync(dir);
    },
  };
}
