import type { Snapshot } from '../snapshots/manifest.js';
import { indexUnit, type IndexPart, type Unit } from './buffers.js';
import type { LeasePlan } from './lease-plan.js';
import type { Residents } from './residents.js';

/**
 * What a lease needs: the same object, with the same lists, for the same columns, batches and parts. So what is worked out of it can
 * be kept, and of a line of 100 M rows nobody looks for 300 units by their keys to find each where it was.
 */
export interface LeaseUnits {
  plan: LeasePlan;
  ofIndexes: readonly Unit[];
  /** Those of the plan, then those of indexes. */
  all: readonly Unit[];
  /** Bytes of memory that they take. */
  bytes: number;
}

interface Listed {
  parts: readonly IndexPart[];
  units: LeaseUnits;
}

/** Lists of parts of indexes that are kept of a plan at most: those of the categories and columns of a page. */
const MOST_LISTS = 16;

/** The units of the leases of late. */
export class LeaseUnitLists {
  readonly #residents: Residents;
  readonly #lists = new WeakMap<LeasePlan, Listed[]>();

  constructor(residents: Residents) {
    this.#residents = residents;
  }

  /** The units of a plan for a snapshot, and these parts of its indexes. */
  of(plan: LeasePlan, { dir }: Snapshot, parts: readonly IndexPart[]): LeaseUnits {
    let lists = this.#lists.get(plan);
    if (lists === undefined) this.#lists.set(plan, (lists = []));
    const known = lists.find((listed) => areSame(listed.parts, parts));
    if (known !== undefined) return known.units;
    const ofIndexes = parts.map((part) => indexUnit(dir, part));
    const all = [...plan.units, ...ofIndexes];
    const units = { plan, ofIndexes, all, bytes: this.#residents.roundUp(all) };
    if (lists.length >= MOST_LISTS) lists.length = 0;
    lists.push({ parts, units });
    return units;
  }
}

function areSame(some: readonly IndexPart[], others: readonly IndexPart[]): boolean {
  if (some === others) return true;
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false;
  return true;
}
