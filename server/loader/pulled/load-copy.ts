import { isSound, type PulledCopy } from '../../snapshots/pulled-copy.js';
import type { LoadOutcome, PullContext } from '../context.js';
import { loadPulled } from './load-pulled.js';
import { pullSource } from './pull-source.js';

/** Loads the rows of a pulled source from the copy that was kept of them, and pulls it where that cannot be read. */
export async function loadCopy(
  context: PullContext,
  copy: PulledCopy,
): Promise<LoadOutcome | undefined> {
  try {
    if (!(await isSound(copy))) throw new Error('it is damaged.');
    const outcome = await loadPulled(context, copy.path, 'parquet');
    context.onNote?.('The rows were read from the copy that was kept of them.');
    return outcome;
  } catch (error) {
    if (context.signal.aborted) throw error;
    context.onNote?.(`The copy of its rows could not be read: ${(error as Error).message}`);
    return pullSource(context);
  }
}
