import { markOf, type MarkPlan } from './marks/index.js';

/** Asks which rows of the snapshot a merge of these partials is going to look up. */
export interface RowsReadTask {
  plan: MarkPlan;
  partials: unknown[];
}

export interface RowsRead {
  /** Ascending, each once. */
  rows: Uint32Array<ArrayBuffer>;
  /** As they were given. */
  partials: unknown[];
}

/** Tells which rows a merge needs, so that they can be brought before it where the table is not in memory as a whole. */
export function rowsRead({ plan, partials }: RowsReadTask): RowsRead {
  const lists = markOf(plan).reads?.(plan, partials) ?? [];
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  all.sort();
  let count = 0;
  for (let i = 0; i < all.length; i++) if (i === 0 || all[i] !== all[i - 1]) all[count++] = all[i]!;
  return { rows: all.slice(0, count), partials };
}
