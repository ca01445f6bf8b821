import { Type, type DataType, type Dictionary, type Field } from 'apache-arrow';
import type { Logical } from '../../../workers/storage.js';
import { loadedAsText, loadedType, type Lane, type LoadedType } from '../types.js';
import { ArrowFault, NotDays } from './arrow-fault.js';
import { bytesReader } from './binary-at.js';
import {
  readAsText,
  readBits,
  readDictionary,
  readEach,
  readNulls,
  readPlain,
  validityOf,
  type ReadRows,
} from './lanes.js';
import { numberAt } from './number-at.js';
import { timeUnitOf } from './time-unit.js';
import { decimalText, intervalText, nestedText } from './value-text.js';
import { widthOf, type ArrowVector } from './vector.js';

/** What becomes of a column: the name of its type in DuckDB's words, how it is loaded, and how its rows are read. */
export interface ArrowColumn {
  name: string;
  type: string;
  load: LoadedType;
  read: ReadRows;
  /** Its values are days told in milliseconds; with a time of day among them the column is a TIMESTAMP_MS. */
  isDays?: boolean;
  /** The unit of durations, which are kept as plain numbers. */
  durationUnit?: ReturnType<typeof timeUnitOf>;
}

type Read = Omit<ArrowColumn, 'name'>;
/** The parameters of all types in one place: which of them a type has follows from what it is. */
type Parameters = DataType & {
  bitWidth: number;
  isSigned: boolean;
  precision: number;
  scale: number;
  unit: number;
  timezone: string | null;
  listSize: number;
};

const DAY_MS = 86_400_000n;
const DAY_MICROSECONDS = 86_400_000_000;
const INTEGERS: Readonly<Record<number, string>> = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT' }; // prettier-ignore
/** DuckDB's and our own decimals end here. */
const MAX_DECIMAL_DIGITS = 38;

/** What becomes of a field; `asTimes` where its days have turned out to be times. Throws at types that are not known. */
export function columnOf(field: Field, asTimes = false): ArrowColumn {
  const { name } = field;
  const extension = field.metadata.get('ARROW:extension:name');
  const type = field.type as DataType;
  checkType(type);
  if (extension === 'arrow.uuid' && type.typeId === Type.FixedSizeBinary && widthOf(type) === 16) {
    return { name, ...asText('UUID', uuidAt) };
  }
  const column = readOf(type, asTimes);
  return {
    name,
    ...column,
    ...(extension === 'arrow.json' && column.type === 'VARCHAR' ? { type: 'JSON' } : {}),
  };
}

function readOf(type: DataType, asTimes: boolean): Read {
  const { bitWidth, isSigned, precision, scale, unit, timezone } = type as Parameters;
  switch (type.typeId as Type) {
    case Type.Null:
      return { ...known('INTEGER'), read: readNulls };
    case Type.Bool:
      return { ...known('BOOLEAN'), read: readBits };
    case Type.Int:
      return {
        ...known(`${isSigned ? '' : 'U'}${INTEGERS[bitWidth]!}`),
        read: readPlain(bitWidth / 8),
      };
    case Type.Float:
      if (precision === 0) return { ...known('FLOAT'), read: readNumbers(Float32Array) };
      return {
        ...known(precision === 1 ? 'FLOAT' : 'DOUBLE'),
        read: readPlain(widthOf(type)),
      };
    case Type.Decimal:
      return decimal(precision, scale, bitWidth);
    case Type.Date:
      if (unit === 0) return { ...known('DATE'), read: readPlain(4) };
      return asTimes
        ? { ...known('TIMESTAMP_MS'), read: readPlain(8) }
        : { ...known('DATE'), read: readDays, isDays: true };
    case Type.Timestamp: {
      const precise = timeUnitOf(type);
      const zoned = Boolean(timezone);
      const declared = {
        s: 'TIMESTAMP_S',
        ms: 'TIMESTAMP_MS',
        us: 'TIMESTAMP',
        ns: 'TIMESTAMP_NS',
      };
      return {
        type: zoned ? 'TIMESTAMP WITH TIME ZONE' : declared[precise],
        load: { logical: { kind: 'time', unit: precise, zoned }, lane: 'int64' },
        read: readPlain(8),
      };
    }
    case Type.Time:
      return clock(type);
    case Type.Duration:
      return { ...known('BIGINT'), read: readPlain(8), durationUnit: timeUnitOf(type) };
    case Type.Interval:
      return asText('INTERVAL', intervalText);
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
      return { ...known('VARCHAR'), read: bytesReader({ type }) };
    case Type.Binary:
    case Type.LargeBinary:
    case Type.BinaryView:
    case Type.FixedSizeBinary:
      return { ...known('BLOB'), read: bytesReader({ type }) };
    case Type.Dictionary: {
      const { indices, dictionary } = type as Dictionary;
      const values = readOf(dictionary, asTimes);
      const { bitWidth: codeBits, isSigned: signed } = indices as Parameters;
      return { ...values, read: readDictionary(codeBits / 8, signed, values.read) };
    }
    default:
      return asText(nameOf(type), nestedText);
  }
}

const known = (type: string): Pick<Read, 'type' | 'load'> => ({ type, load: loadedType(type) });

function asText(type: string, textOf: (vector: ArrowVector, row: number) => string): Read {
  // The reader makes the text; nothing is cast.
  const { logical, lane } = loadedAsText();
  return { type, load: { logical, lane }, read: readAsText(textOf) };
}

const readNumbers = (values: Float32ArrayConstructor | Float64ArrayConstructor): ReadRows =>
  readEach(
    (rows) => new values(rows),
    (vector) => numberAt(vector) as (row: number) => number,
  );

