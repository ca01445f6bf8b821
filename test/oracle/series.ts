import fc from 'fast-check';
import type { Query } from '../../protocol/query.js';

const CATEGORIES = ['flag', 'letter', 'word', 'color', 'uuid', 'many', 'few', 'nothing'] as const;
const NUMBERS = ['price', 'wild', 'few', 'cents', 'wide', 'real', 'nothing'] as const;
const VALUES = ['price', 'wild', 'few', 'cents', 'money', 'tiny', 'uint'] as const;

type Series = Pick<Query, 'color' | 'top'>;

/** A color that makes series of a few of its values, sometimes. */
export const categoryArbitrary: fc.Arbitrary<Series> = colorArbitrary(CATEGORIES);

/** A color of points or cells: a category or a number, sometimes. Text with few values keeps its name. */
export const colorOfPoints: fc.Arbitrary<Series> = fc.oneof(
  colorArbitrary(CATEGORIES.filter((name) => name !== 'few' && name !== 'nothing')),
  colorArbitrary(NUMBERS),
);

/** Several columns of numbers for `y`, each once. */
export const severalColumns: fc.Arbitrary<string[]> = fc.uniqueArray(
  fc.constantFrom<string>(...VALUES),
  { minLength: 1, maxLength: 4 },
);

function colorArbitrary(names: readonly string[]): fc.Arbitrary<Series> {
  const top = fc.option(fc.constantFrom(1, 3, 20, 256), { nil: undefined });
  return fc.option(
    fc.tuple(fc.constantFrom(...names), top).map(([color, top]) => ({
      color,
      ...(top !== undefined && !NUMBERS.includes(color as 'price') && { top }),
    })),
    { nil: {}, freq: 1 },
  );
}
