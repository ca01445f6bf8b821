import { HalftoneError } from '../../errors.js';
import { isSound, type PulledCopy } from '../../snapshots/pulled-copy.js';
import type { LoadOutcome, PullContext } from '../context.js';
import type { DatasetSource } from '../source.js';
import { loadPulled } from './load-pulled.js';

/** Loads the rows of a pulled source from the copy that was kept of them. Rejects with CACHE_DAMAGED where that is not what was written. */
export async function loadCopy(context: PullContext, copy: PulledCopy): Promise<LoadOutcome> {
  if (!(await isSound(copy))) {
    throw new HalftoneError(
      'CACHE_DAMAGED',
      `The copy that was kept of the rows of "${context.source.name}" is damaged.`,
      { hint: 'They are pulled anew.' },
    );
  }
  const shaped = { ...context, source: asCopied(context.source) };
  const outcome = await loadPulled(shaped, copy.path, 'parquet');
  context.onNote?.('The rows were read from the copy that was kept of them.');
  return outcome;
}

/** What is still asked of rows that were shaped once: hidden columns are not among them, and times in a zone are instants. */
function asCopied({ hide = [], types = {}, timeZone, ...source }: DatasetSource): DatasetSource {
  const isDone = (name: string, type: string): boolean =>
    hide.includes(name) || (timeZone !== undefined && type.startsWith('TIMESTAMP'));
  const left = Object.entries(types).filter(([name, type]) => !isDone(name, type));
  return { ...source, types: Object.fromEntries(left) };
}
