const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const precise = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });

/** A count of rows or values in full: `2,961`. */
export const formatCount = (count: number): string => plain.format(count);

/** A count where room is short, as the axes write it: `3M`, `12.4k`. */
export const formatCompact = (count: number): string => compact.format(count).replace('K', 'k');

/** A count with its noun in the right number: `1 row`, `2,961 rows`. */
export const formatNoun = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** A measured number at six digits, for labels; the table shows every digit. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) return withMinus(value.toExponential(3));
  return withMinus(precise.format(value));
}

/** A number that stands alone: whole ones in full, others to six digits, great ones to a tenth. */
export function formatAlone(value: number): string {
  if (Number.isSafeInteger(value)) return withMinus(plain.format(value));
  const size = Math.abs(value);
  return size >= 1e5 && size < 1e15 ? withMinus(tenths.format(value)) : formatNumber(value);
}

/** A number below zero with the minus that the axes have: as wide as a plus, and no hyphen beside a dash. */
export const withMinus = (number: string): string => number.replace(/^-(?=[\d.])/, '−');

/** A number of bytes in the decimal units that file managers show: `12.3 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit++;
  } while (value >= 999.5 && unit < 4);
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${['kB', 'MB', 'GB', 'TB', 'PB'][unit]}`;
}

/** A time span in the one or two units that matter: `45 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 ? ` ${whole % 60} s` : ''}`;
  const minutes = Math.round(whole / 60);
  return `${formatCount(Math.floor(minutes / 60))} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
}

/** How long ago something was, roughly: `just now`, `3 min ago`, `2 days ago`. */
export function formatAge(sinceMs: number): string {
  const minutes = Math.floor(sinceMs / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ago`;
  return `${formatCount(Math.floor(hours / 24))} days ago`;
}

/** A share of one: `12 %`, and never 100 % or 0 % for what is not quite that. */
export function formatPercent(share: number): string {
  if (share > 0 && share < 0.01) return '< 1 %';
  if (share < 1 && share > 0.99) return '99 %';
  return `${Math.round(share * 100)} %`;
}
