import type { PullColumn } from '../pull.js';
import { NotAnAppend } from './not-an-append.js';

/** Refuses columns that are not those of the rows before: these would have to be read anew. */
export function checkColumns(before: readonly PullColumn[], now: readonly PullColumn[]): void {
  for (const [i, { name, type }] of now.entries()) {
    const was = before[i];
    if (was?.name !== name) throw new NotAnAppend(`the column "${name}" is new.`);
    if (was.type !== type)
      throw new NotAnAppend(`the column "${name}" is ${type} now, and was ${was.type}.`);
  }
  if (now.length < before.length)
    throw new NotAnAppend(`the column "${before[now.length]!.name}" is gone.`);
}
