import { Type, type Static } from 'typebox';
import { JsonValue } from './column.js';
import {
  MAX_BINS,
  MAX_BUDGET,
  MAX_PIXELS,
  MAX_ROWS,
  MAX_SERIES_COLUMNS,
  MAX_STROKE,
  MAX_TOP,
  MAX_VALUES,
  MAX_VERTICES,
} from './limits.js';
import { MARKS, METHODS, QUALITIES, AGGREGATE_OPS, CALENDAR_UNITS, SCALES } from './query-words.js';

export * from './query-words.js';

const strict = { additionalProperties: false } as const;
// The compiler sees no members in a union of an array, so the type is said beside it.
const literals = <T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))));

/** A column, or a column cut into bins: calendar units in `timeZone`, or a width in the column's units. */
export const BinnedColumn = Type.Object(
  {
    column: Type.String(),
    bin: Type.Optional(
      Type.Union([literals(CALENDAR_UNITS), Type.Number({ exclusiveMinimum: 0 })]),
    ),
  },
  strict,
);
export type BinnedColumn = Static<typeof BinnedColumn>;

export const InFilter = Type.Object(
  {
    op: Type.Literal('in'),
    column: Type.String(),
    values: Type.Array(JsonValue, { maxItems: MAX_VALUES }),
    exclude: Type.Optional(Type.Boolean()),
  },
  strict,
);

/** A bound of a range: a number, or a string that holds a time, a wide integer or a decimal. */
export const Bound = Type.Union([Type.Number(), Type.String()]);
export type Bound = Static<typeof Bound>;

export const RangeFilter = Type.Object(
  {
    op: Type.Literal('range'),
    column: Type.String(),
    min: Type.Optional(Bound),
    max: Type.Optional(Bound),
    minExclusive: Type.Optional(Type.Boolean()),
    maxExclusive: Type.Optional(Type.Boolean()),
  },
  strict,
);

export const ContainsFilter = Type.Object(
  {
    op: Type.Literal('contains'),
    column: Type.String(),
    text: Type.String(),
    caseSensitive: Type.Optional(Type.Boolean()),
  },
  strict,
);

export const NullFilter = Type.Object({ op: Type.Literal('null'), column: Type.String() }, strict);

export const PolygonFilter = Type.Object(
  {
    op: Type.Literal('polygon'),
    x: Type.String(),
    y: Type.String(),
    points: Type.Array(Type.Tuple([Bound, Bound]), { minItems: 3, maxItems: MAX_VERTICES }),
  },
  strict,
);

export type InFilter = Static<typeof InFilter>;
export type RangeFilter = Static<typeof RangeFilter>;
export type ContainsFilter = Static<typeof ContainsFilter>;
export type NullFilter = Static<typeof NullFilter>;
export type PolygonFilter = Static<typeof PolygonFilter>;
export interface NotFilter {
  op: 'not';
  filter: Filter;
}
export interface AnyFilter {
  op: 'any';
  filters: Filter[];
}

/** A predicate on columns. A list of filters is AND-ed; filters are two-valued: a null matches only `null` and a null in `values`. */
export type Filter =
  InFilter | RangeFilter | ContainsFilter | NullFilter | PolygonFilter | NotFilter | AnyFilter;

export const FILTER_OPS = ['in', 'range', 'contains', 'null', 'polygon', 'not', 'any'] as const;
export type FilterOp = (typeof FILTER_OPS)[number];

export const Aggregate = Type.Object(
  {
    op: literals(AGGREGATE_OPS),
    column: Type.Optional(Type.String()),
    /** The share of a quantile, 0 to 1. */
    p: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  },
  strict,
);
export type Aggregate = Static<typeof Aggregate>;

/** Two shares from 0 to 1, ascending. */
const share = Type.Number({ minimum: 0, maximum: 1 });
export const Band = Type.Tuple([share, share]);
export type Band = Static<typeof Band>;

/** The two ends of an axis, or the values of a category axis in order. */
export const AxisDomain = Type.Array(
  Type.Union([Type.Number(), Type.String(), Type.Null(), Type.Boolean()]),
);
export type AxisDomain = Static<typeof AxisDomain>;

export const Sort = Type.Object(
  { column: Type.String(), order: Type.Optional(literals(['asc', 'desc'])) },
  strict,
);
export type Sort = Static<typeof Sort>;

/** What a query is compared with: another snapshot, other filters in the place of its own, or both. */
export const Against = Type.Object(
  {
    snapshot: Type.Optional(Type.String()),
    filters: Type.Optional(Type.Array(Type.Unsafe<Filter>({ type: 'object' }))),
  },
  strict,
);
export type Against = Static<typeof Against>;

/**
 * What a client asks. Filters are checked one by one, by `op`, so that an error can name the field:
 * the schema of `filters` is therefore left open here.
 */
export const Query = Type.Object(
  {
    dataset: Type.String(),
    snapshot: Type.Optional(Type.String()),
    mark: literals(MARKS),
    x: Type.Optional(Type.Union([Type.String(), BinnedColumn])),
    y: Type.Optional(
      Type.Union([
        Type.String(),
        BinnedColumn,
        Type.Array(Type.String(), { minItems: 1, maxItems: MAX_SERIES_COLUMNS }),
      ]),
    ),
    color: Type.Optional(Type.String()),
    top: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_TOP })),
    domain: Type.Optional(
      Type.Object({ x: Type.Optional(AxisDomain), y: Type.Optional(AxisDomain) }, strict),
    ),
    scale: Type.Optional(
      Type.Object(
        { x: Type.Optional(literals(SCALES)), y: Type.Optional(literals(SCALES)) },
        strict,
      ),
    ),
    width: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PIXELS })),
    height: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PIXELS })),
    timeZone: Type.Optional(Type.String()),
    filters: Type.Optional(Type.Array(Type.Unsafe<Filter>({ type: 'object' }))),
    against: Type.Optional(Against),
    method: Type.Optional(literals(METHODS)),
    stroke: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: MAX_STROKE })),
    values: Type.Optional(Type.Literal('exact')),
    budget: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_BUDGET })),
    bins: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_BINS })),
    cells: Type.Optional(
      Type.Object(
        {
          x: Type.Integer({ minimum: 1, maximum: MAX_PIXELS }),
          y: Type.Integer({ minimum: 1, maximum: MAX_PIXELS }),
        },
        strict,
      ),
    ),
    aggregate: Type.Optional(Aggregate),
    band: Type.Optional(Band),
    columns: Type.Optional(Type.Array(Type.String())),
    offset: Type.Optional(Type.Integer({ minimum: 0 })),
    limit: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_ROWS })),
    sort: Type.Optional(Type.Array(Sort)),
    quality: Type.Optional(literals(QUALITIES)),
  },
  strict,
);
export type Query = Static<typeof Query>;
