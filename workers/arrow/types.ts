import { type Builder, type Offset } from 'flatbuffers';
import { ARROW_TYPE_ID, ARROW_UNITS, type ArrowType } from '../../protocol/arrow-type.js';

export type { ArrowType };

/** One column of a schema. With `dictionary`, `type` is that of the values and the data are codes. */
export interface Field {
  name: string;
  type: ArrowType;
  nullable?: boolean;
  dictionary?: { id: number; bits: 8 | 16 | 32 };
  metadata?: Readonly<Record<string, string>>;
}

/** The number of the type in the flatbuffer union. */
export function typeId({ type }: ArrowType): number {
  return ARROW_TYPE_ID[type];
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
      builder.addFieldInt16(0, ARROW_UNITS.indexOf(type.unit), 1);
      builder.addFieldInt32(1, type.unit === 's' || type.unit === 'ms' ? 32 : 64, 32);
      return builder.endObject();
    case 'timestamp': {
      const zone = type.timeZone === undefined ? 0 : builder.createString(type.timeZone);
      builder.startObject(2);
      builder.addFieldInt16(0, ARROW_UNITS.indexOf(type.unit), 0);
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
