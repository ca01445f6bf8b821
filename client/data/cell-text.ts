import { isValid, valueAt, type Column, type Value } from './arrow/column.js';

/** Gives the text of a cell, every digit of it; null for a null. */
export type CellReader = (row: number) => string | null;

/** Digits of the fraction of a second at each unit. */
const DIGITS = { s: 0, ms: 3, us: 6, ns: 9 } as const;

/** Reads the cells of a column as people do: with every digit of times, integers and decimals. */
export function cellReader(column: Column): CellReader {
  if (column.dictionary !== null) {
    const words = cellReader(column.dictionary);
    return (row) => (isValid(column, row) ? words(Number(column.values[row]!)) : null);
  }
  const write = writerOf(column);
  return (row) => {
    const value = valueAt(column, row);
    return value === null ? null : write(value);
  };
}

function writerOf({ type }: Column): (value: NonNullable<Value>) => string {
  switch (type.type) {
    case 'timestamp': {
      const digits = DIGITS[type.unit];
      const isZoned = type.timeZone !== undefined;
      return (value) => formatTimestamp(BigInt(value as number | bigint), digits, isZoned);
    }
    case 'date':
      return (value) => formatDay(BigInt(value as number));
    case 'time': {
      const digits = DIGITS[type.unit];
      return (value) => formatClock(BigInt(value as number | bigint), digits);
    }
    case 'binary':
      return (value) => hexOf(value as Uint8Array);
    case 'float':
      return (value) => formatFloat(value as number, type.bits === 32);
    default:
      return String;
  }
}

/** The first bytes of a binary value; the row's card has all of them. */
function hexOf(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, 24)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `0x${shown.join('')}${bytes.length > 24 ? '…' : ''}`;
}

/** A float as short as it reads back the same. */
function formatFloat(value: number, single: boolean): string {
  if (!single || !Number.isFinite(value)) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = value.toPrecision(digits);
    if (Math.fround(Number(short)) === value) return String(Number(short));
  }
  return String(value);
}

function formatTimestamp(value: bigint, digits: number, zoned: boolean): string {
  const perSecond = 10n ** BigInt(digits);
  const seconds = floorDivide(value, perSecond);
  const fraction = value - seconds * perSecond;
  const days = floorDivide(seconds, 86_400n);
  const clock = formatClock((seconds - days * 86_400n) * perSecond + fraction, digits);
  return `${formatDay(days)} ${clock}${zoned ? 'Z' : ''}`;
}

/** A time of day; a fraction of zero is left out, any other is given without trailing zeros. */
function formatClock(value: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits);
  const seconds = Number(value / perSecond);
  const fraction = (value % perSecond).toString().padStart(digits, '0').replace(/0+$/, '');
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const clock = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  return digits > 0 && fraction !== '' ? `${clock}.${fraction}` : clock;
}

function formatDay(days: bigint): string {
  const millis = Number(days) * 86_400_000;
  if (Math.abs(millis) > 8.64e15) return `${days} days since 1970`;
  const iso = new Date(millis).toISOString();
  return iso.slice(0, iso.indexOf('T'));
}

const floorDivide = (a: bigint, b: bigint): bigint => (a >= 0n ? a / b : -((-a + b - 1n) / b));
