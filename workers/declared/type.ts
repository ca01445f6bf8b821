import type { ArrowType } from '../arrow/types.js';
import type { Logical } from '../storage.js';

/**
 * The Arrow type in which a column's values leave: the declared one, however narrow they are stored. Integers of 128
 * bits are utf8, because no Arrow integer is that wide. Instants say that they are in UTC, naive times have no zone.
 */
export function declaredType(logical: Logical): ArrowType {
  switch (logical.kind) {
    case 'boolean':
      return { type: 'bool' };
    case 'integer':
      return logical.bits === 128
        ? { type: 'utf8' }
        : { type: 'int', bits: logical.bits, signed: logical.signed };
    case 'float':
      return { type: 'float', bits: logical.bits };
    case 'decimal':
      return { type: 'decimal', precision: logical.precision, scale: logical.scale };
    case 'time':
      return logical.unit === 'day'
        ? { type: 'date' }
        : { type: 'timestamp', unit: logical.unit, ...(logical.zoned && { timeZone: 'UTC' }) };
    case 'clock':
      return { type: 'time', unit: logical.unit };
    case 'text':
      return { type: 'utf8' };
    case 'binary':
      return { type: 'binary' };
  }
}
