import { Type, UnionMode, type DataType, type Dictionary } from 'apache-arrow';
import { formatClock, formatDecimal, formatTime } from '../../../workers/json-value.js';
import { ArrowFault } from './arrow-fault.js';
import { binaryAt } from './binary-at.js';
import { numberAt } from './number-at.js';
import { timeUnitOf } from './time-unit.js';
import type { ArrowVector } from './vector.js';

// What DuckDB's cast to VARCHAR gives, so that nested values read the same whatever file they come from.

/** One value of a nested column as text: `[1, 2]`, `{'a': 1}`, `{a=1}`. The row must be valid. */
export function nestedText(vector: ArrowVector, row: number): string {
  const { type, offsets, children } = vector;
  const [child] = children;
  switch (type.typeId as Type) {
    case Type.List:
    case Type.LargeList:
      return listText(child!, offsets![row]!, offsets![row + 1]!);
    case Type.FixedSizeList: {
      const { listSize } = type as DataType & { listSize: number };
      return listText(child!, row * listSize, (row + 1) * listSize);
    }
    case Type.Struct:
      return structText(vector, row);
    case Type.Map: {
      const [keys, values] = child!.children;
      const entries: string[] = [];
      for (let i = offsets![row]!; i < offsets![row + 1]!; i++) {
        entries.push(`${itemText(keys!, i)}=${itemText(values!, i)}`);
      }
      return `{${entries.join(', ')}}`;
    }
    case Type.Union:
      return unionText(vector, row);
    case Type.Dictionary: {
      const [values, at] = entryOf(vector, row);
      return isNull(values, at) ? 'NULL' : nestedText(values, at);
    }
    default:
      return plainText(vector, row);
  }
}

function listText(child: ArrowVector, from: number, to: number): string {
  const items: string[] = [];
  for (let i = from; i < to; i++) items.push(itemText(child, i));
  return `[${items.join(', ')}]`;
}

function structText({ type, children }: ArrowVector, row: number): string {
  const names = type.children as readonly { name: string }[];
  const fields = children.map(
    (child, i) => `'${escaped(names[i]!.name)}': ${itemText(child, row)}`,
  );
  return `{${fields.join(', ')}}`;
}

function unionText({ type, data, offsets, children }: ArrowVector, row: number): string {
  const { typeIds, mode } = type as DataType & { typeIds: Int32Array; mode: UnionMode };
  const child = children[typeIds.indexOf(data[row]!)];
  if (child === undefined) throw new ArrowFault('a union has no such member', row);
  const at = mode === UnionMode.Sparse ? row : offsets![row]!;
  if (!(at >= 0 && at < child.rows)) throw new ArrowFault('a union leads beyond its values', row);
  return isNull(child, at) ? 'NULL' : nestedText(child, at);
}

/** An item within a list or struct: quoted where it could be misread. */
function itemText(vector: ArrowVector, row: number): string {
  if (isNull(vector, row)) return 'NULL';
  if (vector.type.typeId === Type.Dictionary) {
    const [values, at] = entryOf(vector, row);
    return itemText(values, at);
  }
  if (vector.type.typeId === Type.Union) {
    return unionText(vector, row);
  }
  const text = nestedText(vector, row);
  return vector.children.length > 0 || !needsQuotes(text) ? text : `'${escaped(text)}'`;
}

