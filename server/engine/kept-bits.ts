import type { Span, TableView } from '../../workers/columns.js';
import type { CancelWord } from '../../workers/scan/cancel.js';
import type { Predicate } from '../../workers/scan/predicate.js';
import { dealOut } from '../../workers/scan/stretch.js';
import type { Verdicts } from '../../workers/scan/verdict.js';
import { bitBytes } from '../../workers/select/fill-bits.js';
import type { KeptBits } from '../../workers/select/selection.js';
import { HalftoneError } from '../errors.js';
import type { DerivedHold, DerivedStore } from '../memory/derived.js';
import type { MemoryUnit } from '../memory/residents.js';
import type { Pool } from '../pool.js';
import type { CancelWords } from './cancel-words.js';

/** One filter of one snapshot, and what is known of it. */
export interface KnownFilter {
  /** Names the snapshot and what is tested. */
  key: string;
  /** Its columns are those of the table that goes with it. */
  predicate: Predicate;
  /** By batch: facts, whoever found them, and for ever. */
  verdicts: Map<number, Verdicts>;
}

/** The bits of some filters, which nobody overwrites before `release`. */
export interface HeldBits {
  bits: KeptBits[];
  /** What the bits lie in, the columns too. */
  slabs: SharedArrayBuffer[];
  release(): void;
}

/** Bits that are being made, and how many wait for them. */
interface Making {
  keys: readonly string[];
  askers: number;
  cancel: CancelWord | undefined;
}

interface Missing {
  batch: number;
  unit: MemoryUnit;
}

/**
 * Which rows pass a filter, one bit a row, in the memory for what is made of columns. Bits are read by nobody before they
 * are whole; those who need the same at once share the making, which stops when the last of them has gone.
 */
export class BitsKeeper {
  readonly #derived: DerivedStore;
  readonly #pool: Pool;
  readonly #words: CancelWords;
  readonly #making = new Map<string, Making>();

  constructor(parts: { derived: DerivedStore; pool: Pool; words: CancelWords }) {
    this.#derived = parts.derived;
    this.#pool = parts.pool;
    this.#words = parts.words;
  }

  /**
   * The bits of filters in some batches, made where they are not there; undefined where they cannot be had. The table
   * holds the columns of these batches until this settles: no task that it began runs then.
   */
  async hold(
    filters: readonly KnownFilter[],
    batches: readonly number[],
    table: TableView,
    signal: AbortSignal | undefined,
  ): Promise<HeldBits | undefined> {
    if (filters.length === 0 || batches.length === 0) return undefined;
    const units = filters.map(({ key }) =>
      batches.map((batch) => ({
        key: `${key}.${batch}`,
        bytes: bitBytes(table.batchRows[batch]!),
      })),
    );
    const hold = this.#derived.hold(units.flat());
    if (hold === undefined) return undefined;
    const missing = new Set(hold.missing);
    const begun = filters.map((filter, f) => {
      const own = batches.map((batch, b): Missing => ({ batch, unit: units[f]![b]! }));
      return this.#make(
        filter,
        own.filter(({ unit }) => missing.has(unit)),
        hold,
        table,
      );
    });
    const joined = this.#join(units.flat());
    const leave = (): void => {
      for (const making of joined) this.#leave(making);
    };
    if (signal?.aborted === true) leave();
    else signal?.addEventListener('abort', leave);
    try {
      await hold.ready();
    } catch {
      // What fails here fails again where it is run as a part of the scan, which tells why.
      await Promise.all(begun);
      hold.release();
      if (signal?.aborted !== true) return undefined;
      throw new HalftoneError('CANCELLED', 'The request was withdrawn.');
    } finally {
      signal?.removeEventListener('abort', leave);
    }
    const bits = units.map((own) => {
      const spans: (Span | undefined)[] = [];
      for (const [b, batch] of batches.entries()) spans[batch] = hold.spanOf(own[b]!);
      return spans;
    });
    return { bits, slabs: [...hold.slabs], release: () => hold.release() };
  }

  /** Has the workers run a filter over batches; settles when they have ended, and never rejects. */
  async #make(
    { predicate, verdicts }: KnownFilter,
    missing: readonly Missing[],
    hold: DerivedHold,
    table: TableView,
  ): Promise<void> {
    if (missing.length === 0) return;
    const cancel = this.#words.take();
    const making: Making = { keys: missing.map(({ unit }) => unit.key), askers: 0, cancel };
    for (const key of making.keys) this.#making.set(key, making);
    const tasks = dealOut(missing, this.#pool.threads).map((part) => {
      const fill = async (): Promise<void> => {
        const filled = await this.#pool.run('fillBits', {
          table: { ...table, slabs: [...hold.slabs] },
          predicate,
          into: part.map(({ batch, unit }) => {
            const known = verdicts.get(batch);
            return { batch, span: hold.spanOf(unit), ...(known && { known }) };
          }),
          ...(cancel && { cancel }),
        });
        if (filled.withdrawn) throw new HalftoneError('CANCELLED', 'The request was withdrawn.');
        for (const [i, { batch }] of part.entries()) verdicts.set(batch, filled.verdicts[i]!);
      };
      const made = fill();
      hold.setMaking(
        part.map(({ unit }) => unit),
        made,
      );
      return made;
    });
    await Promise.allSettled(tasks);
    for (const key of making.keys) this.#making.delete(key);
    if (cancel !== undefined) this.#words.release(cancel);
  }

  /** Counts in among those who wait for units that are being made. */
  #join(units: readonly MemoryUnit[]): ReadonlySet<Making> {
    const joined = new Set(units.flatMap(({ key }) => this.#making.get(key) ?? []));
    for (const making of joined) making.askers++;
    return joined;
  }

  /** Leaves; where nobody else waits for them, the bits are not made to their end. */
  #leave(making: Making): void {
    making.askers--;
    const isUnderWay = this.#making.get(making.keys[0]!) === making;
    if (making.askers === 0 && isUnderWay && making.cancel !== undefined)
      this.#words.set(making.cancel);
  }
}
