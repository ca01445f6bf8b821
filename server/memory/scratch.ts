import { HalftoneError } from '../errors.js';
import type { Account } from './account.js';
import { inMegabytes } from './in-megabytes.js';
import type { Scratch } from './lease.js';
import type { WaitingLine } from './waiting-line.js';

/** A request may have so much without being counted: pictures and tables of usual size. It is part of what the process takes by itself. */
const FREE_BYTES = 8 * 2 ** 20;

export interface ScratchOptions {
  account: Account;
  /** Those who wait for scratch. */
  line: WaitingLine;
  waitMs: number;
  signal: AbortSignal | undefined;
  /** Called when something was given back. */
  onRelease: () => void;
}

/** Books what one request computes with beside the columns. */
export function openScratch({ account, line, waitMs, signal, onRelease }: ScratchOptions): Scratch {
  let taken = 0;
  let booked = 0;
  return {
    get roomBytes() {
      return FREE_BYTES + account.scratchRoom;
    },
    async take(bytes, what) {
      signal?.throwIfAborted();
      const after = Math.ceil(taken + bytes);
      const more = Math.max(0, after - FREE_BYTES) - booked;
      const attempt = (): true | undefined => (account.book(more) ? true : undefined);
      let got = line.isEmpty ? attempt() : undefined;
      if (got === undefined && booked + more <= account.scratchRoom) {
        got = await line.wait(attempt, { ms: waitMs, signal });
      }
      if (got !== undefined) {
        taken = after;
        booked += more;
      }
      signal?.throwIfAborted();
      if (got === undefined) throw exhausted(what, after, account);
    },
    release() {
      if (booked > 0) account.giveBack(booked);
      const wasBooked = booked > 0;
      taken = 0;
      booked = 0;
      if (wasBooked) onRelease();
    },
  };
}

function exhausted(what: string, needed: number, account: Account): HalftoneError {
  const { limitBytes, touchedBytes, scratchBytes } = account;
  const inUse = [
    `columns have ${inMegabytes(touchedBytes)} of it`,
    ...(scratchBytes > 0 ? [`other requests ${inMegabytes(scratchBytes)}`] : []),
  ].join(', ');
  return new HalftoneError(
    'MEMORY_EXHAUSTED',
    `${what} would take ${inMegabytes(needed)} of memory beside the columns. The limit of this server is ${inMegabytes(limitBytes)}; ${inUse}.`,
    { hint: 'Filter more rows away, ask for fewer groups, or start with a larger --memory-limit.' },
  );
}
