import { canonicalJson } from '../../protocol/canonical.js';
import { isOutline } from './question.js';
import type { ChartSpec } from './types.js';

/** What a new question is: everything but the domain, the words and the shades. */
export function keyOf({ query, attempt = 0 }: ChartSpec): string {
  const { domain: _, ...rest } = query;
  return canonicalJson([rest, attempt]);
}

/** Whether `next` asks the same of a newer, or an older, snapshot. */
export function isRefresh(before: ChartSpec | undefined, next: ChartSpec): boolean {
  const withoutSnapshot = (spec: ChartSpec): string =>
    keyOf({ ...spec, query: { ...spec.query, snapshot: '' } });
  return before !== undefined && withoutSnapshot(before) === withoutSnapshot(next);
}

/** What gives the plane its meaning that rows are selected on: a selection is of no use on another. */
export function planeKeyOf({ query: { dataset, mark, x, y, scale } }: ChartSpec): string {
  return canonicalJson({ dataset, mark, x, y, scale });
}

/** Whether both specs paint a frame alike. */
export const sameShades = (a: ChartSpec, b: ChartSpec): boolean =>
  canonicalJson([a.hidden ?? [], a.style ?? {}]) === canonicalJson([b.hidden ?? [], b.style ?? {}]);

/** Whether another width of its lines shows other rows. */
export const needsOtherRows = (before: ChartSpec, next: ChartSpec): boolean =>
  isOutline(next.query) && before.style?.stroke !== next.style?.stroke;

/** `spec` as `other` is painted. */
export const withShadesOf = (
  spec: ChartSpec,
  { hidden = [], style = {} }: ChartSpec,
): ChartSpec => ({
  ...spec,
  hidden,
  style,
});

/** The words of a spec: they change without a new question. */
export const wordsOf = ({ labels, title, footer }: ChartSpec): Partial<ChartSpec> => ({
  ...(labels === undefined ? {} : { labels }),
  ...(title === undefined ? {} : { title }),
  ...(footer === undefined ? {} : { footer }),
});
