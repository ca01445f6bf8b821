import { ARROW_TYPE_ID, ARROW_UNITS, type ArrowType } from '../../../protocol/arrow-type.js';
import type { FlatTable } from './flat-table.js';

/** A column as the schema tells it. */
export interface Field {
  name: string;
  /** With a dictionary, the type of its values. */
  type: ArrowType;
  dictionary: { id: number; codes: ArrowType } | null;
}

const TYPE_NAMES = new Map<number, ArrowType['type']>(
  Object.entries(ARROW_TYPE_ID).map(([name, id]) => [id, name as ArrowType['type']]),
);

/** Reads a `Field` of Arrow's Schema.fbs. */
export function readField(field: FlatTable): Field {
  const name = field.string(0) ?? '';
  const type = readType(name, TYPE_NAMES.get(field.byte(2)), field.table(3)!);
  const dictionary = field.table(4);
  if (dictionary === null) return { name, type, dictionary: null };
  const codes = dictionary.table(1);
  return {
    name,
    type,
    dictionary: {
      id: dictionary.long(0),
      codes: codes === null ? { type: 'int', bits: 32, signed: true } : readInt(codes),
    },
  };
}

function readInt(table: FlatTable): ArrowType {
  const bits = table.int(0);
  if (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64) {
    throw new RangeError(`Expected integers of 8 to 64 bits, read ${bits}.`);
  }
  return { type: 'int', bits, signed: table.byte(1) !== 0 };
}

function readType(
  column: string,
  name: ArrowType['type'] | undefined,
  table: FlatTable,
): ArrowType {
  switch (name) {
    case 'null':
    case 'bool':
    case 'utf8':
    case 'binary':
      return { type: name };
    case 'int':
      return readInt(table);
    case 'float':
      return { type: name, bits: table.short(0) === 1 ? 32 : 64 };
    case 'decimal':
      if (table.int(2, 128) !== 128) break;
      return { type: name, precision: table.int(0), scale: table.int(1) };
    case 'date':
      // Days are 0, and what is not written are milliseconds.
      if (table.short(0, 1) !== 0) break;
      return { type: name };
    case 'time':
      return { type: name, unit: ARROW_UNITS[table.short(0, 1)]! };
    case 'timestamp': {
      const timeZone = table.string(1);
      const unit = ARROW_UNITS[table.short(0)]!;
      return timeZone === null ? { type: name, unit } : { type: name, unit, timeZone };
    }
  }
  throw new Error(`Column "${column}" has an Arrow type that no frame has.`);
}
