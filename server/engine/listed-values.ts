import type { JsonValue } from '../../protocol/column.js';
import { jsonValue } from '../../workers/json-value.js';
import { HalftoneError } from '../errors.js';
import { floatOf, fromBase64, integerBound, mismatch } from './bound.js';
import type { ColumnRef } from './columns.js';
import { ceilOf, floorOf } from './exact-number.js';

/**
 * The values that the domain of a category axis lists, each once, in its order and as JSON gives those of the column:
 * 1 and "1.0" are one integer, a date is the midnight it begins with. A value that no row can have keeps its place.
 */
export function listedValues(
  ref: ColumnRef,
  values: readonly JsonValue[],
  field: string,
  most: number,
): JsonValue[] {
  const listed = [...new Set(values.map((value, i) => ownForm(ref, value, `${field}[${i}]`)))];
  if (listed.length <= most) return listed;
  throw new HalftoneError(
    'LIMIT_EXCEEDED',
    `"${field}" lists ${listed.length} values, and an axis takes ${most}.`,
    { field, hint: 'List fewer, or leave it out.' },
  );
}

function ownForm(ref: ColumnRef, value: JsonValue, field: string): JsonValue {
  const { logical } = ref;
  if (value === null) return null;
  switch (logical.kind) {
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(ref, field, value, 'List true and false.');
      return value;
    case 'text':
      if (typeof value !== 'string') throw mismatch(ref, field, value, 'List strings.');
      return value;
    case 'binary':
      if (typeof value !== 'string') throw mismatch(ref, field, value, 'List base64.');
      return Buffer.from(fromBase64(value, ref, field)).toString('base64');
    case 'float':
      // -0 and 0 are one value.
      return jsonValue(logical, floatOf(value, ref, field) + 0);
    default: {
      const exact = integerBound(value, ref, field);
      const floor = floorOf(exact);
      return floor === ceilOf(exact) ? jsonValue(logical, floor) : value;
    }
  }
}
