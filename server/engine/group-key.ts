import { MAX_BINS } from '../../protocol/limits.js';
import type { Query } from '../../protocol/query.js';
import { binOf, widthBins } from '../../workers/calendar/width.js';
import type { KeyForm } from '../../workers/groups/key-ids.js';
import { HalftoneError } from '../errors.js';
import type { Axis, Ends } from './axis.js';
import { resolveBins } from './bins.js';
import { mismatch } from './bound.js';

/** The bin that x is cut into, where the query asks for one. */
export function askedBin({ x }: Query): string | number | undefined {
  return typeof x === 'object' ? x.bin : undefined;
}

/**
 * How the values between `ends` are cut into the bins that the query asks for. Without ends, where no row has a value,
 * there is nothing to cut.
 */
export function binnedKey(query: Query, axis: Axis, ends: Ends | null): KeyForm {
  const bin = askedBin(query);
  const { ref } = axis;
  if (axis.isTime) {
    const integers = ref.integers === 'raw' ? 'raw' : 'i64';
    if (ends === null) {
      return { form: 'time bins', integers, edges: BigInt64Array.of(0n, 1n), low: 0n, high: 0n };
    }
    const { plan } = resolveBins(query, axis, ends);
    if (plan.scale !== 'time') throw new Error('A time is cut into bins of time.');
    const [low, high] = plan.domain ?? [plan.edges[0]!, plan.edges.at(-1)!];
    return { form: 'time bins', integers, edges: new BigInt64Array(plan.edges), low, high };
  }
  if (typeof bin !== 'number') {
    throw mismatch(ref, 'x.bin', bin, 'Give the width of the bins as a number.');
  }
  const [low, high] = (ends ?? [0, 0]) as readonly [number, number];
  const bins = widthBins(bin);
  if (!(binOf(high, bins) - binOf(low, bins) < MAX_BINS)) {
    throw new HalftoneError(
      'LIMIT_EXCEEDED',
      `Bins of ${bin} would be more than ${MAX_BINS} here.`,
      { field: 'x.bin', hint: 'Take wider bins, or give a narrower domain.' },
    );
  }
  return { form: 'width bins', width: bin, low, high };
}
