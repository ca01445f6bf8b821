import { STRETCH_ROWS, type KnownBlocks, type Stretch } from '../../../workers/scan/stretch.js';
import type { TableView } from '../../../workers/columns.js';
import type { CancelWord } from '../../../workers/scan/cancel.js';
import type { Predicate } from '../../../workers/scan/predicate.js';
import type { CubeSelection } from '../../../workers/marks/cube/plan.js';
import type { ColumnScope } from '../columns.js';
import type { Prepared } from '../kept-filters.js';
import { predicateKey } from '../predicate-key.js';
import type { Workshop } from '../with-run.js';

/** The different lists of filters of a request, each once. */
export class Selections {
  readonly predicates: (Predicate | null)[] = [];
  readonly #known = new Map<string, number>();
  readonly #scope: ColumnScope;

  constructor(scope: ColumnScope) {
    this.#scope = scope;
  }

  /** The number of these filters. */
  numberOf(predicate: Predicate | null): number {
    const { used } = this.#scope;
    const key = predicate === null ? '' : predicateKey(predicate, (column) => used[column]!.name);
    let number = this.#known.get(key);
    if (number === undefined) {
      number = this.predicates.push(predicate) - 1;
      this.#known.set(key, number);
    }
    return number;
  }
}

/** Makes the filters ready, one list after the other; `release` has to be called once no task reads their bits any more. */
export async function prepareAll(
  { kept }: Workshop,
  predicates: readonly (Predicate | null)[],
  options: {
    scope: ColumnScope;
    table: TableView;
    stretches: readonly Stretch[];
    signal: AbortSignal | undefined;
    cancel: CancelWord | undefined;
  },
): Promise<{ prepared: Prepared[]; table: TableView; release: () => void }> {
  const prepared: Prepared[] = [];
  const release = (): void => {
    for (const one of prepared) one.release();
  };
  let { table } = options;
  try {
    for (const predicate of predicates) {
      const own = await kept?.prepare({ ...options, table, predicate });
      const { stretches } = options;
      const selection = { predicate };
      prepared.push(own ?? { selection, stretches, table, filters: 0, release: () => undefined });
      // Slabs are added and never taken away: the last table has all of them.
      ({ table } = prepared.at(-1)!);
    }
    return { prepared, table, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** One list of filters for the tasks, with what is known of the blocks by batch and stretch. */
export function selectionOf({ selection, stretches }: Prepared): CubeSelection {
  const known: (KnownBlocks | undefined)[][] = [];
  for (const { batch, from, blocks } of stretches) {
    (known[batch] ??= [])[from / STRETCH_ROWS] = blocks;
  }
  return { ...selection, known };
}
