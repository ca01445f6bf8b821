import type { FrameMetadata } from '../../protocol/frame.js';
import { METADATA_KEY } from '../../protocol/media.js';
import { openStream, type ColumnSize, type DictionaryValues } from '../arrow/stream.js';
import type { Field } from '../arrow/types.js';
import type { FrameBase, MarkedFrame } from './mark.js';

/** One column of a frame: how many bytes its buffers need, and how they are filled. */
export interface FrameColumn {
  field: Field;
  size: ColumnSize;
  /** Gets the buffers that `size` asked for, as views into the stream, zeroed. */
  write(buffers: readonly Uint8Array<ArrayBuffer>[]): void;
  dictionary?: DictionaryValues;
}

/** Writes a frame: every column straight into the stream that is sent. */
export function writeFrame(
  metadata: FrameMetadata,
  rows: number,
  columns: readonly FrameColumn[],
): MarkedFrame {
  const stream = openStream(
    columns.map(({ field }) => field),
    { [METADATA_KEY]: JSON.stringify(metadata) },
    rows,
    columns.map(({ size }) => size),
    columns.flatMap(({ dictionary }) => dictionary ?? []),
  );
  for (const [i, column] of columns.entries()) column.write(stream.columns[i]!);
  return { bytes: stream.bytes, metadata };
}

type Values = ArrayBufferView & { length: number };

/** A column without nulls whose values lie in a typed array already. */
export function plainColumn(field: Field, values: Values): FrameColumn {
  return {
    field: Object.assign({}, field, { nullable: false }),
    size: { nulls: 0, buffers: [0, values.byteLength] },
    write: ([, data]) => {
      data!.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    },
  };
}

/** A column whose `valid` has one byte a row, 1 where there is a value. */
export function nullableColumn(field: Field, values: Values, valid: Uint8Array): FrameColumn {
  let nulls = 0;
  for (let i = 0; i < valid.length; i++) nulls += 1 - valid[i]!;
  return {
    field: Object.assign({}, field, { nullable: true }),
    size: { nulls, buffers: [nulls === 0 ? 0 : Math.ceil(valid.length / 8), values.byteLength] },
    write: ([validity, data]) => {
      if (nulls > 0) {
        for (let i = 0; i < valid.length; i++) validity![i >> 3]! |= valid[i]! << (i & 7);
      }
      data!.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    },
  };
}

/** A dictionary of UTF-8 strings. */
export function dictionaryOf(id: number, values: readonly string[]): DictionaryValues {
  const encoder = new TextEncoder();
  const parts = values.map((value) => encoder.encode(value));
  const offsets = new Int32Array(values.length + 1);
  for (const [i, part] of parts.entries()) offsets[i + 1] = offsets[i]! + part.length;
  const bytes = new Uint8Array(offsets[values.length]!);
  for (const [i, part] of parts.entries()) bytes.set(part, offsets[i]);
  return { id, offsets, bytes };
}

/** The narrowest unsigned array that holds `largest`, and its bits. */
export function narrowest(largest: number): {
  bits: 8 | 16 | 32;
  Numbers: Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor;
} {
  if (largest < 2 ** 8) return { bits: 8, Numbers: Uint8Array };
  return largest < 2 ** 16
    ? { bits: 16, Numbers: Uint16Array }
    : { bits: 32, Numbers: Uint32Array };
}

/** What is known of the frame; its lack is our own mistake. */
export function baseOf(frame: FrameBase | undefined): FrameBase {
  if (frame === undefined) throw new Error('A frame was asked for without saying of what.');
  return frame;
}

/**
 * What is known of the frame with what a mark found out. Not as `{ ...frame, method, … }`: what is put behind a spread that comes first
 * takes 2 µs a property, where a frame of a few hundred rows takes a hundred in all.
 */
export function completed(
  frame: FrameBase | undefined,
  facts: Pick<FrameMetadata, 'exact' | 'method' | 'rows' | 'marks'> & Partial<FrameMetadata>,
): FrameMetadata {
  return Object.assign({}, baseOf(frame), facts);
}
