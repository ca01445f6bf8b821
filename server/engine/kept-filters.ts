import { LRUCache } from 'lru-cache';
import { BLOCK_ROWS, type TableView } from '../../workers/columns.js';
import type { CancelWord } from '../../workers/scan/cancel.js';
import type { Predicate } from '../../workers/scan/predicate.js';
import type { Stretch } from '../../workers/scan/stretch.js';
import { knownBlocks, Verdict } from '../../workers/scan/verdict.js';
import type { Selection } from '../../workers/select/selection.js';
import { HalftoneError } from '../errors.js';
import type { DerivedStore } from '../memory/derived.js';
import type { Pool } from '../pool.js';
import type { CancelWords } from './cancel-words.js';
import { ColumnZones, zonedColumns } from './column-zones.js';
import type { ColumnScope } from './columns.js';
import { BitsKeeper, type KnownFilter } from './kept-bits.js';
import { predicateKey } from './predicate-key.js';
import type { IsWorthKeeping } from './worth-keeping.js';
import { verdictOf } from './zone-map.js';

/** Filters of which is known what passes in each block: 128 bytes a million rows. */
const MAX_FILTERS = 1000;

interface Filter extends KnownFilter {
  uses: number;
}

/** A scan as it is made the cheapest way: it gives what one gives that runs every filter over every row. */
export interface Prepared {
  selection: Selection;
  stretches: readonly Stretch[];
  table: TableView;
  /** Filters of which a row has to pass all. */
  filters: number;
  /** To be called once no task reads the bits any more. */
  release(): void;
}

export interface PrepareOptions {
  scope: ColumnScope;
  table: TableView;
  predicate: Predicate | null;
  stretches: readonly Stretch[];
  signal?: AbortSignal | undefined;
  cancel?: CancelWord | undefined;
  /** Keeps the rows of every filter, worth it or not. */
  keepsAll?: true | undefined;
}

export interface KeptFiltersParts {
  derived: DerivedStore;
  pool: Pool;
  words: CancelWords;
  isWorthKeeping: IsWorthKeeping;
  /** Tables of fewer rows are scanned without a look at the zones of their blocks. */
  leastZonedRows: number;
}

/**
 * Knows filters by what they test and not by the query that they come from. Of each it remembers which blocks pass as a
 * whole or not at all, first by the zones of its columns, then by its own rows; and of those that are worth it which rows
 * pass. Where one filter of many changes, one is run.
 */
export class KeptFilters {
  readonly #bits: BitsKeeper;
  readonly #zones: ColumnZones;
  readonly #isWorthKeeping: IsWorthKeeping;
  readonly #leastZonedRows: number;
  readonly #filters = new LRUCache<string, Filter>({ max: MAX_FILTERS });

  constructor(parts: KeptFiltersParts) {
    this.#bits = new BitsKeeper(parts);
    this.#zones = new ColumnZones(parts.pool);
    this.#isWorthKeeping = parts.isWorthKeeping;
    this.#leastZonedRows = parts.leastZonedRows;
  }

