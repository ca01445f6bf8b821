import { tableFromIPC, type Column, type Table } from '@uwdata/flechette';
import { METADATA_KEY } from '../../protocol/media.js';
import type { FrameMetadata } from '../../protocol/frame.js';

/** A frame as the second reader sees it. */
export interface OracleFrame {
  table: Table;
  metadata: FrameMetadata;
}

export function readFrame(bytes: Uint8Array): OracleFrame {
  const table = tableFromIPC(bytes, { useBigInt: true, useDecimalInt: true });
  const text = table.schema.metadata?.get(METADATA_KEY);
  if (text === undefined) throw new Error('The frame carries no metadata.');
  return { table, metadata: JSON.parse(text) as FrameMetadata };
}

/** The values of a column, null where there is none. */
export function valuesOf<T>(frame: OracleFrame, name: string): (T | null)[] {
  const column = columnOf(frame, name);
  const { scale } = column.type as { scale?: number };
  return Array.from({ length: column.length }, (_, i) => {
    const value = column.at(i);
    // Decimals are read as whole numbers: their nearest double is that of their text.
    return (
      value === null || scale === undefined ? value : Number(`${value as bigint}e-${scale}`)
    ) as T;
  });
}

type Stored = Float64Array | Float32Array | Uint32Array | Int32Array | BigInt64Array;

/** The values as they lie in the buffer: times in their own unit. A null is whatever lies there. */
export function storedOf(frame: OracleFrame, name: string): Stored {
  const column = columnOf(frame, name);
  return (column.data[0]?.values.subarray(0, column.length) ?? new Float64Array(0)) as Stored;
}

/** The values of a column of numbers as doubles; null is NaN. */
export function numbersOf(frame: OracleFrame, name: string): Float64Array {
  const [batch] = columnOf(frame, name).data;
  const numbers = Float64Array.from(storedOf(frame, name) as ArrayLike<unknown>, Number);
  if (batch !== undefined && batch.nullCount > 0) {
    for (let i = 0; i < numbers.length; i++) if (!batch.isValid(i)) numbers[i] = NaN;
  }
  return numbers;
}

function columnOf({ table }: OracleFrame, name: string): Column<unknown> {
  const column = table.getChild(name) as Column<unknown> | null;
  if (column) return column;
  throw new Error(`Expected a column "${name}" in the frame, read ${table.names.join(', ')}.`);
}
