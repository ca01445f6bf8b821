import { deserialize } from 'node:v8';
import type { TableView } from './columns.js';

/**
 * Stands for a part of a task that is the same from task to task, such as where a hundred batches of a column lie: its bytes are in
 * shared memory, and every thread reads them once.
 */
export interface Posted {
  /** Unlike that of any other. */
  posted: number;
  bytes: SharedArrayBuffer;
}

/** Parts of tasks that are posted so, beside the columns of a table. */
export const POSTED_PARTS = ['orders', 'pyramids'] as const;

/** Those that were read of late; each is some 300 bytes a batch of a column. */
const MOST_KEPT = 32;

const kept = new Map<number, unknown>();

/** The task as it was before it was posted. What has been posted is shared by all tasks of this thread, and not to be changed. */
export function received<T extends object>(task: T): T {
  const parts = task as { table?: TableView } & Record<string, unknown>;
  const { table } = parts;
  const changed: Record<string, unknown> = {};
  if (table !== undefined && isPosted(table.columns)) {
    changed['table'] = Object.assign({}, table, { columns: open(table.columns) });
  }
  for (const name of POSTED_PARTS) {
    const part = parts[name];
    if (isPosted(part)) changed[name] = open(part);
  }
  return Object.assign({}, task, changed);
}

function isPosted(part: unknown): part is Posted {
  return typeof part === 'object' && part !== null && 'posted' in part;
}

function open({ posted, bytes }: Posted): unknown {
  let part = kept.get(posted);
  // The oldest goes first: what is used comes to the end.
  if (part !== undefined) kept.delete(posted);
  else part = deserialize(new Uint8Array(bytes).slice());
  kept.set(posted, part);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
  return part;
}
