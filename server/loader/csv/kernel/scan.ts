// AssemblyScript. Counts the records of a clean stretch of CSV, 64 bytes at a time, and stops in front of anything
// odd: that is read by `RecordReader`, byte by byte. Compiled to scan.wasm; see server/build-csv-kernel.mjs.

/** A byte a column: what its values must look like, by the numbers of `VALUE_RULES`. */
export const RULES: usize = 1024;
/** Where the bytes to scan begin. */
export const INPUT: usize = 65536;

const WHOLE: u32 = 1;
const TRUTH: u32 = 2;
const DAY: u32 = 3;
const CLOCK: u32 = 4;
const STAMP: u32 = 5;
const NANOS: u32 = 6;
const INSTANT: u32 = 7;

const CR: u32 = 13;
const BLANK: u32 = 0x20;
const PLUS: u32 = 0x2b;
const MINUS: u32 = 0x2d;
const ZERO: u32 = 0x30;
const COLON: u32 = 0x3a;
const ZULU: u32 = 0x5a;

/** The end of the last record that was counted. */
export let consumed: usize = 0;
export let records: u32 = 0;
/** Newlines up to `consumed`, those in quotes too. */
export let lines: u32 = 0;
/** Carriage returns in front of newlines outside quotes, up to `consumed`. */
export let returns: u32 = 0;
/** The column whose value broke its rule, after a return of 2. */
export let column: u32 = 0;

// @ts-ignore: decorator
@inline
function equal(a: v128, b: v128, c: v128, d: v128, byte: v128): u64 {
  return pack(i8x16.eq(a, byte), i8x16.eq(b, byte), i8x16.eq(c, byte), i8x16.eq(d, byte));
}

// @ts-ignore: decorator
@inline
function pack(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a) | (<u32>i8x16.bitmask(b) << 16)) |
    (<u64>(<u32>i8x16.bitmask(c) | (<u32>i8x16.bitmask(d) << 16)) << 32)
  );
}

/** A point, an underscore or a letter: DuckDB reads `1.5`, `1_000` and `0x1F` as whole numbers. */
// @ts-ignore: decorator
@inline
function letter(bytes: v128): v128 {
  const lower = v128.or(bytes, i8x16.splat(0x20));
  const word = i8x16.lt_u(i8x16.sub(lower, i8x16.splat(0x61)), i8x16.splat(31));
  return v128.or(word, i8x16.eq(bytes, i8x16.splat(0x2e)));
}

// @ts-ignore: decorator
@inline
function isDigit(byte: u32): bool {
  return byte - ZERO < 10;
}

/** How many digits, colons and points follow one another from `at` on: 16 at most. */
// @ts-ignore: decorator
@inline
function clockLength(at: usize): u32 {
  const bytes = v128.load(at);
  const sign = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(11));
  const fits = i8x16.bitmask(v128.or(sign, i8x16.eq(bytes, i8x16.splat(0x2e))));
  return <u32>ctz(~fits);
}

/** Begins with four digits and a minus: a year, and neither `05-01-20` nor `epoch`. */
// @ts-ignore: decorator
@inline
function beginsWithYear(at: usize): bool {
  const digits = i8x16.lt_u(i8x16.sub(v128.load(at), i8x16.splat(0x30)), i8x16.splat(10));
  return (i8x16.bitmask(digits) & 31) == 15 && load<u8>(at, 4) == MINUS;
}

/** The digits of a zone behind its sign: `02`, `0200` or `02:00`. */
// @ts-ignore: decorator
@inline
function isZone(at: usize, length: u32): bool {
  return (length == 2 || length == 4 || length == 5) && clockLength(at) >= length;
}

/** What stands behind the day of a time: at most `most` signs of a clock, and a zone where one may be. */
// @ts-ignore: decorator
@inline
function isClock(at: usize, length: u32, most: u32, zoned: bool): bool {
  let signs = clockLength(at);
  if (signs == 16 && length > 16) signs += clockLength(at + 16);
  if (signs > length) signs = length;
  if (signs > most || signs < 4 || !isDigit(load<u8>(at + signs - 1))) return false;
  if (signs == length) return true;
  if (!zoned) return false;
  const next = <u32>load<u8>(at + signs);
  const rest = length - signs - 1;
  if (next == ZULU) return rest == 0;
  return (next == PLUS || next == MINUS) && isZone(at + signs + 1, rest);
}

/**
 * True where DuckDB reads the value as it stands, or refuses it: it takes `007` for 7, `1` for true, `epoch` and `05-01-20`
 * for days, a day for the midnight in it, and drops zones and digits that its type has no room for.
 */
// @ts-ignore: decorator
@inline
function looksRight(rule: u32, at: usize, length: u32): bool {
  if (rule == WHOLE) {
    const sign = <u32>load<u8>(at);
    const signed = <u32>(sign == PLUS || sign == MINUS);
    return load<u8>(at + signed) != ZERO || length == 1 + signed;
  }
  if (rule == TRUTH) return length == 4 || length == 5;
  if (rule == CLOCK) return isClock(at, length, 15, false);
  if (!beginsWithYear(at)) return false;
  if (length <= 10) return true;
  if (rule == DAY) return false;
  const mark = <u32>load<u8>(at, 10);
  if (mark != BLANK && mark != 0x54) return false;
  if (rule == STAMP) return isClock(at + 11, length - 11, 15, false);
  if (rule == INSTANT) return isClock(at + 11, length - 11, 15, true);
  // Nanoseconds: in UTC, said or not. Other zones are looked at one by one.
  const end = load<u8>(at + length - 1) == ZULU ? length - 1 : length;
  return rule == NANOS && isClock(at + 11, end - 11, 18, false);
}

