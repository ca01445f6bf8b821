import { Type, type Static } from 'typebox';
import { PLAN_TIERS } from './frame.js';

const Tier = Type.Unsafe<(typeof PLAN_TIERS)[number]>(
  Type.Union(PLAN_TIERS.map((tier) => Type.Literal(tier))),
);

/** A way to compute a frame that was weighed and not taken. */
export const OtherWay = Type.Object({
  tier: Tier,
  /** Why it is not taken. */
  reason: Type.String(),
  /** About what it would read; absent where it cannot be had. */
  rows: Type.Optional(Type.Number()),
  bytes: Type.Optional(Type.Number()),
});

/** An index that serves the query, or would serve it better than what there is. */
export const IndexNeed = Type.Object({
  kind: Type.String(),
  columns: Type.Array(Type.String()),
  state: Type.Unsafe<'ready' | 'missing'>(
    Type.Union([Type.Literal('ready'), Type.Literal('missing')]),
  ),
  /** Why it is missing. */
  reason: Type.Optional(Type.String()),
  /** Whether the frame would have it built. */
  wanted: Type.Optional(Type.Boolean()),
});

/** How a query would be answered, without answering it. Rows and bytes are estimates. */
export const Explanation = Type.Object({
  dataset: Type.String(),
  snapshot: Type.String(),
  /** The key of the canonical query. */
  key: Type.String(),
  /** Whether the frame is in the cache: then it is sent, and nothing of the plan is done. */
  cached: Type.Boolean(),
  plan: Type.Object({
    tier: Tier,
    reason: Type.String(),
    rows: Type.Number(),
    bytes: Type.Number(),
  }),
  others: Type.Array(OtherWay),
  indexes: Type.Array(IndexNeed),
  exact: Type.Boolean(),
});

export type OtherWay = Static<typeof OtherWay>;
export type IndexNeed = Static<typeof IndexNeed>;
export type Explanation = Static<typeof Explanation>;
