import type { ColumnView, Span, TableView } from '../../workers/columns.js';
import type { Snapshot } from '../snapshots/manifest.js';
import {
  batchPlaces,
  batchUnit,
  batchView,
  dictionaryUnit,
  dictionaryView,
  type Unit,
} from './buffers.js';

/** What a lease needs, and the view of it once every unit has its run of memory. */
export interface LeasePlan {
  units: Unit[];
  view: (runOf: (unit: Unit) => Span, slabs: readonly SharedArrayBuffer[]) => TableView;
}

/** Finds the units of some columns of a snapshot; of the named batches alone where `batches` is given. */
export function planLease(
  { dir, manifest }: Snapshot,
  names: readonly string[],
  batches: readonly number[] | undefined,
): LeasePlan {
  const places = batchPlaces(manifest);
  const wanted = batches === undefined ? undefined : new Set(batches);
  const columns = names.map((name) => {
    const index = manifest.columns.findIndex(({ info }) => info.name === name);
    if (index < 0) throw new Error(`Expected a column "${name}" in snapshot ${manifest.id}.`);
    return {
      index,
      dictionary: dictionaryUnit(dir, manifest, index),
      units: places.map((place, at) =>
        wanted === undefined || wanted.has(at) ? batchUnit(dir, place, index) : undefined,
      ),
    };
  });
  const units = new Map<string, Unit>();
  for (const { dictionary, units: own } of columns) {
    for (const unit of [dictionary?.unit, ...own])
      if (unit !== undefined) units.set(unit.key, unit);
  }
  return {
    units: [...units.values()],
    view: (runOf, slabs) => ({
      rows: manifest.rows,
      batchRows: places.map(({ segment, batch }) => segment.batches[batch]!.rows),
      columns: columns.map(({ index, dictionary, units }): ColumnView => {
        const { info, logical } = manifest.columns[index]!;
        return {
          name: info.name,
          type: info.type,
          logical,
          batches: places.map((place, at) => {
            const unit = units[at];
            return batchView(place, index, unit === undefined ? undefined : runOf(unit));
          }),
          ...(dictionary?.unit === undefined
            ? {}
            : {
                dictionary: dictionaryView(
                  dictionary.dictionary,
                  runOf(dictionary.unit),
                  dictionary.unit.key,
                ),
              }),
        };
      }),
      slabs: [...slabs],
    }),
  };
}
