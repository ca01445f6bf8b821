import type { Encoder } from '../../encode/encoder.js';
import { incomplete } from '../../write-segments.js';
import type { Digits } from './column-plan.js';
import type { CopyOut } from './copy-out.js';
import type { TupleSlice } from './tuple-slice.js';

/** A number did not fit its column; `digits` is what all rows need, by position of their columns. */
export class Misfit extends Error {
  readonly digits: (Digits | undefined)[];

  constructor(digits: (Digits | undefined)[]) {
    super('A number did not fit its column.');
    this.digits = digits;
  }
}

/**
 * Decodes the rows of a COPY slice by slice and hands them to the encoder; gives their number, which is the one that the database
 * counts. Rejects with a Misfit once all rows are measured.
 */
export async function stageRows(
  rows: CopyOut,
  slice: TupleSlice,
  encoder: Encoder,
  onSlice: () => void,
): Promise<number> {
  let staging = await encoder.take();
  const next = async (): Promise<void> => {
    encoder.send(staging);
    staging = await encoder.take();
  };
  const stage = async (): Promise<void> => {
    for (let from = 0; from < slice.rows;) {
      let to = Math.min(slice.rows, from + staging.capacity - staging.rows);
      while (!staging.appendRows(slice.lanes(from, to), to - from)) {
        if (staging.rows > 0) await next();
        // Long texts: into an empty batch as many as fit, at least one.
        else to = from + Math.max(1, (to - from) >>> 1);
      }
      from = to;
      if (staging.rows === staging.capacity) await next();
    }
    slice.clear();
    onSlice();
  };
  const told = await rows.read((bytes, from, end) =>
    slice.take(bytes, from, end) ? stage() : undefined,
  );
  if (slice.isMisfit) throw new Misfit(slice.digits);
  await stage();
  if (staging.rows > 0) encoder.send(staging);
  if (told !== rows.rows) throw incomplete(rows.rows, told);
  return told;
}
