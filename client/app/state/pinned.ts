import { signal } from '@preact/signals';
import type { DatasetInfo } from '../../../protocol/dataset.js';

/** What an older snapshot holds, where a link is pinned to it. */
export interface Pinned {
  /**
   * The dataset as `snapshot` has it: without columns until they are known, and as it is now where the server has that snapshot no
   * more. It may be read within a signal, which follows.
   */
  of(info: DatasetInfo, snapshot: string | undefined): DatasetInfo;
}

/** Asks once for the columns of each snapshot that is looked at. */
export function createPinned(
  ask: (name: string, snapshot: string) => Promise<DatasetInfo>,
): Pinned {
  const known = signal<Readonly<Record<string, Pick<DatasetInfo, 'columns' | 'rows'> | null>>>({});
  const asked = new Set<string>();
  return {
    of(info, snapshot) {
      if (snapshot === undefined || snapshot === info.snapshot) return info;
      const { name } = info;
      const key = `${snapshot} ${name}`;
      const found = known.value[key];
      if (found !== undefined) return { ...info, ...found };
      if (!asked.has(key)) {
        asked.add(key);
        void ask(name, snapshot)
          .then(({ columns, rows }) => ({ columns, rows }))
          // What is wrong with the snapshot its picture tells.
          .catch(() => null)
          .then((now) => (known.value = { ...known.peek(), [key]: now }));
      }
      return { ...info, columns: [] };
    },
  };
}
