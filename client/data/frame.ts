import type { FrameMetadata, FramePlan } from '../../protocol/frame.js';
import { METADATA_KEY } from '../../protocol/media.js';
import { isValid, valueAt, type Column, type Numbers } from './arrow/column.js';
import { readStream } from './arrow/read-stream.js';

/** A dictionary column: one code a row into `labels`, in the order of the dictionary; -1 is null. */
export interface Categories {
  codes: Int32Array | Uint8Array | Uint16Array | Uint32Array;
  labels: (string | null)[];
}

/** A frame as it came, read without a copy: every array of numbers is a view of the bytes received. */
export interface DecodedFrame {
  metadata: FrameMetadata;
  /** In the frame's order. Names may repeat: a table of rows ends with `row`, whatever its columns are called. */
  columns: readonly Column[];
  /** Rows of the frame: points, cells, bins. */
  length: number;
  /** Bytes of the frame, as Arrow. */
  byteLength: number;
  /** How it was computed; absent where it came from the browser's own cache without its headers. */
  plan?: FramePlan;
  /** `Server-Timing`: milliseconds by name, and `fetch` for the whole round trip. */
  timing: Readonly<Record<string, number>>;
}

/** What the headers of the answer add to a frame. */
export type FrameHeaders = Partial<Pick<DecodedFrame, 'plan' | 'timing'>>;

/** Reads the bytes of one frame. They belong to the frame from then on. */
export function decodeFrame(bytes: Uint8Array, headers: FrameHeaders = {}): DecodedFrame {
  const { metadata, columns, length } = readStream(bytes);
  const json = metadata.get(METADATA_KEY);
  if (json === undefined) throw new Error(`The answer is no frame: it lacks "${METADATA_KEY}".`);
  return {
    metadata: JSON.parse(json) as FrameMetadata,
    columns,
    length,
    byteLength: bytes.byteLength,
    timing: {},
    ...headers,
  };
}

/** True where the frame has a column of that name. */
export const hasColumn = ({ columns }: DecodedFrame, name: string): boolean =>
  columns.some((column) => column.name === name);

/** The values of a column of numbers, without a copy. What stands at a null is undefined: see `numbersWithGaps`. */
export const numbersOf = (frame: DecodedFrame, name: string): Numbers =>
  columnOf(frame, name).values;

/** The values of a column as doubles or floats, NaN at nulls; without nulls no copy is made. */
export function numbersWithGaps(
  frame: DecodedFrame,
  name: string,
): Exclude<Numbers, BigInt64Array | BigUint64Array> {
  const column = columnOf(frame, name);
  const { values, nullCount } = column;
  const isWide = values instanceof BigInt64Array || values instanceof BigUint64Array;
  if (nullCount === 0 && !isWide) return values;
  const gaps = new Float64Array(values.length);
  for (let i = 0; i < gaps.length; i++)
    gaps[i] = isValid(column, i) ? Number(values[i]) : Number.NaN;
  return gaps;
}

/** The codes and labels of a dictionary column. */
export function categoriesOf(frame: DecodedFrame, name: string): Categories {
  const column = columnOf(frame, name);
  const { dictionary, nullCount } = column;
  if (dictionary === null) {
    throw new Error(`Expected labels in column "${name}", read ${column.type.type}.`);
  }
  const labels = Array.from(
    { length: dictionary.length },
    (_, i) => valueAt(dictionary, i) as string | null,
  );
  const values = column.values as Uint8Array | Uint16Array | Uint32Array;
  if (nullCount === 0) return { codes: values, labels };
  const codes = new Int32Array(values.length);
  for (let i = 0; i < codes.length; i++) codes[i] = isValid(column, i) ? values[i]! : -1;
  return { codes, labels };
}

/** True where the column holds labels, not numbers. */
export const isCategorical = (frame: DecodedFrame, name: string): boolean =>
  columnOf(frame, name).dictionary !== null;

/** The column of that name, the first of those that are called so. */
export function columnOf({ columns }: DecodedFrame, name: string): Column {
  const column = columns.find((each) => each.name === name);
  if (column === undefined) {
    const names = columns.map((each) => each.name).join(', ');
    throw new Error(`Expected a column "${name}" in the frame, found ${names}.`);
  }
  return column;
}
