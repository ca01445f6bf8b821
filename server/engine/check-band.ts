import type { Query } from '../../protocol/query.js';
import { HalftoneError } from '../errors.js';

/** Checks that a band is asked for where there can be one, and has a low end and a high one. */
export function checkBand({ band, mark, x, against }: Query): void {
  const [low, high] = band!;
  if (low >= high) {
    throw new HalftoneError('QUERY_INVALID', `"band" must ascend, got [${low}, ${high}].`, {
      field: 'band',
      hint: 'For example [0.1, 0.9], between which the middle 80 % of the rows lie.',
    });
  }
  const isBinned = typeof x === 'object' && x.bin !== undefined;
  if (mark === 'line' && isBinned && against === undefined) return;
  const what =
    against === undefined ? 'Only a line over bins of x has a band.' : 'A comparison has no band.';
  throw new HalftoneError('QUERY_INVALID', what, {
    field: 'band',
    hint: 'Leave it out, or ask for "mark": "line" with "x": { "column": "…", "bin": "day" }.',
  });
}
