import { computed, effect, signal } from '@preact/signals';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import type { Datasets } from '../state/datasets.js';

/** The datasets as the page shows them: one that is paused stays what it was while newer snapshots come. */
export interface HeldDatasets extends Datasets {
  /** As the server has it by now. */
  newest(name: string): DatasetInfo | undefined;
  isPaused(name: string): boolean;
  /** How many snapshots came since the dataset was paused. */
  newerThanShown(name: string): number;
  pause(name: string): void;
  resume(name: string): void;
  /** What was shown before the last new snapshot came; undefined where none came since the page was opened. */
  before(name: string): DatasetInfo | undefined;
}

/** Puts what is paused in the place of what is newest, for everybody who looks at `list`. */
export function holdDatasets(datasets: Datasets): HeldDatasets {
  const held = signal<ReadonlyMap<string, DatasetInfo>>(new Map());
  const earlier = signal<ReadonlyMap<string, DatasetInfo>>(new Map());
  const newest = (name: string): DatasetInfo | undefined =>
    datasets.list.value?.find((info) => info.name === name);

  const list = computed(() => {
    const { list: known } = datasets;
    if (held.value.size === 0 || known.value === null) return known.value;
    return known.value.map((info) => {
      const shown = held.value.get(info.name);
      return shown === undefined || shown.snapshot === info.snapshot ? info : shown;
    });
  });

  let last: readonly DatasetInfo[] = [];
  effect(() => {
    const shown = list.value ?? [];
    const replaced = last.filter(({ name, snapshot }) => {
      const now = shown.find((info) => info.name === name);
      return snapshot !== null && now !== undefined && now.snapshot !== snapshot;
    });
    last = shown;
    if (replaced.length === 0) return;
    const entries = replaced.map((info) => [info.name, info] as const);
    earlier.value = new Map([...earlier.peek(), ...entries]);
  });

  function change(edit: (map: Map<string, DatasetInfo>) => void): void {
    const next = new Map(held.peek());
    edit(next);
    held.value = next;
  }

  return {
    ...datasets,
    list,
    find: (name) => list.value?.find((info) => info.name === name),
    newest,
    isPaused: (name) => held.value.has(name),
    newerThanShown(name) {
      const [shown, now] = [held.value.get(name), newest(name)];
      if (shown === undefined || now === undefined || shown.snapshot === now.snapshot) return 0;
      // One at least, whatever a server that began anew has counted.
      return Math.max(1, (now.sequence ?? 0) - (shown.sequence ?? 0));
    },
    pause(name) {
      const shown = newest(name);
      if (shown?.snapshot) change((map) => map.set(name, shown));
    },
    resume: (name) => change((map) => void map.delete(name)),
    before: (name) => earlier.value.get(name),
  };
}
