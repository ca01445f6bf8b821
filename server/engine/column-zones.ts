import { LRUCache } from 'lru-cache';
import { BLOCK_ROWS, type TableView } from '../../workers/columns.js';
import type { BlockZones } from '../../workers/scan/block-zones.js';
import type { CancelWord } from '../../workers/scan/cancel.js';
import type { Predicate } from '../../workers/scan/predicate.js';
import { dealOut } from '../../workers/scan/stretch.js';
import type { Pool } from '../pool.js';
import type { ColumnRef, ColumnScope } from './columns.js';
import { nextDown } from './exact-number.js';
import { batchZone, type Zone } from './zone-map.js';

/** Columns whose zones are remembered: 2.5 kB a million rows each. */
const MAX_COLUMNS = 2000;

/** Tells the zone of a column in one block of a batch. */
export type ZoneOf = (column: number, batch: number, block: number) => Zone;

export interface ZonesNeeded {
  scope: ColumnScope;
  /** Holds the columns in these batches until the zones are there. */
  table: TableView;
  columns: readonly ColumnRef[];
  batches: readonly number[];
  cancel?: CancelWord | undefined;
}

/**
 * The least and greatest value and the nulls of every block of the columns that were filtered by so far: made when a
 * column is first filtered by, in a pass over it, and remembered while the server lives. Those who need the same at
 * once share it.
 */
export class ColumnZones {
  readonly #pool: Pool;
  readonly #columns = new LRUCache<string, Map<number, Promise<BlockZones | undefined>>>({
    max: MAX_COLUMNS,
  });

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /**
   * Makes what is missing; settles when no task that this began runs any more. Zones that could not be made are those of
   * their batch, by the manifest.
   */
  async of(needed: ZonesNeeded): Promise<ZoneOf> {
    const { scope, columns, batches } = needed;
    const found: BlockZones[][] = [];
    await Promise.all(
      columns.map(async (ref) => {
        const known = this.#zonesOf(ref, needed);
        const own: BlockZones[] = (found[ref.position] = []);
        for (const batch of batches) {
          const zones = await known.get(batch);
          if (zones !== undefined) own[batch] = zones;
        }
      }),
    );
    return (column, batch, block) => {
      const ref = scope.used[column]!;
      const zones = found[column]?.[batch];
      return zones === undefined ? batchZone(ref, batch) : zoneAt(zones, ref, block, scope, batch);
    };
  }

  #zonesOf(
    { name, position }: ColumnRef,
    { scope: { snapshot }, table, batches, cancel }: ZonesNeeded,
  ): ReadonlyMap<number, Promise<BlockZones | undefined>> {
    const key = `${snapshot.dir}/${snapshot.manifest.id}/${name}`;
    let known = this.#columns.get(key);
    if (known === undefined) this.#columns.set(key, (known = new Map()));
    const zones = known;
    const missing = batches.filter((batch) => !zones.has(batch));
    for (const part of missing.length === 0 ? [] : dealOut(missing, this.#pool.threads)) {
      const task = { table, column: position, batches: part, ...(cancel && { cancel }) };
      const made = this.#pool.run('blockZones', task).then(
        (answer) => (answer.withdrawn ? undefined : answer.zones),
        () => undefined,
      );
      for (const [i, batch] of part.entries()) {
        const one = made.then((list) => list?.[i]);
        zones.set(batch, one);
        // What was withdrawn or has failed is made by the next who needs it.
        void one.then((answer) => answer ?? zones.delete(batch));
      }
    }
    return new Map(batches.map((batch) => [batch, zones.get(batch)!]));
  }
}

function zoneAt(
  { min, max, nulls, nans }: BlockZones,
  { logical }: ColumnRef,
  block: number,
  { batchRows }: ColumnScope,
  batch: number,
): Zone {
  // Of integers, doubles were made.
  const isExact = logical.kind === 'float';
  return {
    rows: Math.min(BLOCK_ROWS, batchRows[batch]! - block * BLOCK_ROWS),
    nulls: nulls[block]!,
    nans: nans[block]!,
    min: isExact ? min[block]! : integerBelow(min[block]!),
    max: isExact ? max[block]! : -integerBelow(-max[block]!),
  };
}

// A double that is not above any integer that rounds to `value`.
function integerBelow(value: number): number {
  return Math.abs(value) < 2 ** 53 ? value : nextDown(value);
}

/** The columns of a predicate on which zones say anything. */
export function zonedColumns(predicate: Predicate, used: readonly ColumnRef[]): ColumnRef[] {
  switch (predicate.test) {
    case 'range':
    case 'exact range':
    case 'in':
    case 'exact in':
      return [used[predicate.column]!].filter(hasZones);
    case 'polygon':
      return [predicate.x, predicate.y].map(({ column }) => used[column]!).filter(hasZones);
    case 'not':
      return zonedColumns(predicate.of, used);
    case 'all':
    case 'any':
      return predicate.of.flatMap((part) => zonedColumns(part, used));
    default:
      return [];
  }
}

function hasZones({ logical, integers }: ColumnRef): boolean {
  return logical.kind === 'float' || integers === 'raw' || integers === 'i64';
}
