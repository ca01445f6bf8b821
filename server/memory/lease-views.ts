import type { Span, TableView } from '../../workers/columns.js';
import type { Unit } from './buffers.js';
import type { LeasePlan } from './lease-plan.js';
import type { LeaseUnits } from './lease-units.js';
import type { Residents } from './residents.js';

/** What a lease shows, and the runs that it lies in. */
interface Kept<T> {
  runs: readonly Span[];
  shown: T;
}

/** What leases hand out. */
interface View {
  table: TableView;
  parts: Span[];
}

/**
 * The views of leases. As long as everything stays where it is the columns and parts are the same objects, so that what is made of them
 * can be kept: threads are told of them once.
 */
export class LeaseViews {
  readonly #residents: Residents;
  readonly #views = new WeakMap<LeaseUnits, { version: number; view: View }>();
  readonly #tables = new WeakMap<LeasePlan, Kept<TableView>>();
  readonly #parts = new WeakMap<readonly Unit[], Kept<Span[]>>();

  constructor(residents: Residents) {
    this.#residents = residents;
  }

  /** Of columns and parts of indexes that are in memory; nobody changes them. */
  of(units: LeaseUnits): View {
    const { version } = this.#residents;
    const kept = this.#views.get(units);
    if (kept?.version === version) return kept.view;
    const view = { table: this.#tableOf(units.plan), parts: this.#partsOf(units.ofIndexes) };
    this.#views.set(units, { version, view });
    return view;
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

  #partsOf(units: readonly Unit[]): Span[] {
    if (units.length === 0) return [];
    const kept = this.#parts.get(units);
    if (kept !== undefined && this.#areSame(kept.runs, units)) return kept.shown;
    const shown = units.map((unit) => ({
      ...this.#residents.runOf(unit),
      length: unit.refs[0]!.length,
    }));
    this.#parts.set(units, { runs: this.#runsOf(units), shown });
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
