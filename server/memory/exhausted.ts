import { HalftoneError } from '../errors.js';
import type { Account } from './account.js';
import { inMegabytes } from './in-megabytes.js';

/** The columns of a query have no room. */
export function columnsExhausted(needed: number, pinned: number, budget: number): HalftoneError {
  const why =
    needed > budget
      ? `only ${inMegabytes(budget)} of columns may be in memory at all`
      : `${inMegabytes(pinned)} of the ${inMegabytes(budget)} for columns are in use by others`;
  return new HalftoneError(
    'MEMORY_EXHAUSTED',
    `This query needs ${inMegabytes(needed)} of columns, and ${why}.`,
    { hint: 'Ask for fewer columns at once, or start with a larger --memory-limit.' },
  );
}

/** What a request needs that has `ownBytes` already has no room. */
export function scratchExhausted(
  what: string,
  needed: number,
  account: Account,
  ownBytes = 0,
): HalftoneError {
  const { limitBytes, touchedBytes } = account;
  const othersBytes = account.scratchBytes - ownBytes;
  const inUse = [
    `columns have ${inMegabytes(touchedBytes)} of it`,
    ...(othersBytes > 0 ? [`other requests ${inMegabytes(othersBytes)}`] : []),
  ].join(', ');
  return new HalftoneError(
    'MEMORY_EXHAUSTED',
    `${what} would take ${inMegabytes(needed)} of memory beside the columns. The limit of this server is ${inMegabytes(limitBytes)}; ${inUse}.`,
    { hint: 'Filter more rows away, ask for fewer groups, or start with a larger --memory-limit.' },
  );
}