  /**
   * Makes ready what a scan of `stretches` needs of the filters. The columns of the table stay leased until this has
   * settled: it settles when no task that it began runs any more.
   */
  async prepare(options: PrepareOptions): Promise<Prepared> {
    const { scope, table, predicate, stretches, signal, keepsAll = false } = options;
    const filters = distinct(partsOf(predicate).map((part) => this.#filterOf(part, scope)));
    const all = [...new Set(stretches.map(({ batch }) => batch))];
    await this.#judge(filters, all, options);
    if (signal?.aborted === true) {
      throw new HalftoneError('CANCELLED', 'The request was withdrawn.');
    }
    const batches = all.filter((batch) =>
      filters.every(({ verdicts }) => verdicts.get(batch)?.some(isOpen) ?? true),
    );
    const wanted = filters.filter((filter) => {
      const { predicate: own, uses } = filter;
      if (keepsAll) return true;
      return this.#isWorthKeeping(own, { uses, rows: undecided(filter, batches, scope), scope });
    });
    const held = await this.#bits.hold(wanted, batches, table, signal);
    const left = held === undefined ? filters : filters.filter((one) => !wanted.includes(one));
    return {
      selection: {
        predicate: allOf(left.map((filter) => filter.predicate)),
        kept: held?.bits ?? [],
      },
      stretches: withBlocks(stretches, filters),
      table: held === undefined ? table : { ...table, slabs: held.slabs },
      filters: filters.length,
      release: () => held?.release(),
    };
  }

  /** The stretches with what is known of their blocks by now: nothing is looked at for it. */
  withKnownBlocks(
    predicate: Predicate | null,
    scope: ColumnScope,
    stretches: readonly Stretch[],
  ): readonly Stretch[] {
    return withBlocks(
      stretches,
      partsOf(predicate).map((part) => this.#filters.peek(keyOf(part, scope))),
    );
  }

  #filterOf(predicate: Predicate, scope: ColumnScope): Filter {
    const key = keyOf(predicate, scope);
    let filter = this.#filters.get(key);
    if (filter === undefined) {
      filter = { key, predicate, uses: 0, verdicts: new Map() };
      this.#filters.set(key, filter);
    }
    filter.uses++;
    // Positions of columns are those of this request.
    return { ...filter, predicate };
  }

  /** Judges the blocks of filters of which nothing is known yet by the zones of their columns. */
  async #judge(
    filters: readonly Filter[],
    batches: readonly number[],
    { scope, table, cancel }: PrepareOptions,
  ): Promise<void> {
    if (scope.rows < this.#leastZonedRows) return;
    const judge = async ({ predicate, verdicts }: Filter): Promise<void> => {
      const columns = [...new Set(zonedColumns(predicate, scope.used))];
      const open = batches.filter((batch) => !verdicts.has(batch));
      if (columns.length === 0 || open.length === 0) return;
      const zoneOf = await this.#zones.of({ scope, table, columns, batches: open, cancel });
      for (const batch of open) {
        const judged = Uint8Array.from(
          { length: Math.ceil(scope.batchRows[batch]! / BLOCK_ROWS) },
          (_, block) => verdictOf(predicate, scope.used, (column) => zoneOf(column, batch, block)),
        );
        // Meanwhile somebody may have looked at the rows themselves.
        if (!verdicts.has(batch)) verdicts.set(batch, judged);
      }
    };
    await Promise.all(filters.map(judge));
  }
}

function keyOf(predicate: Predicate, { snapshot, used }: ColumnScope): string {
  const own = predicateKey(predicate, (column) => used[column]!.name);
  return `${snapshot.dir}/${snapshot.manifest.id}/bits.${own}`;
}

function withBlocks(
  stretches: readonly Stretch[],
  filters: readonly (Filter | undefined)[],
): readonly Stretch[] {
  if (filters.length === 0) return stretches;
  return stretches.map((stretch) => ({
    ...stretch,
    blocks: knownBlocks(
      stretch,
      filters.map((filter) => filter?.verdicts.get(stretch.batch)),
    ),
  }));
}

/** A query may name a filter twice; bits are held once. */
function distinct(filters: readonly Filter[]): Filter[] {
  return [...new Map(filters.map((filter) => [filter.key, filter])).values()];
}

/** The filters of which a row has to pass all. */
function partsOf(predicate: Predicate | null): readonly Predicate[] {
  if (predicate === null) return [];
  return predicate.test === 'all' ? predicate.of : [predicate];
}

function allOf(parts: readonly Predicate[]): Predicate | null {
  if (parts.length === 0) return null;
  return parts.length === 1 ? parts[0]! : { test: 'all', of: parts };
}

function isOpen(verdict: number): boolean {
  return verdict !== Verdict.NONE;
}

/** The rows of blocks in which some may pass and some not. */
function undecided(
  { verdicts }: Filter,
  batches: readonly number[],
  { batchRows }: ColumnScope,
): number {
  let rows = 0;
  for (const batch of batches) {
    const known = verdicts.get(batch);
    if (known === undefined) rows += batchRows[batch]!;
    else for (const verdict of known) if (verdict === Verdict.SOME) rows += BLOCK_ROWS;
  }
  return rows;
}
