import type { Account } from './account.js';

/** A cache that knows what it holds, as an `LRUCache` does. */
export interface Cache {
  readonly size: number;
  readonly calculatedSize: number;
  /** Lets go of what was used longest ago. */
  pop(): unknown;
}

/** Counts what a cache holds in the account, for which it gives up what was used longest ago. */
export function keepInAccount(account: Account, cache: Cache): void {
  account.addKeeper({
    get bytes() {
      return cache.calculatedSize;
    },
    giveUp(bytes) {
      const most = cache.calculatedSize - bytes;
      while (cache.size > 0 && cache.calculatedSize > most) cache.pop();
    },
  });
}
