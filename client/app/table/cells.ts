import {
  Type,
  type Data,
  type Decimal,
  type Time,
  type Timestamp,
  type Vector,
} from 'apache-arrow';

/** Gives the text of a cell, every digit of it; null for a null. */
export type CellReader = (index: number) => string | null;

/** Units of an Arrow time in order: seconds, then three more digits each. */
const DIGITS = [0, 3, 6, 9] as const;

/**
 * Reads the cells of a column that came in one record batch. It reads the stored integers themselves, because
 * Arrow's own getters round times to milliseconds and decimals to text without their point.
 */
export function cellReader(vector: Vector): CellReader {
  const data = vector.data[0];
  if (!data) return () => null;
  const read = valueReader(data);
  return (index) => (data.getValid(index) ? read(index) : null);
}

function valueReader(data: Data): (index: number) => string {
  const values = data.values as ArrayLike<number | bigint>;
  switch (data.typeId) {
    case Type.Bool: {
      const bits = data.values as Uint8Array;
      return (i) => String(((bits[i >> 3]! >> (i & 7)) & 1) === 1);
    }
    case Type.Timestamp: {
      const { unit, timezone } = data.type as Timestamp;
      return (i) => formatTimestamp(BigInt(values[i]!), DIGITS[unit], timezone != null);
    }
    case Type.Date: {
      const days = values.length > 0 && typeof values[0] === 'number';
      return (i) => formatDay(days ? BigInt(values[i]!) : BigInt(values[i]!) / 86_400_000n);
    }
    case Type.Time:
      return (i) => formatClock(BigInt(values[i]!), DIGITS[(data.type as Time).unit]);
    case Type.Decimal:
      return (i) => formatDecimal(data.values as Uint32Array, i, (data.type as Decimal).scale);
    case Type.Binary:
      return (i) => hexOf(bytesAt(data, i));
    case Type.Utf8:
      return (i) => text.decode(bytesAt(data, i));
    case Type.Float:
      return (i) => formatFloat(Number(values[i]!), data.values instanceof Float32Array);
    case Type.Int:
      return (i) => String(values[i]!);
    case Type.Dictionary: {
      const words = cellReader(data.dictionary as Vector);
      return (i) => words(Number(values[i]!)) ?? '';
    }
    default:
      return () => '';
  }
}

const text = new TextDecoder();

function bytesAt(data: Data, index: number): Uint8Array {
  const offsets = data.valueOffsets as Int32Array;
  return (data.values as Uint8Array).subarray(offsets[index], offsets[index + 1]);
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

/** A decimal of 128 or 256 bits, little-endian words in two's complement, with its point. */
function formatDecimal(words: Uint32Array, index: number, scale: number): string {
  const size = 4;
  let value = 0n;
  for (let word = size - 1; word >= 0; word--)
    value = (value << 32n) | BigInt(words[index * size + word]!);
  value = BigInt.asIntN(size * 32, value);
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return scale > 0 ? `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}` : sign + digits;
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
