import { LRUCache } from 'lru-cache';
import { canonicalJson } from '../../protocol/canonical.js';
import type { ColumnValues } from '../../protocol/options.js';
import type { Tally } from '../../workers/tally/tally.js';
import { keepInAccount } from '../memory/keep-in-account.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { ColumnScope } from './columns.js';
import type { ValuesRequest } from './engine.js';
import { LingeringWork } from './lingering-work.js';
import { resolveFilters } from './resolve-filter.js';
import type { Run } from './run.js';
import { tallyForm } from './tally-form.js';
import { withRun, type Workshop } from './with-run.js';

/** Enough for the counts of a dozen columns of a million values each: those that somebody is typing into. */
const MAX_BYTES = 64 * 1024 * 1024;

/** So many texts are folded in a millisecond. */
const MANY_TEXTS = 20_000;

const NO_ROWS = { test: 'constant', value: false } as const;

/**
 * Answers which values a column has under filters. The counts are kept between keystrokes: only the search is done
 * anew. A count that was begun is finished also where its asker has typed on, for the next one needs it; but not
 * where the next one asks under other filters.
 */
export class ValueCounts {
  readonly #workshop: Workshop;
  readonly #counted = new LRUCache<string, Tally>({
    maxSize: MAX_BYTES,
    sizeCalculation: (tally) => bytesOf(tally),
  });
  readonly #counting = new LingeringWork<Tally>();

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
    const { account } = workshop.store;
    if (account !== undefined) keepInAccount(account, this.#counted);
  }

  async values(
    snapshot: Snapshot,
    { column, filters, limit, search }: ValuesRequest,
    signal?: AbortSignal,
  ): Promise<ColumnValues> {
    const tally = await this.#tally(snapshot, column, filters, signal);
    const scope = new ColumnScope(snapshot);
    const ref = scope.use(column, 'column');
    const answer = withRun(
      this.#workshop,
      scope,
      NO_ROWS,
      async (run) => {
        const { values, matching, total } = await run.pick({
          column: ref.position,
          tally,
          limit,
          withNull: true,
          ...(search && { search }),
        });
        return { values, matching, total };
      },
      signal,
    );
    // Who opens a list goes on to search in it: behind the answer, so that the list itself does not wait.
    if (!search) this.#prepareSearch(snapshot, column);
    return answer;
  }

  #prepareSearch(snapshot: Snapshot, column: string): void {
    const scope = new ColumnScope(snapshot);
    const ref = scope.use(column, 'column');
    const as = tallyForm(ref, scope);
    if (ref.logical.kind !== 'text' || as.form !== 'codes' || as.size < MANY_TEXTS) return;
    const prepared = withRun(this.#workshop, scope, NO_ROWS, (run) =>
      run.prepareSearch(ref.position),
    );
    // Nobody waits for it; what is wrong, the search itself will tell.
    prepared.catch(() => undefined);
  }

  async #tally(
    snapshot: Snapshot,
    column: string,
    filters: ValuesRequest['filters'],
    signal: AbortSignal | undefined,
  ): Promise<Tally> {
    const subject = canonicalJson([snapshot.dir, snapshot.manifest.id, column]);
    const key = canonicalJson([subject, filters]);
    const known = this.#counted.get(key);
    if (known !== undefined) return known;
    const count = async (going: AbortSignal): Promise<Tally> => {
      const tally = await this.#count(snapshot, column, filters, going);
      this.#counted.set(key, tally);
      this.#workshop.store.account?.settle();
      return tally;
    };
    return this.#counting.run({ subject, key }, count, signal);
  }

  async #count(
    snapshot: Snapshot,
    column: string,
    filters: ValuesRequest['filters'],
    signal: AbortSignal,
  ): Promise<Tally> {
    const scope = new ColumnScope(snapshot);
    const ref = scope.use(column, 'column');
    const predicate = resolveFilters(filters, scope);
    const as = tallyForm(ref, scope);
    const compute = async (run: Run): Promise<Tally> => {
      const plan = { kind: 'tally', column: ref.position, as } as const;
      return (await run.compute<'tally'>(plan)).result;
    };
    return withRun(this.#workshop, scope, predicate, compute, signal);
  }
}

function bytesOf({ counts, keys }: Tally): number {
  const bytes = counts.byteLength + 64;
  if (keys.form === 'bytes') return bytes + keys.offsets.byteLength + keys.bytes.byteLength;
  if (keys.form === 'wide') return bytes + 32 * keys.values.length;
  return keys.form === 'codes' || keys.form === 'small' ? bytes : bytes + keys.words.byteLength;
}
