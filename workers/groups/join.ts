import { finishAggregate } from '../aggregate/finish.js';
import type { MergeScope } from '../scan/mark.js';
import type { TallyKeys } from '../tally/tally.js';
import { Ids64 } from './intern.js';
import { joinKeys } from './key-ids.js';
import type { Groups, GroupsPartial, GroupsPlan } from './plan.js';

/** Brings the groups of all tasks together; groups without a row are left out. */
export function joinGroups(
  plan: GroupsPlan,
  partials: readonly GroupsPartial[],
  { check }: Pick<MergeScope, 'check'>,
): Groups {
  const sum = (pick: (partial: GroupsPartial) => number): number =>
    partials.reduce((whole, partial) => whole + pick(partial), 0);
  const { keyMaps, keys } = keysOf(partials, check);
  const all = new Ids64();
  const maps = partials.map((partial, k) => {
    check();
    const keyMap = keyMaps[k]!;
    return Uint32Array.from(partial.ids, (id, group) => {
      if (partial.layers.every(({ counts }) => counts[group] === 0)) return 0;
      return all.idOf(keyMap.length === 0 ? id : keyMap[id]!, partial.slots[group]!);
    });
  });
  const words = all.words();
  const layers = plan.layers.map((layer, l) => {
    const counts = new Uint32Array(all.size);
    for (const [k, partial] of partials.entries()) {
      const own = partial.layers[l]!.counts;
      // A group without a row adds nothing, wherever its 0 of a number points.
      for (let group = 0; group < own.length; group++) {
        if (own[group]! > 0) counts[maps[k]![group]!]! += own[group]!;
      }
    }
    const parts = partials.map(({ layers }) => layers[l]!.aggregate);
    return { counts, ...finishAggregate(layer.aggregate, parts, maps, counts, check) };
  });
  return {
    drawn: sum(({ drawn }) => drawn),
    outside: sum(({ outside }) => outside),
    dropped: sum(({ dropped }) => dropped),
    ids: Uint32Array.from({ length: all.size }, (_, group) => words[2 * group]!),
    slots: Uint16Array.from({ length: all.size }, (_, group) => words[2 * group + 1]!),
    keys,
    layers,
  };
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
