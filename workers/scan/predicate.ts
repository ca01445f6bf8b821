/**
 * A filter after it was resolved against the columns: plain data for the workers. `column` is a position in the
 * task's TableView. Bounds are closed (an open one was moved to the next value) and exact in the form named:
 *
 * - `value`: the float64 that a row stands for (a decimal divided by its scale, an int64 rounded);
 * - `raw`: the stored integer as a float64, for columns whose integers all lie within 2^53;
 * - `i64`: the stored integer, exactly;
 * - `wide`: the stored integer of up to 128 bits, exactly (slow).
 */
export type Predicate =
  | { test: 'constant'; value: boolean }
  | { test: 'range'; column: number; form: 'value' | 'raw'; low: number; high: number }
  | { test: 'exact range'; column: number; form: 'i64' | 'wide'; low: bigint; high: bigint }
  | {
      test: 'in';
      column: number;
      form: 'value' | 'raw';
      /** Ascending, distinct, without NaN. */
      values: Float64Array;
      /** NaN is among the values. */
      nan: boolean;
      nulls: boolean;
    }
  | {
      test: 'exact in';
      column: number;
      /** Ascending and distinct. */
      values: readonly bigint[];
      nulls: boolean;
    }
  | {
      /** Booleans and dictionaries: one byte a code says whether it matches. */
      test: 'codes';
      column: number;
      lut: Uint8Array<ArrayBuffer>;
      nulls: boolean;
    }
  | {
      /** Text and binary without a dictionary: equal to one of these. */
      test: 'bytes';
      column: number;
      values: readonly Uint8Array[];
      nulls: boolean;
    }
  | { test: 'contains'; column: number; text: string; caseSensitive: boolean }
  | { test: 'null'; column: number }
  | PolygonPredicate
  | { test: 'not'; of: Predicate }
  | { test: 'all' | 'any'; of: readonly Predicate[] };

/** Inside or on the edge of a polygon, even-odd, with straight edges in the space of the scales. */
export interface PolygonPredicate {
  test: 'polygon';
  x: PolygonAxis;
  y: PolygonAxis;
}

export interface PolygonAxis {
  column: number;
  /** Taken off the stored integers of times that doubles do not hold, exactly; null where doubles will do. */
  origin: bigint | null;
  log: boolean;
  /** In the column's values less the origin, before a logarithm. */
  corners: Float64Array;
}
