import zlib from 'node:zlib';
import { CompressionType } from 'apache-arrow/fb/compression-type';
import { HalftoneError } from '../../errors.js';
import { ArrowFault } from './arrow-fault.js';
import { unpackLz4 } from './lz4.js';

/** Before each packed buffer: how long it is unpacked, in 8 bytes; -1 where it was left as it is. */
const PREFIX_BYTES = 8;
const LEFT_AS_IS = -1n;

/** Node's own from 22.15 on. */
const { zstdDecompressSync } = zlib as typeof zlib & {
  zstdDecompressSync?: (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;
};

/** How the buffers of a batch are unpacked; throws where nothing here can do it. */
export function unpackerOf(
  file: string,
  codec: CompressionType,
): (packed: Uint8Array) => Uint8Array {
  if (codec === CompressionType.LZ4_FRAME) return (packed) => unpack(packed, unpackLz4);
  if (codec !== CompressionType.ZSTD) {
    throw new ArrowFault(`its buffers are packed in a way that is not known (${String(codec)})`);
  }
  if (zstdDecompressSync === undefined) {
    throw new HalftoneError(
      'SOURCE_KIND_UNKNOWN',
      `${file} cannot be read: its buffers are packed with Zstandard, which Node ${process.versions.node} cannot unpack.`,
      { file, hint: 'Run Halftone with Node 22.15 or later, or write the file with LZ4.' },
    );
  }
  return (packed) =>
    unpack(packed, (bytes, length) => {
      let unpacked: Uint8Array;
      try {
        unpacked = zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, length) });
      } catch {
        throw new ArrowFault('its Zstandard frame is damaged');
      }
      // Views of 64-bit values need a place that is a multiple of 8.
      return unpacked.byteOffset % 8 === 0 ? unpacked : unpacked.slice();
    });
}

function unpack(
  packed: Uint8Array,
  codec: (bytes: Uint8Array, length: number) => Uint8Array,
): Uint8Array {
  if (packed.length === 0) return packed;
  if (packed.length < PREFIX_BYTES) throw new ArrowFault('a packed buffer has no length');
  const length = new DataView(packed.buffer, packed.byteOffset).getBigInt64(0, true);
  const bytes = packed.subarray(PREFIX_BYTES);
  if (length === LEFT_AS_IS) return bytes;
  if (length < 0n || length > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ArrowFault('the length of a packed buffer is damaged');
  }
  const unpacked = codec(bytes, Number(length));
  if (unpacked.length !== Number(length))
    throw new ArrowFault('a packed buffer has another length');
  return unpacked;
}
