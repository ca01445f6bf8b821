import { refusing } from './arrow-fault.js';
import type { ArrowFile } from './arrow-file.js';
import type { LaneRows } from '../staging.js';
import type { ReadBatch } from './read-batches.js';
import { constantRows, type UnitedArrowColumn } from './unite-arrow.js';

/** A column of the dataset, and how one file's rows of it are read. */
export interface SliceReader {
  load: UnitedArrowColumn['load'];
  own: UnitedArrowColumn['files'][number];
}

/** How the rows of one of the files are read. */
export function sliceReaders(columns: readonly UnitedArrowColumn[], file: number): SliceReader[] {
  return columns.map(({ load, files }) => ({ load, own: files[file] }));
}

/** Rows `from` to `to` of a batch, every column in the layout of its lane; good until the next batch is read. */
export function readSlice(
  file: ArrowFile,
  { place, vectors }: ReadBatch,
  readers: readonly SliceReader[],
  from: number,
  to: number,
): LaneRows[] {
  return readers.map(({ load, own }) => {
    if (own === undefined) return constantRows(load, null, to - from);
    if ('constant' in own) return constantRows(load, own.constant, to - from);
    const { position, read } = own;
    const column = file.schema.fields[position]!.name;
    return refusing(file.name, `${place}, column "${column}"`, () =>
      read(vectors[position]!, from, to),
    );
  });
}
