import type { Span, TableView } from '../../workers/columns.js';
import type { Unit } from './buffers.js';
import type { LeasePlan } from './lease-plan.js';
import type { Residents } from './residents.js';

/** What a lease shows, and the runs that it lies in. */
interface Kept<T> {
  runs: readonly Span[];
  shown: T;
}

/** Lists of parts of indexes that are kept of a plan at most: those of the categories and columns of a page. */
const MOST_LISTS = 16;

/**
 * The views of leases. As long as everything stays where it is the columns and parts are the same objects, so that what is made of them
 * can be kept: threads are told of them once.
 */
export class LeaseViews {
  readonly #residents: Residents;
  readonly #tables = new WeakMap<LeasePlan, Kept<TableView>>();
  readonly #parts = new WeakMap<LeasePlan, Map<string, Kept<Span[]>>>();

  constructor(residents: Residents) {
    this.#residents = residents;
  }

  /** Of columns and parts of indexes that are in memory; nobody changes them. */
  of(plan: LeasePlan, ofIndexes: readonly Unit[]): { table: TableView; parts: Span[] } {
    return { table: this.#tableOf(plan), parts: this.#partsOf(plan, ofIndexes) };
  }

  #tableOf(plan: LeasePlan): TableView {
    const residents = this.#residents;
    let kept = this.#tables.get(plan);
    if (kept === undefined || !this.#areSame(kept.runs, plan.units)) {
      const shown = plan.view((unit) => residents.runOf(unit), []);
      this.#tables.set(plan, (kept = { runs: this.#runsOf(plan.units), shown }));
    }
    // Parts of indexes may lie in a slab that came later.
    return { ...kept.shown, slabs: [...residents.slabs] };
  }

  #partsOf(plan: LeasePlan, units: readonly Unit[]): Span[] {
    if (units.length === 0) return [];
    let lists = this.#parts.get(plan);
    if (lists === undefined) this.#parts.set(plan, (lists = new Map<string, Kept<Span[]>>()));
    const key = units.map((unit) => unit.key).join('\n');
    const kept = lists.get(key);
    if (kept !== undefined && this.#areSame(kept.runs, units)) return kept.shown;
    const shown = units.map((unit) => ({
      ...this.#residents.runOf(unit),
      length: unit.refs[0]!.length,
    }));
    if (lists.size >= MOST_LISTS) lists.clear();
    lists.set(key, { runs: this.#runsOf(units), shown });
    return shown;
  }

  /** A unit that was let go and brought back has another run, even in the same place. */
  #areSame(runs: readonly Span[], units: readonly Unit[]): boolean {
    return units.every((unit, i) => this.#residents.runOf(unit) === runs[i]);
  }

  #runsOf(units: readonly Unit[]): Span[] {
    return units.map((unit) => this.#residents.runOf(unit));
  }
}