/**
 * Scans `[from, to)`, which begins with a record. Returns 0 at the end, 1 in front of something odd about the
 * structure, 2 in front of a value that breaks its column's rule. `quote` is 256 where nothing is quoted; `other`
 * is the byte of CR and LF that is not the newline.
 */
export function scan(
  from: usize,
  to: usize,
  delimiter: u32,
  quote: u32,
  newline: u32,
  width: u32,
  checked: bool,
): i32 {
  const vDelimiter = i8x16.splat(<i8>delimiter);
  const vQuote = i8x16.splat(<i8>quote);
  const vNewline = i8x16.splat(<i8>newline);
  const vOther = i8x16.splat(newline == 10 ? 13 : 10);
  const quotes = quote < 256;
  const crIsOther = newline == 10;
  consumed = from;
  records = 0;
  lines = 0;
  returns = 0;
  let count: u32 = 0;
  let lineCount: u32 = 0;
  let returnCount: u32 = 0;
  let col: u32 = 0;
  let fieldStart = from;
  let inQuotes: u64 = 0;
  // Bit 0 of each tells about the byte in front of the block.
  let afterSeparator: u64 = 1;
  let afterClose: u64 = 0;
  let afterOther: u64 = 0;
  let letterBefore: u64 = 0;

  for (let pos = from; pos < to; pos += 64) {
    const left = to - pos;
    const valid: u64 = left >= 64 ? ~(<u64>0) : (<u64>1 << <u64>left) - 1;
    const a = v128.load(pos);
    const b = v128.load(pos, 16);
    const c = v128.load(pos, 32);
    const d = v128.load(pos, 48);
    const delimiters = equal(a, b, c, d, vDelimiter) & valid;
    const newlines = equal(a, b, c, d, vNewline) & valid;
    const others = equal(a, b, c, d, vOther) & valid;
    // The NUL check: a lane of zero anywhere.
    if (!(i8x16.all_true(a) && i8x16.all_true(b) && i8x16.all_true(c) && i8x16.all_true(d))) {
      if (equal(a, b, c, d, i8x16.splat(0)) & valid) return 1;
    }
    // CR only in front of LF; LF nowhere where CR ends the lines.
    if (crIsOther) {
      const follows = (others << 1) | afterOther;
      if (follows & ~newlines & valid) return 1;
      afterOther = others >> 63;
    } else if (others) return 1;

    let outside: u64 = ~(<u64>0);
    const quoted: u64 = quotes ? equal(a, b, c, d, vQuote) & valid : 0;
    if (quoted | inQuotes | afterClose) {
      let x = quoted;
      x ^= x << 1;
      x ^= x << 2;
      x ^= x << 4;
      x ^= x << 8;
      x ^= x << 16;
      x ^= x << 32;
      x ^= inQuotes;
      const opens = quoted & x;
      const closes = quoted & ~x;
      const separators = delimiters | newlines;
      const behindClose = (closes << 1) | afterClose;
      // A quote opens behind a separator, or behind a closing one: that pair is an escaped quote.
      if (opens & ~(((separators << 1) | afterSeparator) | behindClose)) return 1;
      // Behind a closing quote stands a separator, or its twin.
      if (behindClose & ~(separators | others | quoted) & valid) return 1;
      afterClose = closes >> 63;
      inQuotes = <u64>(<i64>x >> 63);
      outside = ~x;
    }
    afterSeparator = (delimiters | newlines) >> 63;

    let ends = newlines & outside;
    if (!checked) {
      const inside = delimiters & outside;
      let done: u64 = 0;
      while (ends) {
        const low = ends & (0 - ends);
        const upTo = low | (low - 1);
        col += <u32>popcnt(inside & upTo & ~done);
        if (col + 1 != width) return 1;
        col = 0;
        done = upTo;
        count++;
        consumed = pos + <usize>ctz(low) + 1;
        records = count;
        lines = lineCount + <u32>popcnt(newlines & upTo);
        returns = returnCount + <u32>popcnt(others & outside & upTo);
        ends &= ends - 1;
      }
      col += <u32>popcnt(inside & ~done);
      lineCount += <u32>popcnt(newlines);
      returnCount += <u32>popcnt(others & outside);
      continue;
    }

    const letters = pack(letter(a), letter(b), letter(c), letter(d));
    let structure = (delimiters | newlines) & outside;
    let done: u64 = 0;
    while (structure) {
      const low = structure & (0 - structure);
      const below = (low - 1) & ~done;
      const at = pos + <usize>ctz(low);
      if (col >= width) return 1;
      const rule = <u32>load<u8>(RULES + <usize>col);
      if (rule) {
        let first = fieldStart;
        let last = at;
        if (last > first && <u32>load<u8>(last - 1) == CR) last--;
        if (last - first >= 2 && <u32>load<u8>(first) == quote) {
          first++;
          last--;
        }
        while (first < last && <u32>load<u8>(first) == BLANK) first++;
        while (first < last && <u32>load<u8>(last - 1) == BLANK) last--;
        if (
          first < last &&
          ((rule == WHOLE && (letters & below) | letterBefore) ||
            !looksRight(rule, first, <u32>(last - first)))
        ) {
          column = col;
          return 2;
        }
      }
      letterBefore = 0;
      done = low | (low - 1);
      fieldStart = at + 1;
      col++;
      if (newlines & low) {
        if (col != width) return 1;
        col = 0;
        count++;
        consumed = at + 1;
        records = count;
        lines = lineCount + <u32>popcnt(newlines & done);
        returns = returnCount + <u32>popcnt(others & outside & done);
      }
      structure &= structure - 1;
    }
    letterBefore |= letters & ~done;
    lineCount += <u32>popcnt(newlines);
    returnCount += <u32>popcnt(others & outside);
  }
  return 0;
}
