import { finishAggregate } from '../aggregate/finish.js';
import type { AggregatePlan } from '../aggregate/plan.js';
import type { Evidence } from '../sample/certificate.js';
import { marginOfEach, type Replicates } from '../sample/margins.js';
import { scaleCounts } from '../sample/scale-counts.js';
import type { Groups, GroupsPartial, GroupsPlan } from './plan.js';

type Layer = Groups['layers'][number];

/**
 * A layer of a sample as one of all rows: `placed` rows stand for each that has a place, `weight` for each that was read.
 * Means, extremes and quantiles stay those of the rows that were read.
 */
export function scaledLayer(
  { op, ...rest }: AggregatePlan,
  layer: Layer,
  weight: number,
  placed: number,
): Layer {
  const { counts, values } = layer;
  let rows = 0;
  for (const count of counts) rows += count;
  scaleCounts(counts, Math.round(rows * placed));
  if (op === 'count' && 'column' in rest && rest.column === null) values.set(counts);
  else if (op === 'count')
    for (let i = 0; i < values.length; i++) values[i] = Math.round(values[i]! * weight);
  else if (op === 'sum') for (let i = 0; i < values.length; i++) values[i]! *= weight;
  return layer;
}

interface EvidenceParts {
  partials: readonly GroupsPartial[];
  /** For each partial the number that each of its groups has among all. */
  maps: readonly Uint32Array[];
  layers: readonly Layer[];
  weight: number;
  each: string;
  check: () => void;
}

/** By what the parts of a sample differ, group by group. */
export function evidenceOf(plan: GroupsPlan, parts: EvidenceParts): Evidence {
  const { partials, layers, weight, each } = parts;
  const value = valueMargin(plan, parts);
  const { aggregate, band } = plan.layers[0]!;
  const { op } = aggregate;
  // Counts and sums are scaled up; the ends of a band beside them are not.
  const unscaled = op !== 'count' && op !== 'sum' ? op : band && 'quantile';
  const [counts] = layers.map((_, l) => countsOf(parts, l)).sort(byMagnitude);
  return {
    drawn: partials.map(({ drawn }) => drawn),
    ...(counts && { counts: { each, of: counts } }),
    ...(value !== undefined && { value: value * weight }),
    ...(unscaled && { caution: CAUTION[unscaled] }),
  };
}

const CAUTION: Readonly<Record<Exclude<AggregatePlan['op'], 'count' | 'sum'>, string>> = {
  mean: 'values are means of the rows read',
  min: 'values are the least of the rows read',
  max: 'values are the greatest of the rows read',
  quantile: 'values are quantiles of the rows read',
  distinct: 'values are those among the rows read',
};

// The layer with the largest group has the largest margin.
function byMagnitude(a: Replicates, b: Replicates): number {
  return most(b) - most(a);
}

function most({ size, magnitude }: Replicates): number {
  let largest = 0;
  for (let i = 0; i < size; i++) if (magnitude[i]! > largest) largest = magnitude[i]!;
  return largest;
}

function countsOf({ partials, maps, layers, check }: EvidenceParts, l: number): Replicates {
  const { counts } = layers[l]!;
  const own = partials.map(({ layers: ofPart }, g) => {
    check();
    const spread = new Uint32Array(counts.length);
    const found = ofPart[l]!.counts;
    for (let group = 0; group < found.length; group++) {
      if (found[group]! > 0) spread[maps[g]![group]!]! += found[group]!;
    }
    return spread;
  });
  return replicates(own, counts);
}

// Sums, and counts of values: of everything else the parts do not add up.
function valueMargin(plan: GroupsPlan, parts: EvidenceParts): number | undefined {
  const { partials, maps, layers, check } = parts;
  let largest: number | undefined;
  for (const [l, { aggregate }] of plan.layers.entries()) {
    if (aggregate.op !== 'sum' && aggregate.op !== 'count') return undefined;
    const size = layers[l]!.counts.length;
    const own = partials.map(({ layers: ofPart }, g) => {
      const { counts, aggregate: found } = ofPart[l]!;
      const none = new Uint32Array(size);
      if (aggregate.op === 'count' && aggregate.column === null) {
        for (let group = 0; group < counts.length; group++) {
          if (counts[group]! > 0) none[maps[g]![group]!]! += counts[group]!;
        }
        return none;
      }
      return finishAggregate(aggregate, [found], [maps[g]!], none, check).values;
    });
    const magnitude = new Float64Array(size);
    for (const values of own) {
      for (let i = 0; i < size; i++) magnitude[i]! += Math.abs(values[i]!);
    }
    largest = Math.max(largest ?? 0, marginOfEach(replicates(own, magnitude)));
  }
  return largest;
}

function replicates(
  own: readonly (Uint32Array | Float64Array)[],
  magnitude: Uint32Array | Float64Array,
): Replicates {
  return { parts: own.length, size: magnitude.length, magnitude, of: (g, i) => own[g]![i]! };
}
