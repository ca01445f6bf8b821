import { signal } from '@preact/signals';
import { ProblemError } from '../../data/ask.js';
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
  /** What was the newest when it was looked at, which a link may be pinned to since. */
  const seen = new Map<string, Pick<DatasetInfo, 'columns' | 'rows'>>();
  return {
    of(info, snapshot) {
      if (snapshot === undefined) return info;
      const { name, columns, rows } = info;
      const key = `${snapshot} ${name}`;
      if (snapshot === info.snapshot) {
        seen.set(key, { columns, rows });
        return info;
      }
      const found = known.value[key] ?? seen.get(key);
      if (found !== undefined || key in known.value) return { ...info, ...found };
      if (!asked.has(key)) {
        asked.add(key);
        void ask(name, snapshot)
          .then((then) => ({ columns: then.columns, rows: then.rows }))
          .catch((error: unknown) => {
            // That it is gone its picture tells; who could not be asked is asked again with the next list of datasets.
            if (error instanceof ProblemError && error.code === 'SNAPSHOT_GONE') return null;
            asked.delete(key);
            return undefined;
          })
          .then((now) => {
            if (now !== undefined) known.value = { ...known.peek(), [key]: now };
          });
      }
      return { ...info, columns: [] };
    },
  };
}
