import { Type } from 'apache-arrow';
import { readFixedBytes, readTexts, readViews, type ReadRows } from './lanes.js';
import { widthOf, type ArrowVector } from './vector.js';

/** How a vector of texts or bytes is read. */
export function bytesReader({ type }: Pick<ArrowVector, 'type'>): ReadRows {
  switch (type.typeId as Type) {
    case Type.Utf8View:
    case Type.BinaryView:
      return readViews(type.typeId === Type.Utf8View);
    case Type.FixedSizeBinary:
      return readFixedBytes(widthOf(type));
    default:
      return readTexts(type.typeId === Type.Utf8 || type.typeId === Type.LargeUtf8);
  }
}

/** The bytes of one text or blob. The row must be valid. */
export function binaryAt(vector: ArrowVector, row: number): Uint8Array {
  const read = bytesReader(vector)(vector, row, row + 1);
  if (!('lengths' in read)) throw new Error('A vector that is asked for bytes has none.');
  return read.bytes.subarray(read.starts[0], read.starts[0]! + read.lengths[0]!);
}
