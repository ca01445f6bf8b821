/** Throws where something is not so. The sentence is made only then: checks run over millions of values. */
export function must(ok: boolean, say: () => string): void {
  if (!ok) throw new Error(say());
}

/** Both are one value: 0 and -0 are, NaN and NaN too. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || (a !== a && b !== b);
}

export function mustBe(found: unknown, wanted: unknown, what: string): void {
  if (!isSame(found, wanted))
    throw new Error(`Expected ${what} to be ${shown(wanted)}, found ${shown(found)}.`);
}

/** Equal lengths, and the same values in the same order. */
export function mustList(
  found: ArrayLike<unknown>,
  wanted: ArrayLike<unknown>,
  what: string,
): void {
  for (let i = 0; i < Math.min(found.length, wanted.length); i++) {
    if (!isSame(found[i], wanted[i]))
      throw new Error(
        `Expected ${what}[${i}] to be ${shown(wanted[i])}, found ${shown(found[i])}.`,
      );
  }
  mustBe(found.length, wanted.length, `the length of ${what}`);
}

function shown(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'undefined');
}
