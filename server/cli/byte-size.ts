import { usageError } from './exit-codes.js';

const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Reads `4GB`, `512MiB` or `50%` (of `total`) as bytes. */
export function parseByteSize(text: string, total: number): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(%|[kmgt]?i?b)?\s*$/iu.exec(text);
  const amount = Number(match?.[1]);
  const unit = match?.[2]?.toLowerCase() ?? 'b';
  const bytes = unit === '%' ? (total * amount) / 100 : amount * (UNITS[unit] ?? Number.NaN);
  if (match !== null && bytes >= 1 && Number.isFinite(bytes) && !(unit === '%' && amount > 100)) {
    return Math.floor(bytes);
  }
  throw usageError(`"${text}" is not an amount of memory.`, 'Write it as 4GB, 512MiB or 50%.');
}

/** Bytes for people: 1.2 GB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
