const DIGITS = 4;
/** From here on numbers are written in thousands, millions and so on, to a tenth. */
const COMPACT = 10_000;
/** What every browser takes. */
const MOST_DECIMALS = 20;

/**
 * How the numbers of all bars of a chart are written: with the decimals that the greatest has in four digits, and none that all can do
 * without. Where that would leave less than two digits of a small one, each has four of its own.
 */
export function barNumber(values: Iterable<number>): (value: number) => string {
  const small: number[] = [];
  const great: number[] = [];
  for (const value of values) {
    if (Number.isFinite(value)) (isGreat(value) ? great : small).push(value);
  }
  const most = small.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const needed = Math.max(0, ...small.map(decimalsOf));
  const decimals = Math.min(needed, DIGITS - 1 - Math.floor(Math.log10(most)), MOST_DECIMALS);
  const isLost = (value: number): boolean =>
    decimalsOf(value) > decimals && Math.abs(value) < 10 ** (1 - decimals);
  const plain = small.some(isLost)
    ? own
    : new Intl.NumberFormat('en', {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      });
  const short = tenths(0);
  const compact = great.some((value) => short.format(value).includes('.')) ? tenths(1) : short;
  return (value) =>
    isGreat(value) ? compact.format(value).replace('K', 'k') : plain.format(value);
}

const isGreat = (value: number): boolean => Math.abs(value) >= COMPACT;

const own = new Intl.NumberFormat('en', { maximumSignificantDigits: DIGITS });

const tenths = (minimumFractionDigits: 0 | 1): Intl.NumberFormat =>
  new Intl.NumberFormat('en', {
    notation: 'compact',
    minimumFractionDigits,
    maximumFractionDigits: 1,
  });

/** So many decimals has a number of four digits. */
const decimalsOf = (value: number): number => own.format(value).split('.')[1]?.length ?? 0;
