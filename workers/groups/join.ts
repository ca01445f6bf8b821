import { finishAggregate } from '../aggregate/finish.js';
import { quantilesOf } from '../aggregate/quantiles.js';
import { largeUint32 } from '../large-arrays.js';
import type { MergeScope } from '../scan/mark.js';
import type { TallyKeys } from '../tally/tally.js';
import { Ids64 } from './intern.js';
import { joinKeys } from './key-ids.js';
import { certificateOf } from '../sample/certificate.js';
import { rowsOf } from '../sample/sample.js';
import { evidenceOf, scaledLayer } from './estimate.js';
import type { Groups, GroupsPartial, GroupsPlan } from './plan.js';

/**
 * Brings the groups of all tasks together; groups without a row are left out. `each` is what a group is called where it
 * comes from a sample: its counts and sums are then those of all rows, as far as the sample tells.
 */
export function joinGroups(
  plan: GroupsPlan,
  partials: readonly GroupsPartial[],
  scope: MergeScope,
  each: string,
): Groups {
  const { check, sample } = scope;
  const sum = (pick: (partial: GroupsPartial) => number): number =>
    partials.reduce((whole, partial) => whole + pick(partial), 0);
  const { keyMaps, keys } = keysOf(partials, check);
  const { maps, ids, slots } = numberGroups(partials, keyMaps, check);
  const layers = plan.layers.map((layer, l) => {
    const counts = largeUint32(ids.length);
    for (const [k, partial] of partials.entries()) {
      const own = partial.layers[l]!.counts;
      // A group without a row adds nothing, wherever its 0 of a number points.
      for (let group = 0; group < own.length; group++) {
        if (own[group]! > 0) counts[maps[k]![group]!]! += own[group]!;
      }
    }
    const parts = partials.map(({ layers }) => layers[l]!);
    const aggregates = parts.map(({ aggregate }) => aggregate);
    const aggregated = finishAggregate(layer.aggregate, aggregates, maps, counts, check);
    if (layer.band === undefined) return { counts, ...aggregated };
    const values = parts.map((part) => part.values!);
    const [low, high] = quantilesOf(layer.band.shares, values, maps, ids.length, check);
    return { counts, ...aggregated, band: { low: low!, high: high! } };
  });
  const found = {
    drawn: sum(({ drawn }) => drawn),
    outside: sum(({ outside }) => outside),
    dropped: sum(({ dropped }) => dropped),
  };
  const { drawn, outside, dropped } = rowsOf(scope, found);
  const groups = { drawn, outside, dropped, ids, slots, keys };
  if (sample === undefined) return { ...groups, layers, certificate: { exact: true } };
  const certificate = certificateOf(sample, () =>
    evidenceOf(plan, { partials, maps, layers, weight: sample.weight, each, check }),
  );
  const scaled = layers.map((layer, l) => {
    const { aggregate } = plan.layers[l]!;
    return scaledLayer(aggregate, layer, sample.weight, drawn / Math.max(1, found.drawn));
  });
  return { ...groups, layers: scaled, certificate };
}

interface Numbered {
  /** For each task the number that each of its groups has among all. */
  maps: Uint32Array[];
  ids: Uint32Array<ArrayBuffer>;
  slots: Uint16Array<ArrayBuffer>;
}

function numberGroups(
  partials: readonly GroupsPartial[],
  keyMaps: readonly Uint32Array[],
  check: () => void,
): Numbered {
  const [first] = partials;
  const isSame =
    first!.numbering === 'array' &&
    keyMaps.every((map) => map.length === 0) &&
    partials.every(({ ids }) => ids.length === first!.ids.length);
  if (isSame) return numberAlike(partials);
  const all = new Ids64();
  const maps = partials.map((partial, k) => {
    check();
    const keyMap = keyMaps[k]!;
    const map = largeUint32(partial.ids.length);
    for (let group = 0; group < map.length; group++) {
      if (!hasRows(partial, group)) continue;
      const id = partial.ids[group]!;
      map[group] = all.idOf(keyMap.length === 0 ? id : keyMap[id]!, partial.slots[group]!);
    }
    return map;
  });
  const words = all.words();
  const ids = largeUint32(all.size);
  const slots = new Uint16Array(all.size);
  for (let group = 0; group < all.size; group++) {
    ids[group] = words[2 * group]!;
    slots[group] = words[2 * group + 1]!;
  }
  return { maps, ids, slots };
}

// Every task has the same groups in the same places: those without a row are closed up.
function numberAlike(partials: readonly GroupsPartial[]): Numbered {
  const { ids, slots } = partials[0]!;
  const map = largeUint32(ids.length);
  const keptIds = largeUint32(ids.length);
  const keptSlots = new Uint16Array(ids.length);
  let size = 0;
  for (let group = 0; group < ids.length; group++) {
    if (!partials.some((partial) => hasRows(partial, group))) continue;
    map[group] = size;
    keptIds[size] = ids[group]!;
    keptSlots[size++] = slots[group]!;
  }
  return {
    maps: partials.map(() => map),
    ids: keptIds.subarray(0, size),
    slots: keptSlots.slice(0, size),
  };
}

function hasRows({ layers }: GroupsPartial, group: number): boolean {
  for (const { counts } of layers) if (counts[group]! > 0) return true;
  return false;
}

function keysOf(
  partials: readonly GroupsPartial[],
  check: () => void,
): { keyMaps: Uint32Array[]; keys: TallyKeys | null } {
  const parts = partials.flatMap(({ keys }) => (keys === null ? [] : [keys]));
  if (parts.length === 0) return { keyMaps: partials.map(() => new Uint32Array(0)), keys: null };
  const { ids, keys } = joinKeys(parts, check);
  // Null keeps its id.
  return { keyMaps: ids, keys };
}
