import { HalftoneError } from '../../errors.js';
import { isSound, type PulledCopy } from '../../snapshots/pulled-copy.js';
import type { LoadOutcome, PullContext } from '../context.js';
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
  const outcome = await loadPulled(context, copy.path, 'parquet');
  context.onNote?.('The rows were read from the copy that was kept of them.');
  return outcome;
}
