import { guessType, NULL_WORDS, type CsvType } from './cell-type.js';

/** What keeps a column from being of the type that most of its values have. */
export interface NearMiss {
  type: CsvType;
  /** Values that fit it. */
  fits: number;
  /** The first that does not. */
  misfit: string;
}

/** So large a share of the values makes it worth telling; fewer, and it is a column of text. */
const MOST = 0.75;
const FEWEST = 3;
/** A look at so many values is enough to tell. */
const LOOKED_AT = 1000;

const MAY_BE_TYPED = /^(?:[-+.]?\d|true$|false$)/i;
const NUMBERS: readonly CsvType[] = ['BIGINT', 'HUGEINT', 'DOUBLE'];
const TIMES: readonly CsvType[] = ['DATE', 'TIMESTAMP', 'TIMESTAMP_NS', 'TIMESTAMP WITH TIME ZONE'];

/** Looks at the values of a column that is read as text, none of them empty. */
export function nearMiss(values: readonly string[], decimal: '.' | ','): NearMiss | undefined {
  const looked = values.filter((value) => !NULL_WORDS.includes(value)).slice(0, LOOKED_AT);
  const needed = Math.max(FEWEST, looked.length * MOST);
  const likely = looked.filter((value) => MAY_BE_TYPED.test(value));
  if (likely.length < needed) return undefined;
  const byFamily = new Map<string, string[]>();
  for (const value of likely) {
    const family = familyOf(guessType([value], decimal).type);
    const members = byFamily.get(family);
    if (members === undefined) byFamily.set(family, [value]);
    else members.push(value);
  }
  for (const [family, fitting] of byFamily) {
    if (family === 'VARCHAR' || fitting.length < needed) continue;
    const fits = new Set(fitting);
    const misfit = looked.find((value) => !fits.has(value));
    const { type } = guessType(fitting, decimal);
    // Codes with leading zeros, or dates in two orders: each is of a type, all together are of none.
    if (misfit === undefined || type === 'VARCHAR') return undefined;
    return { type, fits: fitting.length, misfit };
  }
  return undefined;
}

const WITH_POINT = /^[+-]?\d*\.\d+$/;
const WITH_COMMA = /^[+-]?\d*,\d+$/;
const WITHOUT = /^[+-]?\d+$/;

/** An example of each where some numbers of a column of text have a decimal point and others a comma. */
export function mixedDecimals(
  values: readonly string[],
): { point: string; comma: string } | undefined {
  const point = values.find((value) => WITH_POINT.test(value));
  const comma = values.find((value) => WITH_COMMA.test(value));
  if (point === undefined || comma === undefined) return undefined;
  const isNumber = (value: string): boolean =>
    WITHOUT.test(value) || WITH_POINT.test(value) || WITH_COMMA.test(value);
  const numbers = values.filter(isNumber).length;
  return numbers >= values.length * MOST ? { point, comma } : undefined;
}

function familyOf(type: CsvType): string {
  return NUMBERS.includes(type) ? 'number' : TIMES.includes(type) ? 'time' : type;
}
