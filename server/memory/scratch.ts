import type { Account } from './account.js';
import { scratchExhausted } from './exhausted.js';
import { ScratchWanted, type Scratch } from './lease.js';
import type { WaitingLine } from './waiting-line.js';

/** A request may have so much of the account's small change. */
const SMALL_BYTES = 8 * 2 ** 20;

export interface ScratchOptions {
  account: Account;
  /** Those who wait for memory. */
  line: WaitingLine;
  /** Booked already, for as long as it is open. */
  reservedBytes: number;
  /** Columns that its request has yet to bring into memory, all that it has then. */
  columnBytes: number;
  /** How its request waits where others have the memory; absent where it may not, for others wait for what it holds. */
  waiting?: { ms: number; signal: AbortSignal | undefined } | undefined;
}

/** What one request computes with beside the columns of its lease. */
export interface OpenScratch extends Scratch {
  readonly bookedBytes: number;
  /** Gives back what was reserved, too. */
  close(): void;
}

/** Books what one request computes with beside the columns. */
export function openScratch(options: ScratchOptions): OpenScratch {
  const { account, line, reservedBytes, columnBytes, waiting } = options;
  let taken = 0;
  let booked = reservedBytes;
  let small = 0;
  function giveBackTo(bytes: number): void {
    taken = 0;
    account.giveSmallBack(small);
    small = 0;
    if (booked <= bytes) return;
    account.giveBack(booked - bytes);
    booked = bytes;
    line.advance();
  }
  return {
    get bookedBytes() {
      return booked;
    },
    get roomBytes() {
      return (
        Math.min(SMALL_BYTES, small + account.smallChange) + account.scratchRoomBeside(columnBytes)
      );
    },
    async take(bytes, what) {
      const after = Math.ceil(taken + bytes);
      small += account.takeSmall(Math.min(SMALL_BYTES, after) - small);
      const needed = Math.max(booked, after - small);
      const attempt = (): true | undefined => (account.book(needed - booked) ? true : undefined);
      // Who does not wait leaves to others what they wait for, and stands in line itself.
      const mayHave = needed === booked || line.isEmpty || waiting !== undefined;
      let got = mayHave && needed <= account.scratchRoomBeside(columnBytes) ? attempt() : undefined;
      if (got === undefined && needed > account.scratchRoomBeside(columnBytes)) {
        throw scratchExhausted(what, after, account, booked);
      }
      if (got === undefined && waiting === undefined)
        throw new ScratchWanted({ bytes: needed, what });
      got ??= await line.wait(attempt, { ...waiting!, isFirst: true });
      waiting?.signal?.throwIfAborted();
      if (got === undefined) throw scratchExhausted(what, after, account, booked);
      taken = after;
      booked = needed;
    },
    release: () => giveBackTo(reservedBytes),
    close: () => giveBackTo(0),
  };
}
