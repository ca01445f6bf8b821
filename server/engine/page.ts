import { DIGITS, NULL_DIGIT, type Slice } from '../../workers/marks/rows/slice.js';
import type { LevelPlan } from '../../workers/marks/rows/level.js';
import type { ColumnRef, ColumnScope } from './columns.js';
import type { Run } from './run.js';
import { tallyForm } from './tally-form.js';

/** So many rows are sorted rather than told apart by one more scan. */
const FEW_ROWS = 16_384;

/** Where a page lies: the slices that hold it, and how many of their rows come before it. */
export interface Page {
  slices: Slice[];
  skip: number;
  /** Rows that match. */
  matched: number;
}

/** A column to sort by. */
export interface SortRef {
  ref: ColumnRef;
  descending: boolean;
}

/** So few first rows are found in one scan. */
const FEW_FIRST = 4096;
/** Dictionaries of so many strings are put in order as a whole where it comes to that, and at least so many strings of any. */
const MANY_STRINGS = 2 ** 14;
const FEW_STRINGS = 2 ** 9;

/**
 * Rows among which the first `count` of the order are, found in one scan. Undefined where they are too many, or ties and strings without
 * a row leave it open which they are.
 */
export async function findFirst(
  run: Run,
  scope: ColumnScope,
  sort: readonly SortRef[],
  count: number,
): Promise<{ rows: Uint32Array<ArrayBuffer>; matched: number } | undefined> {
  const [by, ...further] = sort;
  if (by === undefined || count > FEW_FIRST || count === 0) return undefined;
  const whole = levelOf(by, 0, scope, { exact: true })!;
  const isDecisive = further.length === 0 && whole.by !== 'wide' && whole.by !== 'bytes';
  const form = tallyForm(by.ref, scope);
  const size = whole.by === 'code' && form.form === 'codes' ? form.size : 0;
  const find = async (level: LevelPlan) => {
    const plan = { kind: 'top', level, decisive: isDecisive, count } as const;
    const { result, matched } = await run.compute<'top'>(plan);
    return { rows: result, matched };
  };
  if (size === 0 || by.ref.logical.kind === 'boolean') {
    const { rows, matched } = await find(whole);
    return rows === null ? undefined : { rows, matched };
  }
  const { position: column } = by.ref;
  const first = (strings: number): LevelPlan => ({
    by: 'first',
    column,
    descending: by.descending,
    count: Math.min(size, strings),
  });
  // Some strings have no row that passes the filters: how many more are needed is known after a first attempt.
  let strings = Math.max(count, Math.ceil((4 * count * size) / scope.rows), FEW_STRINGS);
  for (let attempt = 0; attempt < 2 && (strings < size / 4 || size <= MANY_STRINGS); attempt++) {
    const { rows, matched } = await find(first(strings));
    if (rows !== null) return { rows, matched };
    strings = Math.ceil((8 * count * size) / Math.max(1, matched));
  }
  return undefined;
}

type Start = Omit<Slice, 'from' | 'to'>;

/**
 * Finds the rows `offset` to `offset + limit` of the order without sorting: a radix selection, most significant digit
 * first, that counts the matching rows by one digit of their key a scan and goes on only where an end of the page lies.
 */
