/** Crockford's base 32: no I, L, O and U. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_DIGITS = 16;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/u;

/** Makes ids that ascend. */
export interface Ulids {
  next(): string;
  /** Has the next ids come after `id`, of an earlier process: its clock may have stood before this one's. */
  startAfter(id: string): void;
}

/**
 * Makes ULIDs (github.com/ulid/spec): ten digits of time in milliseconds, sixteen at random; within one millisecond, and
 * while a clock stands behind its last id, one more than the last, so that ids always ascend. `random` gives numbers in [0, 1).
 */
export function createUlids(now: () => number, random: () => number): Ulids {
  let lastMs = -1;
  let tail: number[] = [];
  let last = '';
  return {
    next() {
      const ms = now();
      if (ms > lastMs) {
        lastMs = ms;
        // Small enough that counting up never carries out of the first digit.
        tail = Array.from({ length: RANDOM_DIGITS }, (_, i) =>
          Math.floor(random() * (i ? 32 : 16)),
        );
      } else increment(tail);
      last = timeDigits(lastMs) + tail.map((digit) => DIGITS[digit]).join('');
      return last;
    },
    startAfter(id) {
      if (id <= last || !ULID.test(id)) return;
      const digits = Array.from(id, (digit) => DIGITS.indexOf(digit));
      last = id;
      lastMs = digits.slice(0, -RANDOM_DIGITS).reduce((ms, digit) => ms * 32 + digit, 0);
      tail = digits.slice(-RANDOM_DIGITS);
    },
  };
}

function increment(digits: number[]): void {
  let at = digits.length - 1;
  while (at > 0 && digits[at] === 31) digits[at--] = 0;
  digits[at]!++;
}

function timeDigits(ms: number): string {
  let text = '';
  for (let left = ms, i = 0; i < 10; i++) {
    text = DIGITS[left % 32]! + text;
    left = Math.floor(left / 32);
  }
  return text;
}
