import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { STORAGE_BYTES, type Storage } from '../../../workers/storage.js';
import { jsonValue } from '../../../workers/json-value.js';
import type { BufferRef, Manifest } from '../../../server/snapshots/manifest.js';

/**
 * Every column of a snapshot as JSON values, read value by value from the places that the manifest names: slow, plain, and
 * independent of the code that serves them. Bytes come as base64.
 */
export function readSnapshot(
  dir: string,
  manifest: Pick<Manifest, 'columns' | 'segments'>,
): Record<string, unknown[]> {
  const columns: unknown[][] = manifest.columns.map(() => []);
  for (const segment of manifest.segments) {
    const file = readFileSync(join(dir, segment.file));
    const bytesAt = (ref: BufferRef | undefined): Buffer => {
      if (ref === undefined) return Buffer.alloc(0);
      const bytes = Buffer.from(file.subarray(ref.offset, ref.offset + ref.length));
      if (crc32(bytes) !== ref.crc32) throw new Error(`Wrong checksum at ${ref.offset}.`);
      return bytes;
    };
    segment.columns.forEach(({ storage, dictionary }, c) => {
      const { logical } = manifest.columns[c]!;
      const words = dictionary === undefined ? undefined : bytesAt(dictionary.bytes);
      const ends = dictionary === undefined ? undefined : bytesAt(dictionary.offsets);
      for (const { rows, columns: batch } of segment.batches) {
        const { validity, offsets, data } = batch[c]!;
        const valid = validity === undefined ? undefined : bytesAt(validity);
        const starts = bytesAt(offsets);
        const values = bytesAt(data);
        for (let row = 0; row < rows; row++) {
          if (
            storage === 'null' ||
            (valid !== undefined && (valid[row >> 3]! & (1 << (row & 7))) === 0)
          ) {
            columns[c]!.push(null);
          } else if (storage === 'utf8' || storage === 'binary') {
            const text = values.subarray(
              starts.readInt32LE(row * 4),
              starts.readInt32LE(row * 4 + 4),
            );
            columns[c]!.push(text.toString(storage === 'utf8' ? 'utf8' : 'base64'));
          } else {
            const value = valueAt(values, storage, row);
            if (ends === undefined) columns[c]!.push(jsonValue(logical, value));
            else {
              const code = Number(value);
              columns[c]!.push(
                words!.toString('utf8', ends.readInt32LE(code * 4), ends.readInt32LE(code * 4 + 4)),
              );
            }
          }
        }
      }
    });
  }
  return Object.fromEntries(manifest.columns.map(({ info }, c) => [info.name, columns[c]!]));
}

function valueAt(bytes: Buffer, storage: Storage, row: number): number | bigint {
  const at = row * STORAGE_BYTES[storage];
  switch (storage) {
    case 'bool':
      return (bytes[row >> 3]! >> (row & 7)) & 1;
    case 'int8':
      return bytes.readInt8(at);
    case 'int16':
      return bytes.readInt16LE(at);
    case 'int32':
      return bytes.readInt32LE(at);
    case 'int64':
      return bytes.readBigInt64LE(at);
    case 'uint8':
    case 'dict8':
      return bytes.readUInt8(at);
    case 'uint16':
    case 'dict16':
      return bytes.readUInt16LE(at);
    case 'uint32':
    case 'dict32':
      return bytes.readUInt32LE(at);
    case 'uint64':
      return bytes.readBigUInt64LE(at);
    case 'float32':
      return bytes.readFloatLE(at);
    case 'float64':
      return bytes.readDoubleLE(at);
    case 'decimal128':
      return bytes.readBigUInt64LE(at) | (bytes.readBigInt64LE(at + 8) << 64n);
    default:
      throw new Error(`No single value in storage "${storage}".`);
  }
}