export async function findPage(
  run: Run,
  scope: ColumnScope,
  sort: readonly SortRef[],
  offset: number,
  limit: number,
): Promise<Page> {
  const order = [
    ...sort.map((by) => (depth: number) => levelOf(by, depth, scope)),
    () => rowLevel(scope),
  ];
  let matched: number | undefined;

  const first = await refine({ fixed: [], level: order[0]!(0)!, digits: [] }, 0, 0, 0);
  return { slices: first.slices, skip: offset - first.before, matched: matched! };

  // `before` rows come before those of `start`, whose level is step `step` of the order, at `depth`.
  async function refine(
    start: Start,
    before: number,
    step: number,
    depth: number,
  ): Promise<{ slices: Slice[]; before: number }> {
    const { result: counts } = await run.compute<'digits'>({ kind: 'digits', slice: start });
    matched ??= counts.reduce((sum, count) => sum + count, 0);
    const end = Math.min(offset + limit, matched);
    if (offset >= end) return { slices: [], before: offset };
    const starts = new Float64Array(counts.length + 1);
    starts[0] = before;
    for (let digit = 0; digit < counts.length; digit++)
      starts[digit + 1] = starts[digit]! + counts[digit]!;
    const from = digitAt(starts, Math.max(offset, before));
    const to = digitAt(starts, Math.min(end, starts.at(-1)!) - 1);
    const isLast = step === order.length - 1 && start.digits.length === DIGITS - 1;
    if (isLast || starts[to + 1]! - starts[from]! <= limit + FEW_ROWS) {
      return { slices: [{ ...start, from, to }], before: starts[from]! };
    }
    const goOn = (digit: number): Promise<{ slices: Slice[]; before: number }> => {
      const next = following(start, digit, step, depth);
      return refine(next.start, starts[digit]!, next.step, next.depth);
    };
    if (from === to) return goOn(from);
    // What lies between the two ends is on the page as a whole.
    const isCut = (digit: number, isInside: boolean): boolean =>
      !isInside && counts[digit]! > FEW_ROWS;
    const head = isCut(from, offset <= starts[from]!)
      ? await goOn(from)
      : { slices: [{ ...start, from, to: from }], before: starts[from]! };
    const middle = to - from > 1 ? [{ ...start, from: from + 1, to: to - 1 }] : [];
    const tail = isCut(to, end >= starts[to + 1]!)
      ? (await goOn(to)).slices
      : [{ ...start, from: to, to }];
    return { slices: [...head.slices, ...middle, ...tail], before: head.before };
  }

  // What tells the rows with this digit apart: the next digit, or the next level.
  function following(
    { fixed, level, digits }: Start,
    digit: number,
    step: number,
    depth: number,
  ): { start: Start; step: number; depth: number } {
    const longer = [...digits, digit];
    if (digit !== NULL_DIGIT && longer.length < DIGITS && level.by !== 'span') {
      return { start: { fixed, level, digits: longer }, step, depth };
    }
    const known = [...fixed, { level, digits: digit === NULL_DIGIT ? [NULL_DIGIT] : longer }];
    const deeper =
      digit !== NULL_DIGIT && goesDeeper(level, longer) ? order[step]!(depth + 1) : undefined;
    if (deeper !== undefined)
      return { start: { fixed: known, level: deeper, digits: [] }, step, depth: depth + 1 };
    return {
      start: { fixed: known, level: order[step + 1]!(0)!, digits: [] },
      step: step + 1,
      depth: 0,
    };
  }
}

// The last digit in which a rank lies: starts[digit] <= rank < starts[digit + 1].
function digitAt(starts: Float64Array, rank: number): number {
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= rank) low = middle;
    else high = middle - 1;
  }
  return low;
}

// Text goes on where seven bytes were not all of it: the last byte of the key is 8 then, descending its complement.
function goesDeeper(level: LevelPlan, digits: readonly number[]): boolean {
  if (level.by === 'wide' || level.by === 'span') return true;
  if (level.by !== 'bytes') return false;
  const left = digits[DIGITS - 1]! & 0xff;
  return (level.descending ? left ^ 0xff : left) === 8;
}

function rowLevel(scope: ColumnScope): LevelPlan {
  return { by: 'row', bits: bitsOf(Math.max(0, scope.rows - 1)) };
}

// The level of a column at a depth; undefined where the column has no deeper one.
function levelOf(
  { ref, descending }: SortRef,
  depth: number,
  scope: ColumnScope,
  { exact = false } = {},
): LevelPlan | undefined {
  const { position: column, logical, low, high, integers } = ref;
  if (logical.kind === 'text' || logical.kind === 'binary' || logical.kind === 'boolean') {
    const form = tallyForm(ref, scope);
    return form.form === 'codes'
      ? { by: 'code', column, descending, bits: bitsOf(Math.max(0, form.size - 1)) }
      : { by: 'bytes', column, descending, depth: depth * 7 };
  }
  if (logical.kind === 'float') {
    const [least, greatest] = [Number(low ?? 0), Number(high ?? 0)];
    const span = greatest - least;
    // Bits of doubles tell little at first: nearly all may share their exponent.
    return !exact &&
      depth === 0 &&
      span > 0 &&
      Number.isFinite(65_535 / span) &&
      Number.isFinite(span)
      ? { by: 'span', column, descending, low: least, high: greatest }
      : { by: 'double', column, descending };
  }
  if (integers === 'wide')
    return depth > 1 ? undefined : { by: 'wide', column, descending, half: depth as 0 | 1 };
  if (integers === 'i64') return { by: 'i64', column, descending };
  const least = Number(low ?? 0);
  // A span that doubles do not hold exactly is rare enough for the slow way.
  if (Number(high ?? 0) - least > 2 ** 53) {
    return depth > 1 ? undefined : { by: 'wide', column, descending, half: depth as 0 | 1 };
  }
  return { by: 'integer', column, descending, low: least, bits: bitsOf(Number(high ?? 0) - least) };
}

// How many bits whole numbers up to `most` take.
function bitsOf(most: number): number {
  return most === 0 ? 0 : Math.floor(Math.log2(most)) + 1;
}
