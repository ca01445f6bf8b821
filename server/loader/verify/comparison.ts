import type { Difference } from '../../../protocol/verification.js';

/** Differences that are told; the others are counted. */
const MAX_TOLD = 10;

export type Told = number | string | boolean | bigint | null | undefined;

/** Counts what was compared, number by number, and remembers the first that differ. */
export class Comparison {
  compared = 0;
  differ = 0;
  readonly differences: Difference[] = [];
  readonly #tolerance = new Set<string>();
  readonly #shared = new Set<string>();

  /** Compares two numbers, or two texts. `slack` is how far numbers may be apart. */
  same(ours: Told, sql: Told, where: () => string, slack = 0): void {
    this.compared++;
    if (isSame(ours, sql, slack)) return;
    this.differ++;
    if (this.differences.length < MAX_TOLD) {
      this.differences.push({ where: where(), ours: told(ours), sql: told(sql) });
    }
  }

  /** Counts numbers that are equal because neither side has them: cells without a row. */
  alike(count: number): void {
    this.compared += count;
  }

  /** Another one, whose result nobody sees. */
  aside(): Comparison {
    return new Comparison();
  }

  /** Says how far some numbers may be apart. */
  tolerate(words: string | undefined): void {
    if (words !== undefined) this.#tolerance.add(words);
  }

  /** Says what the two sides have from one hand. */
  share(words: string): void {
    this.#shared.add(words);
  }

  get tolerance(): string[] {
    return [...this.#tolerance];
  }

  get shared(): string[] {
    return [...this.#shared];
  }
}

function isSame(ours: Told, sql: Told, slack: number): boolean {
  const [a, b] = [ours ?? null, sql ?? null];
  // 0 and -0 are one number, and NaN is NaN.
  if (a === b || (a !== a && b !== b)) return true;
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    return a !== null && b !== null && String(a) === String(b);
  }
  return typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= slack;
}

function told(value: Told): number | string | boolean | null {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}
