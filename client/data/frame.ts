import { DataType, tableFromIPC, type Table, type Vector } from 'apache-arrow';
import type { FrameMetadata, FramePlan } from '../../protocol/frame.js';
import { METADATA_KEY } from '../../protocol/media.js';

/** The numbers of a column as they lie in the frame; 64-bit integers and times as big integers. */
export type Numbers =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** A dictionary column: one code a row into `labels`, in the order of the dictionary; -1 is null. */
export interface Categories {
  codes: Int32Array | Uint8Array | Uint16Array | Uint32Array;
  labels: (string | null)[];
}

/** A frame as it came, read without a copy: every array of numbers is a view of the bytes received. */
export interface DecodedFrame {
  metadata: FrameMetadata;
  /** The record batch behind it, for readers of whole rows. */
  table: Table;
  /** Rows of the batch: points, cells, bins. */
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
  const table = tableFromIPC(bytes);
  const json = table.schema.metadata.get(METADATA_KEY);
  if (json === undefined) throw new Error(`The answer is no frame: it lacks "${METADATA_KEY}".`);
  return {
    metadata: JSON.parse(json) as FrameMetadata,
    table,
    length: table.numRows,
    byteLength: bytes.byteLength,
    timing: {},
    ...headers,
  };
}

/** True where the frame has a column of that name. */
export const hasColumn = ({ table }: DecodedFrame, name: string): boolean =>
  table.schema.fields.some((field) => field.name === name);

/** The values of a column of numbers, without a copy. What stands at a null is undefined: see `numbersWithGaps`. */
export function numbersOf(frame: DecodedFrame, name: string): Numbers {
  const data = vectorOf(frame, name).data[0];
  return (data?.values ?? new Float64Array(0)) as Numbers;
}

/** The values of a column as doubles or floats, NaN at nulls; without nulls no copy is made. */
export function numbersWithGaps(
  frame: DecodedFrame,
  name: string,
): Exclude<Numbers, BigInt64Array | BigUint64Array> {
  const vector = vectorOf(frame, name);
  const values = numbersOf(frame, name);
  const isWide = values instanceof BigInt64Array || values instanceof BigUint64Array;
  if (vector.nullCount === 0 && !isWide) return values;
  const gaps = new Float64Array(values.length);
  for (let i = 0; i < gaps.length; i++)
    gaps[i] = vector.isValid(i) ? Number(values[i]) : Number.NaN;
  return gaps;
}

/** The codes and labels of a dictionary column. */
export function categoriesOf(frame: DecodedFrame, name: string): Categories {
  const vector = vectorOf(frame, name);
  const data = vector.data[0];
  if (data === undefined) return { codes: new Int32Array(0), labels: [] };
  if (!DataType.isDictionary(vector.type)) {
    throw new Error(`Expected labels in column "${name}", read ${String(vector.type)}.`);
  }
  const labels = [...(data.dictionary as Vector)] as (string | null)[];
  const values = data.values as Uint8Array | Uint16Array | Uint32Array;
  if (vector.nullCount === 0) return { codes: values, labels };
  const codes = new Int32Array(values.length);
  for (let i = 0; i < codes.length; i++) codes[i] = vector.isValid(i) ? values[i]! : -1;
  return { codes, labels };
}

/** True where the column holds labels, not numbers. */
export const isCategorical = (frame: DecodedFrame, name: string): boolean =>
  DataType.isDictionary(vectorOf(frame, name).type);

/** The column of that name. */
export function vectorOf({ table }: DecodedFrame, name: string): Vector {
  const vector = table.getChild(name);
  if (vector === null) {
    const names = table.schema.fields.map((field) => field.name).join(', ');
    throw new Error(`Expected a column "${name}" in the frame, found ${names}.`);
  }
  return vector;
}
