// AssemblyScript. Counts the records of a clean stretch of CSV, 64 bytes at a time, and stops in front of anything
// odd: that is read by `RecordReader`, byte by byte. Compiled to scan.wasm; see server/build-csv-kernel.mjs.

/** Two bytes a column: what its values may not hold, and how long they may be at most (0 = as long as they like). */
export const RULES: usize = 1024;
/** Where the bytes to scan begin. */
export const INPUT: usize = 65536;

const NO_LETTERS: u32 = 1;
const NO_ZONE: u32 = 2;
const ZERO: u32 = 0x30;
const CR: u32 = 13;

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

/** A `Z` or a plus: DuckDB reads times with a zone as times without. */
// @ts-ignore: decorator
@inline
function zone(bytes: v128): v128 {
  const lower = v128.or(bytes, i8x16.splat(0x20));
  return v128.or(i8x16.eq(lower, i8x16.splat(0x7a)), i8x16.eq(bytes, i8x16.splat(0x2b)));
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
  let zoneBefore: u64 = 0;

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
    const zones = pack(zone(a), zone(b), zone(c), zone(d));
    let structure = (delimiters | newlines) & outside;
    let done: u64 = 0;
    while (structure) {
      const low = structure & (0 - structure);
      const below = (low - 1) & ~done;
      const at = pos + <usize>ctz(low);
      if (col >= width) return 1;
      const rule = <u32>load<u16>(RULES + (<usize>col << 1));
      if (rule) {
        let length = <u32>(at - fieldStart);
        let first = <u32>load<u8>(fieldStart);
        if (length && <u32>load<u8>(at - 1) == CR) length--;
        if (length >= 2 && first == quote) {
          length -= 2;
          first = <u32>load<u8>(fieldStart + 1);
        }
        const kind = rule & 0xff;
        const most = rule >> 8;
        if (
          (most != 0 && length > most) ||
          (kind == NO_LETTERS && ((letters & below) | letterBefore || (first == ZERO && length > 1))) ||
          (kind == NO_ZONE && (zones & below) | zoneBefore)
        ) {
          column = col;
          return 2;
        }
      }
      letterBefore = 0;
      zoneBefore = 0;
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
    zoneBefore |= zones & ~done;
    lineCount += <u32>popcnt(newlines);
    returnCount += <u32>popcnt(others & outside);
  }
  return 0;
}
