import type { Terminal } from './terminal.js';

/** DuckDB's own default is 80 % of the memory; a load stands beside the columns and the pages of the system. */
const SHARE = 0.6;
const LEAST = 2 ** 30;

/** Bytes that one load may take: a cage, not a reservation. */
export function loadMemoryOf({ totalMemory }: Pick<Terminal, 'totalMemory'>): number {
  return Math.max(LEAST, Math.floor(totalMemory * SHARE));
}
