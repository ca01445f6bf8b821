import { Type, type Static } from 'typebox';

/**
 * What a column is to a person: it decides which marks, filters and aggregates fit.
 * `time` is a point in time or a date; `clock` is a time of day.
 */
export const COLUMN_KINDS = ['number', 'time', 'clock', 'text', 'boolean', 'binary'] as const;
export type ColumnKind = (typeof COLUMN_KINDS)[number];

/** The unit of a stored time: days, or a fraction of a second. */
export const TIME_UNITS = ['day', 's', 'ms', 'us', 'ns'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** One value in JSON: see "Values in JSON" of the reference. */
export const JsonValue = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);
export type JsonValue = Static<typeof JsonValue>;

/** One column as the API describes it. */
export const ColumnInfo = Type.Object({
  name: Type.String(),
  /** The declared type, in DuckDB's words: `BIGINT`, `DECIMAL(10,2)`, `TIMESTAMP WITH TIME ZONE`. */
  type: Type.String(),
  kind: Type.Unsafe<ColumnKind>(Type.Union(COLUMN_KINDS.map((kind) => Type.Literal(kind)))),
  /** Whole numbers only: bins are whole too. */
  integer: Type.Optional(Type.Boolean()),
  /** The unit of a time. */
  unit: Type.Optional(
    Type.Unsafe<TimeUnit>(Type.Union(TIME_UNITS.map((unit) => Type.Literal(unit)))),
  ),
  /** True where the values are instants, false where they are naive local times. */
  zoned: Type.Optional(Type.Boolean()),
  nulls: Type.Number(),
  /** The least value, by value for numbers and times, by UTF-8 bytes for text; null without values. NaN does not count. */
  min: JsonValue,
  max: JsonValue,
  /** The exact number of distinct values that are not null, where it is known. */
  distinct: Type.Optional(Type.Number()),
  /** Values at 0.1 %, 1 %, 10 %, 50 %, 90 %, 99 % and 99.9 % of a fixed sample of the rows. */
  quantiles: Type.Optional(
    Type.Object({
      p001: JsonValue,
      p01: JsonValue,
      p10: JsonValue,
      p50: JsonValue,
      p90: JsonValue,
      p99: JsonValue,
      p999: JsonValue,
    }),
  ),
  /** True where the rows of the snapshot stand in ascending order of this column. */
  ascending: Type.Optional(Type.Boolean()),
});
export type ColumnInfo = Static<typeof ColumnInfo>;
