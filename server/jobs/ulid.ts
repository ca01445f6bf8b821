/** Crockford's base 32: no I, L, O and U. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_DIGITS = 16;

/**
 * Makes ULIDs (github.com/ulid/spec): ten digits of time in milliseconds, sixteen at random; within one millisecond, and
 * while a clock stands behind its last id, one more than the last, so that ids always ascend. `random` gives numbers in [0, 1).
 */
export function createUlids(now: () => number, random: () => number): () => string {
  let lastMs = -1;
  let tail: number[] = [];
  return () => {
    const ms = now();
    if (ms > lastMs) {
      lastMs = ms;
      // Small enough that counting up never carries out of the first digit.
      tail = Array.from({ length: RANDOM_DIGITS }, (_, i) => Math.floor(random() * (i ? 32 : 16)));
    } else increment(tail);
    return timeDigits(lastMs) + tail.map((digit) => DIGITS[digit]).join('');
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
