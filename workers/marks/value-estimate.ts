import { finishAggregate } from '../aggregate/finish.js';
import type { AggregatePlan } from '../aggregate/plan.js';
import type { Evidence } from '../sample/certificate.js';
import { marginOfTotal } from '../sample/margins.js';
import type { Sample } from '../sample/sample.js';
import type { ValuePartial } from './value-plan.js';

const ONE_GROUP = new Uint32Array([0]);

/** By what the aggregates of the parts of a sample differ. */
export function estimateOf(
  aggregate: AggregatePlan,
  partials: readonly ValuePartial[],
  { read, weight }: Sample,
  check: () => void,
): Evidence {
  const drawn = partials.map(({ seen }) => seen);
  const of = partials.map((partial) => {
    const rows = new Uint32Array([partial.seen]);
    return finishAggregate(aggregate, [partial.aggregate], [ONE_GROUP], rows, check).values[0]!;
  });
  const all = drawn.reduce((sum, rows) => sum + rows, 0);
  switch (aggregate.op) {
    case 'count':
      return { drawn, value: marginOfTotal(drawn, read, weight) };
    case 'sum':
      return { drawn, value: marginOfTotal(of, read, weight) };
    case 'mean': {
      // The mean is a ratio of two totals: sums in proportion to the rows that have a value.
      const sums = of.map((mean, g) => mean * drawn[g]!);
      return { drawn, value: marginOfTotal(sums, drawn) / all };
    }
    case 'quantile':
      // As if each part gave its quantile with the weight of its rows.
      return {
        drawn,
        value:
          marginOfTotal(
            of.map((quantile, g) => quantile * drawn[g]!),
            drawn,
          ) / all,
      };
    case 'min':
    case 'max':
    case 'distinct':
      return {
        drawn,
        caution: `the ${aggregate.op === 'min' ? 'least' : 'greatest'} of the rows read; one that was not read may be beyond`,
      };
  }
}
