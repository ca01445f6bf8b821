import { HalftoneError } from '../errors.js';
import { nearest } from '../nearest.js';
import { pulledAt, type Snapshot } from '../snapshots/manifest.js';
import type { Dataset } from './dataset.js';

// What a dataset answers where it cannot give what was asked for.

/** There is none of that name. */
export function unknown(name: string, names: Iterable<string>): HalftoneError {
  const near = nearest(name, names);
  return new HalftoneError('DATASET_UNKNOWN', `There is no dataset named "${name}".`, {
    hint: near === undefined ? 'GET api/v1/datasets lists them.' : `Did you mean "${near}"?`,
    field: 'dataset',
  });
}

/** There is no snapshot yet. */
export function stillLoading({ source, load }: Dataset): HalftoneError {
  return new HalftoneError('DATASET_LOADING', `"${source.name}" is still being loaded.`, {
    hint: 'Ask again in a moment, or follow api/v1/events.',
    progress: load?.progress,
  });
}

/** Another load was asked for while one is under way. */
export function alreadyLoading({ source, load }: Dataset): HalftoneError {
  return new HalftoneError('DATASET_LOADING', `"${source.name}" is being loaded already.`, {
    hint: 'Cancel that load first.',
    progress: load?.progress,
  });
}

/** A person stopped the load. */
export function cancelled({ source }: Dataset): HalftoneError {
  return new HalftoneError('LOAD_CANCELLED', `Loading "${source.name}" was cancelled.`, {
    hint: 'Load it again when you like.',
  });
}

/** The server is being stopped while the load goes on. */
export function interrupted({ source }: Dataset): HalftoneError {
  return new HalftoneError(
    'RUN_INTERRUPTED',
    `The server was stopped while "${source.name}" was being loaded.`,
    { hint: 'Nothing of it was published. Run it again.' },
  );
}

/** A planned run does not begin because another is under way or planned. */
export function isBusy({ source }: Dataset): HalftoneError {
  return new HalftoneError('RUN_SKIPPED', `"${source.name}" was being loaded still.`, {
    hint: 'Load it less often, or say "overlap: queue".',
  });
}

/** A snapshot was asked for that answers no more. */
export function gone({ source, snapshots }: Dataset, id: string): HalftoneError {
  const [newest] = snapshots;
  return new HalftoneError('SNAPSHOT_GONE', `"${source.name}" has no snapshot "${id}" any more.`, {
    ...(newest === undefined ? {} : { hint: `Its newest is ${newest.manifest.id}.` }),
    field: 'snapshot',
  });
}

/** Damage was seen, and the source is being read. */
export function rebuilding({ source, load }: Dataset, damage: HalftoneError): HalftoneError {
  return new HalftoneError(
    'DATASET_LOADING',
    `The cache of "${source.name}" was damaged and is being built anew.`,
    { hint: 'Ask again in a moment.', progress: load?.progress, cause: damage },
  );
}

/** What is damaged stays so, because the source cannot be read. */
export function lost({ error }: Dataset, damage: HalftoneError): HalftoneError {
  return new HalftoneError(
    'CACHE_DAMAGED',
    `${damage.message} It cannot be built anew: ${error?.message ?? 'the server is being stopped.'}`,
    { ...damage.details, hint: 'It is loaded again once its source is there.', cause: damage },
  );
}

/** Why a dataset is served although nobody knows whether it is still what its source holds. */
export function outOfDate({ source }: Dataset, { manifest }: Snapshot, error: unknown): unknown {
  if (!(error instanceof HalftoneError)) return error;
  return new HalftoneError(
    error.code,
    `${error.message} "${source.name}" is served as it was loaded on ${pulledAt(manifest)}.`,
    { ...error.details, cause: error },
  );
}
