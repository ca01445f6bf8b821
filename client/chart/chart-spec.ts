import { canonicalJson } from '../../protocol/canonical.js';
import type { ChartSpec } from './types.js';

/** What a new question is: everything but the domain and the words. */
export function keyOf({ query, band, style }: ChartSpec): string {
  const { domain: _, ...rest } = query;
  return canonicalJson({ query: rest, band, style });
}

/** The words of a spec: they change without a new question. */
export const wordsOf = ({ labels, title, footer }: ChartSpec): Partial<ChartSpec> => ({
  ...(labels === undefined ? {} : { labels }),
  ...(title === undefined ? {} : { title }),
  ...(footer === undefined ? {} : { footer }),
});