const needsQuotes = (text: string): boolean =>
  text === '' || /^\s|\s$|[[\]{}(),=:'"]/.test(text) || /^null$/i.test(text);

const escaped = (text: string): string => text.replace(/['\\]/g, '\\$&');

/** The vector of a dictionary's values that a code leads to, and where in it. */
function entryOf(vector: ArrowVector, row: number): [values: ArrowVector, at: number] {
  const { indices } = vector.type as Dictionary;
  let code = Number(numberAt({ ...vector, type: indices })(row));
  for (const chunk of vector.dictionary!.chunks) {
    if (code >= 0 && code < chunk.rows) return [chunk, code];
    code -= chunk.rows;
  }
  throw new ArrowFault('its dictionary has no such value', row);
}

function isNull({ type, validity }: ArrowVector, row: number): boolean {
  if (type.typeId === Type.Null) return true;
  return validity !== undefined && ((validity[row >>> 3]! >>> (row & 7)) & 1) === 0;
}

/** One value of a plain column as DuckDB writes it. The row must be valid. */
export function plainText(vector: ArrowVector, row: number): string {
  const { type, data } = vector;
  switch (type.typeId as Type) {
    case Type.Bool:
      return ((data[row >>> 3]! >>> (row & 7)) & 1) === 1 ? 'true' : 'false';
    case Type.Int:
    case Type.Duration:
      return String(numberAt(vector)(row));
    case Type.Decimal:
      return decimalText(
        BigInt(numberAt(vector)(row)),
        (type as DataType & { scale: number }).scale,
      );
    case Type.Float:
      return floatText(
        numberAt(vector)(row) as number,
        (type as DataType & { precision: number }).precision,
      );
    case Type.Date: {
      const isDays = (type as DataType & { unit: number }).unit === 0;
      const value = BigInt(numberAt(vector)(row));
      return isDays ? formatTime(value, 'day', false) : timeText(value, 'ms', false);
    }
    case Type.Timestamp: {
      const { timezone } = type as DataType & { timezone: string | null };
      return timeText(BigInt(numberAt(vector)(row)), timeUnitOf(type), Boolean(timezone));
    }
    case Type.Time:
      return withoutZeros(formatClock(BigInt(numberAt(vector)(row)), timeUnitOf(type)));
    case Type.Interval:
      return intervalText(vector, row);
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
      return utf8.decode(binaryAt(vector, row));
    case Type.Null:
      return 'NULL';
    default:
      return blobText(binaryAt(vector, row));
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** A decimal of any scale, also a negative one. */
export function decimalText(value: bigint, scale: number): string {
  return scale < 0 ? String(value * 10n ** BigInt(-scale)) : formatDecimal(value, scale);
}

function timeText(value: bigint, unit: 's' | 'ms' | 'us' | 'ns', zoned: boolean): string {
  const text = withoutZeros(formatTime(value, unit, false).replace('T', ' '));
  return zoned ? `${text}+00` : text;
}

const withoutZeros = (text: string): string =>
  text.includes('.') ? text.replace(/\.?0+$/, '') : text;

/** As C's shortest form: `1.0`, `1e+20`, `1e-07`. */
function floatText(value: number, precision: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const shortest = precision === 2 ? String(value) : shortestSingle(value);
  const [digits = '', exponent = '0'] = Number(shortest).toExponential().split('e');
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 16)) {
    const plain = Number(shortest).toLocaleString('en', {
      useGrouping: false,
      maximumFractionDigits: 20,
    });
    return plain.includes('.') ? plain : `${plain}.0`;
  }
  const sign = power < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** The fewest digits that give the float32 back. */
function shortestSingle(value: number): string {
  for (let digits = 1; digits < 10; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}

function blobText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const isPlain = byte >= 32 && byte < 127 && byte !== 0x5c && byte !== 0x27 && byte !== 0x22;
    text += isPlain
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

/** Months, days and a time of day, as DuckDB writes an INTERVAL. */
export function intervalText({ type, data }: ArrowVector, row: number): string {
  const view = new DataView(data.buffer, data.byteOffset);
  const { unit } = type as DataType & { unit: number };
  let months = 0;
  let days = 0;
  let micros = 0n;
  if (unit === 0) months = view.getInt32(row * 4, true);
  else if (unit === 1) {
    days = view.getInt32(row * 8, true);
    micros = BigInt(view.getInt32(row * 8 + 4, true)) * 1000n;
  } else {
    months = view.getInt32(row * 16, true);
    days = view.getInt32(row * 16 + 4, true);
    micros = view.getBigInt64(row * 16 + 8, true);
  }
  const isNano = unit === 2;
  const parts: string[] = [];
  const add = (count: number, name: string): void => {
    if (count !== 0) parts.push(`${count} ${name}${Math.abs(count) === 1 ? '' : 's'}`);
  };
  add(Math.trunc(months / 12), 'year');
  add(months % 12, 'month');
  add(days, 'day');
  if (micros !== 0n || parts.length === 0) {
    const size = micros < 0n ? -micros : micros;
    const clock = withoutZeros(formatClock(size, isNano ? 'ns' : 'us'));
    parts.push(`${micros < 0n ? '-' : ''}${clock}`);
  }
  return parts.join(' ');
}
