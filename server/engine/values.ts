import { LRUCache } from 'lru-cache';
import { canonicalJson } from '../../protocol/canonical.js';
import type { ColumnValues } from '../../protocol/options.js';
import type { Tally } from '../../workers/tally/tally.js';
import { HalftoneError } from '../errors.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { ColumnScope } from './columns.js';
import type { ValuesRequest } from './engine.js';
import { resolveFilters } from './resolve-filter.js';
import { tallyForm } from './tally-form.js';
import { withRun, type Workshop } from './with-run.js';

/** Enough for the counts of a dozen columns of a million values each: those that somebody is typing into. */
const MAX_BYTES = 64 * 1024 * 1024;

/** So many texts are folded in a millisecond. */
const MANY_TEXTS = 20_000;

const NO_ROWS = { test: 'constant', value: false } as const;

/**
 * Answers which values a column has under filters. The counts are kept between keystrokes: only the search is done
 * anew. A count that was begun is finished also where its asker has typed on, for the next one needs it.
 */
export class ValueCounts {
  readonly #workshop: Workshop;
  readonly #counted = new LRUCache<string, Tally>({
    maxSize: MAX_BYTES,
    sizeCalculation: (tally) => bytesOf(tally),
  });
  readonly #counting = new Map<string, Promise<Tally>>();

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
  }

  async values(
    snapshot: Snapshot,
    { column, filters, limit, search }: ValuesRequest,
    signal?: AbortSignal,
  ): Promise<ColumnValues> {
    const key = canonicalJson([snapshot.dir, snapshot.manifest.id, column, filters]);
    const tally = await unlessAborted(this.#tally(key, snapshot, column, filters), signal);
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

  #tally(
    key: string,
    snapshot: Snapshot,
    column: string,
    filters: ValuesRequest['filters'],
  ): Promise<Tally> {
    const known = this.#counted.get(key);
    if (known !== undefined) return Promise.resolve(known);
    let counting = this.#counting.get(key);
    if (counting === undefined) {
      counting = this.#count(snapshot, column, filters)
        .then((tally) => {
          this.#counted.set(key, tally);
          return tally;
        })
        .finally(() => this.#counting.delete(key));
      this.#counting.set(key, counting);
    }
    return counting;
  }

  async #count(
    snapshot: Snapshot,
    column: string,
    filters: ValuesRequest['filters'],
  ): Promise<Tally> {
    const scope = new ColumnScope(snapshot);
    const ref = scope.use(column, 'column');
    const predicate = resolveFilters(filters, scope);
    const as = tallyForm(ref, scope);
    return withRun(this.#workshop, scope, predicate, async (run) => {
      const plan = { kind: 'tally', column: ref.position, as } as const;
      return (await run.compute<'tally'>(plan)).result;
    });
  }
}

function bytesOf({ counts, keys }: Tally): number {
  const bytes = counts.byteLength + 64;
  if (keys.form === 'bytes') return bytes + keys.offsets.byteLength + keys.bytes.byteLength;
  if (keys.form === 'wide') return bytes + 32 * keys.values.length;
  return keys.form === 'codes' || keys.form === 'small' ? bytes : bytes + keys.words.byteLength;
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const withdrawn = (): void =>
      reject(new HalftoneError('CANCELLED', 'The request was withdrawn.'));
    if (signal.aborted) withdrawn();
    signal.addEventListener('abort', withdrawn, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', withdrawn));
  });
}
