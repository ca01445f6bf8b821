/**
 * How far estimates may be off, judged by how the parts of a sample differ. The strata of the sample go round the parts,
 * so that each part is a sample of everything; what neighbouring strata differ by makes a margin wider, never narrower.
 */

/** Student's t for 97 % on both sides, by parts: a little more than 95 %, which sums with long tails then come to. */
const STUDENT: Readonly<Record<number, number>> = { 4: 3.896, 8: 2.715 };

/**
 * The margin of a total: of a quantity that the parts have `of` of, in proportion to the rows that they `read`. It
 * covers the true one in 95 of 100 samples. Multiplied by `weight`, as the total is.
 */
export function marginOfTotal(of: readonly number[], read: readonly number[], weight = 1): number {
  const parts = of.length;
  const all = sum(read);
  const student = STUDENT[parts];
  if (student === undefined) throw new Error(`A sample has 4 or 8 parts, not ${parts}.`);
  if (all === 0) return Infinity;
  const rate = sum(of) / all;
  let squares = 0;
  for (const [g, own] of of.entries()) squares += (own - rate * read[g]!) ** 2;
  return weight * student * Math.sqrt((squares * parts) / (parts - 1));
}

/** What each part of a sample has of each of many quantities: cells, bins, bars. */
export interface Replicates {
  parts: number;
  size: number;
  /** What all parts have together, without regard to sign. */
  magnitude: ArrayLike<number>;
  of: (part: number, i: number) => number;
}

/**
 * The difference between two halves of a sample is as far from nothing as the sample is from the truth. So the largest
 * difference anywhere, over many ways to halve it, tells how far the worst of all estimates is off. By simulation (see
 * the tests) this factor makes it cover all of them at once in 95 of 100 samples.
 */
const SAFETY: Readonly<Record<number, number>> = { 4: 2.5, 8: 1.4 };

/** The margin that holds for all of many quantities at once. Multiplied by `weight`, as they are. */
export function marginOfEach(replicates: Replicates, weight = 1): number {
  const { parts, size, magnitude, of } = replicates;
  const halvings = HALVINGS[parts];
  if (halvings === undefined) throw new Error(`A sample has 4 or 8 parts, not ${parts}.`);
  let largest = 0;
  let most = 0;
  for (let i = 0; i < size; i++) if (magnitude[i]! > most) most = magnitude[i]!;
  const own = new Float64Array(parts);
  // No difference is more than the magnitude: what is small need not be looked at once a larger one was found.
  for (let above = most; above > largest;) {
    const below = above;
    above = Math.max(largest, above > 1 ? above / 2 : 0);
    for (let i = 0; i < size; i++) {
      const all = magnitude[i]!;
      if (all > below || all <= above || all <= largest) continue;
      for (let g = 0; g < parts; g++) own[g] = of(g, i);
      for (const signs of halvings) {
        let difference = 0;
        for (let g = 0; g < parts; g++) difference += signs[g]! * own[g]!;
        if (difference < 0) difference = -difference;
        if (difference > largest) largest = difference;
      }
    }
    if (above === 0) break;
  }
  return weight * SAFETY[parts]! * largest;
}

/** All ways to halve so many parts: 1 for the parts of one half, -1 for the others. */
function halvingsOf(parts: number): Int8Array[] {
  const found: Int8Array[] = [];
  // The last part is always in the other half: each halving once.
  for (let bits = 0; bits < 2 ** (parts - 1); bits++) {
    const signs = Int8Array.from({ length: parts }, (_, g) => ((bits >> g) & 1 ? 1 : -1));
    if (signs.reduce((all, sign) => all + sign, 0) === 0) found.push(signs);
  }
  return found;
}

const HALVINGS: Readonly<Record<number, Int8Array[]>> = { 4: halvingsOf(4), 8: halvingsOf(8) };

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
