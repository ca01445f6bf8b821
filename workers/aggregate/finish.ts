import { IDENTITY, joinKeys } from '../groups/key-ids.js';
import { Ids64 } from '../groups/intern.js';
import { largeBytes, largeFloat64, largeUint32 } from '../large-arrays.js';
import { addExactly, sumOf } from './exact-sum.js';
import type { Aggregated, AggregatePartial, AggregatePlan } from './plan.js';
import { quantilesOf } from './quantiles.js';

type PartialOf<Op extends AggregatePartial['op']> = Extract<AggregatePartial, { op: Op }>;

/**
 * The aggregates of all groups. `maps` has for each partial the number that each of its groups has among all;
 * `counts` are the rows of all groups.
 */
export function finishAggregate(
  plan: AggregatePlan,
  partials: readonly AggregatePartial[],
  maps: readonly Uint32Array[],
  counts: Uint32Array,
  check: () => void,
): Aggregated {
  const size = counts.length;
  switch (plan.op) {
    case 'count':
      return finishCounts(
        plan.column === null ? counts : joinCounts(partials as PartialOf<'count'>[], maps, size),
      );
    case 'sum':
    case 'mean':
      return finishSums(plan, partials as PartialOf<'sum' | 'mean'>[], maps, size);
    case 'min':
    case 'max':
      return finishExtremes(plan.op, partials as PartialOf<'min' | 'max'>[], maps, size);
    case 'quantile':
      return quantilesOf([plan.p], partials as PartialOf<'quantile'>[], maps, size, check)[0]!;
    case 'distinct':
      return finishDistinct(partials as PartialOf<'distinct'>[], maps, size, check);
  }
}

function finishCounts(counts: Uint32Array): Aggregated {
  const values = largeFloat64(counts.length);
  values.set(counts);
  return { values, valid: largeBytes(counts.length).fill(1) };
}

function joinCounts(
  partials: readonly PartialOf<'count'>[],
  maps: readonly Uint32Array[],
  size: number,
): Uint32Array {
  const whole = largeUint32(size);
  for (const [k, { counts }] of partials.entries()) {
    for (let g = 0; g < counts.length; g++) {
      if (counts[g]! > 0) whole[mapped(maps[k]!, g)]! += counts[g]!;
    }
  }
  return whole;
}

function finishSums(
  { op, scale }: AggregatePlan & { op: 'sum' | 'mean' },
  partials: readonly PartialOf<'sum' | 'mean'>[],
  maps: readonly Uint32Array[],
  size: number,
): Aggregated {
  const sums = largeFloat64(size);
  const rests = largeFloat64(size);
  const counts = largeUint32(size);
  for (const [k, part] of partials.entries()) {
    for (let g = 0; g < part.counts.length; g++) {
      if (part.counts[g] === 0) continue;
      const group = mapped(maps[k]!, g);
      counts[group]! += part.counts[g]!;
      addExactly(sums, rests, group, part.sums[g]!);
      rests[group]! += part.rests[g]!;
    }
  }
  const divisor = 10 ** scale;
  const values = largeFloat64(size);
  const valid = largeBytes(size);
  for (let group = 0; group < size; group++) {
    if (counts[group] === 0) continue;
    valid[group] = 1;
    const sum = sumOf(sums[group]!, rests[group]!);
    values[group] = op === 'sum' ? sum / divisor : sum / divisor / counts[group]!;
  }
  return { values, valid };
}

function finishExtremes(
  op: 'min' | 'max',
  partials: readonly PartialOf<'min' | 'max'>[],
  maps: readonly Uint32Array[],
  size: number,
): Aggregated {
  const values = largeFloat64(size).fill(NaN);
  const sign = op === 'min' ? 1 : -1;
  for (const [k, part] of partials.entries()) {
    for (let g = 0; g < part.values.length; g++) {
      const value = part.values[g]!;
      const group = mapped(maps[k]!, g);
      if (value === value && !(values[group]! * sign <= value * sign)) values[group] = value;
    }
  }
  return { values, valid: Uint8Array.from(values, (value) => (value === value ? 1 : 0)) };
}

function finishDistinct(
  partials: readonly PartialOf<'distinct'>[],
  maps: readonly Uint32Array[],
  size: number,
  check: () => void,
): Aggregated {
  const values = largeFloat64(size);
  const { ids } = joinKeys(
    partials.map(({ keys }) => keys),
    check,
  );
  const seen = new Ids64();
  for (const [k, { pairs }] of partials.entries()) {
    check();
    for (let i = 0; i < pairs.length; i += 2) {
      const group = mapped(maps[k]!, pairs[i]!);
      const before = seen.size;
      seen.idOf(group, mapped(ids[k]!, pairs[i + 1]!));
      if (seen.size > before) values[group]!++;
    }
  }
  return { values, valid: largeBytes(size).fill(1) };
}

function mapped(map: Uint32Array, id: number): number {
  return map === IDENTITY || map.length === 0 ? id : map[id]!;
}
