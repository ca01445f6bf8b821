import type { LoadOutcome, PullContext } from '../context.js';
import type { SourceKind } from '../../snapshots/manifest.js';

type Puller = (context: PullContext) => Promise<LoadOutcome | undefined>;

/** Who pulls what; read only when a source is of the kind. */
const PULLERS: Readonly<Partial<Record<SourceKind, () => Promise<Puller>>>> = {
  command: async () => (await import('./command/pull-command.js')).pullCommand,
  url: async () => (await import('./url/pull-url.js')).pullUrl,
  postgres: async () => (await import('./postgres/pull-postgres.js')).pullPostgres,
};

/**
 * Pulls a source that is no file into segments; undefined where it says that it has not changed since the newest snapshot.
 * Runs in a loader child.
 */
export async function pullSource(context: PullContext): Promise<LoadOutcome | undefined> {
  const pull = await PULLERS[context.source.kind]!();
  return pull(context);
}
