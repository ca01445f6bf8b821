import { type Builder, type Offset } from 'flatbuffers';

/** The Arrow types that Halftone writes. */
export type ArrowType =
  | { type: 'null' }
  | { type: 'bool' }
  | { type: 'int'; bits: 8 | 16 | 32 | 64; signed: boolean }
  | { type: 'float'; bits: 32 | 64 }
  | { type: 'decimal'; precision: number; scale: number }
  | { type: 'utf8' }
  | { type: 'binary' }
  | { type: 'date' }
  | { type: 'time'; unit: 's' | 'ms' | 'us' | 'ns' }
  | { type: 'timestamp'; unit: 's' | 'ms' | 'us' | 'ns'; timeZone?: string };

/** One column of a schema. With `dictionary`, `type` is that of the values and the data are codes. */
export interface Field {
  name: string;
  type: ArrowType;
  nullable?: boolean;
  dictionary?: { id: number; bits: 8 | 16 | 32 };
  metadata?: Readonly<Record<string, string>>;
}

const TIME_UNIT = { s: 0, ms: 1, us: 2, ns: 3 } as const;

// The ids of the union `Type` in Arrow's Schema.fbs.
const TYPE_ID = {
  null: 1,
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
} as const;

/** The number of the type in the flatbuffer union. */
export function typeId({ type }: ArrowType): number {
  return TYPE_ID[type];
}

/** Writes the flatbuffer table of a type and returns its offset. */
export function encodeType(builder: Builder, type: ArrowType): Offset {
  switch (type.type) {
    case 'int':
      return encodeInt(builder, type.bits, type.signed);
    case 'float':
      builder.startObject(1);
      builder.addFieldInt16(0, type.bits === 32 ? 1 : 2, 0);
      return builder.endObject();
    case 'decimal':
      builder.startObject(3);
      builder.addFieldInt32(0, type.precision, 0);
      builder.addFieldInt32(1, type.scale, 0);
      builder.addFieldInt32(2, 128, 128);
      return builder.endObject();
    case 'date':
      builder.startObject(1);
      // DAY is 0 while the default is MILLISECOND, so it has to be written.
      builder.addFieldInt16(0, 0, 1);
      return builder.endObject();
    case 'time':
      builder.startObject(2);
      builder.addFieldInt16(0, TIME_UNIT[type.unit], 1);
      builder.addFieldInt32(1, type.unit === 's' || type.unit === 'ms' ? 32 : 64, 32);
      return builder.endObject();
    case 'timestamp': {
      const zone = type.timeZone === undefined ? 0 : builder.createString(type.timeZone);
      builder.startObject(2);
      builder.addFieldInt16(0, TIME_UNIT[type.unit], 0);
      builder.addFieldOffset(1, zone, 0);
      return builder.endObject();
    }
    default:
      builder.startObject(0);
      return builder.endObject();
  }
}

/** Writes the flatbuffer table of an integer type, for values and for dictionary codes. */
export function encodeInt(builder: Builder, bits: number, signed: boolean): Offset {
  builder.startObject(2);
  builder.addFieldInt32(0, bits, 0);
  builder.addFieldInt8(1, signed ? 1 : 0, 0);
  return builder.endObject();
}
