import { Type, type DataType, type Dictionary } from 'apache-arrow';
import type { DatasetSource } from '../source.js';
import { fileColumnsOf, fileLabel, partitionsOf } from '../sources/file-columns.js';
import type { LaneRows } from '../staging.js';
import { loadedAsText, loadedType, type LoadedType } from '../types.js';
import { ArrowFault } from './arrow-fault.js';
import type { ArrowColumn } from './column-type.js';
import { readAsText, readDictionary, readEach, type ReadRows } from './lanes.js';
import { numberAt } from './number-at.js';
import { nestedText } from './value-text.js';

/** A column of the dataset, and how each file's rows of it are read; undefined where a file lacks it. */
export interface UnitedArrowColumn {
  name: string;
  type: string;
  load: LoadedType;
  files: readonly (
    { position: number; read: ReadRows } | { constant: string | null } | undefined
  )[];
}

/**
 * Unites the columns of the files by name, in the order they first appear; types widen until they hold all values. Adds the file's
 * name and what its folders say where the dataset is of several files.
 */
export function uniteArrow(
  source: DatasetSource,
  files: readonly (readonly (ArrowColumn & { arrow: DataType })[])[],
): UnitedArrowColumn[] {
  const names = new Set(files.flatMap((columns) => columns.map(({ name }) => name)));
  const united = [...names].map((name): UnitedArrowColumn => {
    const found = files.map((columns) => columns.findIndex((column) => column.name === name));
    const all = found.flatMap((at, i) => (at < 0 ? [] : [files[i]![at]!]));
    // A column without a single value has nothing to say about its type.
    const telling = all.filter(({ arrow }) => arrow.typeId !== Type.Null);
    const { type, load } = (telling.length > 0 ? telling : all).reduce<Known>(
      wider,
      (telling[0] ?? all[0])!,
    );
    return {
      name,
      type,
      load,
      files: found.map((at, i) => {
        const column = files[i]![at];
        if (column === undefined || (column.arrow.typeId === Type.Null && telling.length > 0)) {
          return undefined;
        }
        const isSame = column.type === type && column.load.lane === load.lane;
        return { position: at, read: isSame ? column.read : readAs(column.arrow, load) };
      }),
    };
  });
  if (!source.united) return united;
  const labelled = source.files.map((file) => ({
    label: fileLabel(source, file),
    partitions: partitionsOf(source, file),
  }));
  const added = fileColumnsOf(labelled, names).map(({ name, type, values }) => ({
    name,
    type,
    load: loadedType(type),
    files: values.map((constant) => ({ constant })),
  }));
  return [...united, ...added];
}

/** The same value in so many rows. */
export function constantRows({ lane }: LoadedType, value: string | null, rows: number): LaneRows {
  const valid = value === null ? { valid: new Uint8Array(rows) } : {};
  if (lane === 'string') {
    const bytes = Buffer.from(value ?? '');
    return {
      starts: new Int32Array(rows),
      lengths: new Int32Array(rows).fill(bytes.length),
      bytes,
      ...valid,
    };
  }
  // Only whole numbers are ever the same in a file; of any other lane these are nulls.
  const data = new BigInt64Array(rows * 2).fill(BigInt(value ?? 0));
  const isWhole = value !== null;
  return { data: new Uint8Array(data.buffer, 0, isWhole ? rows * 8 : 0), ...valid };
}

type Known = Pick<ArrowColumn, 'type' | 'load'>;
const SECONDS = { s: 0, ms: 3, us: 6, ns: 9, day: 0 } as const;

/** The narrowest type that holds the values of both. */
function wider(a: Known, b: Known): Known {
  const [one, other] = [a.load.logical, b.load.logical];
  if (a.type === b.type && a.load.lane === b.load.lane) {
    return one.kind === 'time' && other.kind === 'time' && SECONDS[other.unit] > SECONDS[one.unit]
      ? b
      : a;
  }
  if (one.kind === 'integer' && other.kind === 'integer') {
    if (one.signed === other.signed) return one.bits >= other.bits ? a : b;
    const unsigned = one.signed ? other : one;
    const signed = one.signed ? one : other;
    if (signed.bits > unsigned.bits) return one.signed ? a : b;
    if (unsigned.bits < 64)
      return of(unsigned.bits === 32 ? 'BIGINT' : unsigned.bits === 16 ? 'INTEGER' : 'SMALLINT');
    return of('DOUBLE');
  }
  const isNumber = (kind: string): boolean => kind === 'integer' || kind === 'float';
  if (isNumber(one.kind) && isNumber(other.kind)) return of('DOUBLE');
  if (one.kind === 'time' && other.kind === 'time' && one.zoned === other.zoned) {
    if (one.unit !== 'day' && other.unit !== 'day')
      return SECONDS[one.unit] > SECONDS[other.unit] ? a : b;
  }
  const { logical, lane } = loadedAsText();
  return { type: 'VARCHAR', load: { logical, lane } };
}

const of = (type: string): Known => ({ type, load: loadedType(type) });

/** Reads values of one type into a wider one. */
function readAs(type: DataType, load: LoadedType): ReadRows {
  if (type.typeId === Type.Dictionary) {
    const { indices, dictionary } = type as Dictionary;
    return readDictionary(indices.bitWidth / 8, indices.isSigned, readAs(dictionary, load));
  }
  const { logical, lane } = load;
  if (lane === 'string') return readAsText(nestedText);
  if (lane === 'float64') {
    return readEach(
      (rows) => new Float64Array(rows),
      (vector) => {
        const at = numberAt(vector);
        return (row) => Number(at(row));
      },
    );
  }
  if (lane === 'int64') {
    const unit = (type as DataType & { unit?: number }).unit ?? 0;
    const power = logical.kind === 'time' ? SECONDS[logical.unit] - unit * 3 : 0;
    const factor = 10n ** BigInt(power);
    return readEach(
      (rows) => new BigInt64Array(rows),
      (vector) => {
        const at = numberAt(vector);
        return (row) => {
          const value = BigInt(at(row)) * factor;
          if (BigInt.asIntN(64, value) !== value) {
            throw new ArrowFault('a time is too far off for the unit of the other files', row);
          }
          return value;
        };
      },
    );
  }
  if (lane === 'uint64') {
    return readEach(
      (rows) => new BigUint64Array(rows),
      (vector) => {
        const at = numberAt(vector);
        return (row) => BigInt(at(row));
      },
    );
  }
  const create = WHOLE[lane as keyof typeof WHOLE];
  return readEach(
    (rows) => new create(rows),
    (vector) => numberAt(vector) as (row: number) => number,
  );
}

/** Of the lanes that a narrower integer may be read into as a plain number. */
const WHOLE = {
  int16: Int16Array,
  int32: Int32Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
} as const;
