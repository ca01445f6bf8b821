import { readFileSync } from 'node:fs';
import { findPrlimit } from '../../prlimit.js';

/**
 * The words before a program that let it out of this process's cage, which it would inherit. None where there is no cage, or none
 * that the kernel keeps.
 */
export function outsideCage(): string[] {
  const prlimit = findPrlimit();
  const limits = prlimit === undefined ? '' : readFileSync('/proc/self/limits', 'utf8');
  const [, soft, hard] = /^Max data size\s+(\S+)\s+(\S+)/mu.exec(limits) ?? [];
  return prlimit === undefined || soft === hard ? [] : [prlimit, `--data=${hard}:`];
}