function decimal(precision: number, scale: number, bits: number): Read {
  if (precision > MAX_DECIMAL_DIGITS || scale < 0 || scale > precision) {
    return asText('VARCHAR', (vector, row) => decimalText(BigInt(numberAt(vector)(row)), scale));
  }
  const logical: Logical = { kind: 'decimal', precision, scale };
  const type = `DECIMAL(${precision},${scale})`;
  if (bits <= 128) {
    const lane: Lane = bits === 32 ? 'int32' : bits === 64 ? 'int64' : 'int128';
    return { type, load: { logical, lane }, read: readPlain(bits / 8) };
  }
  return { type, load: { logical, lane: 'int128' }, read: readLow128 };
}

/** Decimals of 256 bits whose digits fit 128. */
const readLow128: ReadRows = (vector, from, to) => {
  const words = new BigInt64Array((to - from) * 2);
  const at = numberAt(vector) as (row: number) => bigint;
  const { valid } = validityOf(vector, from, to);
  for (let row = from; row < to; row++) {
    if (valid !== undefined && valid[row - from] === 0) continue;
    const value = at(row);
    if (BigInt.asIntN(128, value) !== value) throw new ArrowFault('a decimal is too large', row);
    words[(row - from) * 2] = BigInt.asIntN(64, value);
    words[(row - from) * 2 + 1] = value >> 64n;
  }
  return { data: new Uint8Array(words.buffer), ...(valid && { valid }) };
};

const readDays: ReadRows = readEach(
  (rows) => new Int32Array(rows),
  (vector) => {
    const at = numberAt(vector) as (row: number) => bigint;
    return (row) => {
      const value = at(row);
      const days = value / DAY_MS;
      if (days * DAY_MS !== value || BigInt.asIntN(32, days) !== days) throw new NotDays();
      return Number(days);
    };
  },
);

/** Times of day become microseconds, or stay nanoseconds. */
function clock(type: DataType): Read {
  const unit = timeUnitOf(type);
  const isNano = unit === 'ns';
  const factor = { s: 1_000_000, ms: 1000, us: 1, ns: 1 }[unit];
  const perDay = isNano ? DAY_MICROSECONDS * 1000 : DAY_MICROSECONDS;
  return {
    ...known(isNano ? 'TIME_NS' : 'TIME'),
    read: readEach(
      (rows) => new BigInt64Array(rows),
      (vector) => {
        const at = numberAt(vector);
        return (row) => {
          const value = Number(at(row)) * factor;
          if (!(value >= 0 && value <= perDay)) throw new ArrowFault('it is no time of day', row);
          return BigInt(value);
        };
      },
    ),
  };
}

function uuidAt({ data }: ArrowVector, row: number): string {
  const hex = Buffer.from(data.subarray(row * 16, row * 16 + 16)).toString('hex');
  return [8, 12, 16, 20, 32].map((end, i) => hex.slice([0, 8, 12, 16, 20][i], end)).join('-');
}

/** The name of a type in DuckDB's words: `INTEGER[]`, `STRUCT(a INTEGER)`. */
function nameOf(type: DataType): string {
  const children = ((type.children ?? []) as Field[]).map(
    ({ name, type: own }) => [name, nameOf(own)] as const,
  );
  const members = children.map(([name, own]) => `${quoted(name)} ${own}`).join(', ');
  switch (type.typeId as Type) {
    case Type.List:
    case Type.LargeList:
      return `${children[0]![1]}[]`;
    case Type.FixedSizeList:
      return `${children[0]![1]}[${(type as Parameters).listSize}]`;
    case Type.Struct:
      return `STRUCT(${members})`;
    case Type.Union:
      return `UNION(${members})`;
    case Type.Map: {
      const entry = type.children![0]!.type as DataType;
      const [key, value] = entry.children! as Field[];
      return `MAP(${nameOf(key!.type)}, ${nameOf(value!.type)})`;
    }
    case Type.Dictionary:
      return nameOf((type as Dictionary).dictionary);
    default:
      return readOf(type, false).type;
  }
}

const quoted = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

/** Throws where the parameters of a type, or of one within it, cannot be. */
function checkType(type: DataType): void {
  const { bitWidth, precision, unit } = type as Parameters;
  const isOne = (value: number, ...of: number[]): boolean => of.includes(value);
  const children = (type.children ?? []) as (Field | undefined)[];
  const sound = ((): boolean => {
    switch (type.typeId as Type) {
      case Type.Int:
        return isOne(bitWidth, 8, 16, 32, 64);
      case Type.Float:
        return isOne(precision, 0, 1, 2);
      case Type.Decimal:
        return isOne(bitWidth, 32, 64, 128, 256) && precision >= 1 && precision <= 76;
      case Type.Date:
        return isOne(unit, 0, 1);
      case Type.Interval:
        return isOne(unit, 0, 1, 2);
      case Type.Time:
        return isOne(unit, 0, 1) ? bitWidth === 32 : isOne(unit, 2, 3) && bitWidth === 64;
      case Type.FixedSizeBinary:
        return widthOf(type) >= 0;
      case Type.List:
      case Type.LargeList:
      case Type.FixedSizeList:
        return children.length === 1;
      case Type.Map:
        return children.length === 1 && children[0]?.type.children?.length === 2;
      default:
        return true;
    }
  })();
  if (!sound) throw new ArrowFault('its type is not known');
  if (type.typeId === Type.Dictionary) {
    const { indices, dictionary } = type as Dictionary;
    checkType(indices);
    if ((indices as DataType).typeId !== Type.Int)
      throw new ArrowFault('its codes are no integers');
    checkType(dictionary);
  } else for (const child of children) checkType(child!.type as DataType);
}
