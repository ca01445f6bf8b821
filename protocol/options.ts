import { Type, type Static } from 'typebox';
import { JsonValue } from './column.js';

/** The options of a dropdown, counted under the other filters. */
export const ColumnValues = Type.Object({
  values: Type.Array(Type.Object({ value: JsonValue, count: Type.Number() })),
  /** Distinct values that match the search and occur under the filters. */
  matching: Type.Number(),
  /** Distinct values that occur under the filters, null counted as one. */
  total: Type.Number(),
});
export type ColumnValues = Static<typeof ColumnValues>;
