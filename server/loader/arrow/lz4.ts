import { ArrowFault } from './arrow-fault.js';

const MAGIC = 0x184d2204;
/** Set in a block's length where the block is not compressed. */
const RAW = 0x80000000;
/** A match is at least so long; its length is told less this. */
const MIN_MATCH = 4;

/**
 * Unpacks one LZ4 frame (github.com/lz4/lz4, doc/lz4_Frame_format.md) into exactly `length` bytes. Checksums are passed over:
 * what the file holds is checked as Arrow. Whatever does not fit throws, and nothing is read or written out of bounds.
 *
 *   0: 04 22 4d 18
 *   4: flags: version 01, blocks independent, block checksum, content size, content checksum, reserved, dictionary id
 *   5: largest block
 *   6: content size (8 bytes) and dictionary id (4 bytes), where flagged; one byte of checksum
 *  then blocks: 4 bytes of length, the block, 4 bytes of checksum where flagged; a length of 0 ends them
 */
export function unpackLz4(packed: Uint8Array, length: number): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  const word = (at: number): number => {
    if (at + 4 > packed.length) throw damaged();
    return view.getUint32(at, true);
  };
  if (word(0) !== MAGIC || packed.length < 7 || packed[4]! >>> 6 !== 1) throw damaged();
  const flags = packed[4]!;
  const blockChecksum = (flags & 0x10) === 0 ? 0 : 4;
  let at = 7 + ((flags & 0x08) === 0 ? 0 : 8) + ((flags & 0x01) === 0 ? 0 : 4);
  const target = new Uint8Array(length);
  let filled = 0;
  for (;;) {
    const size = word(at);
    at += 4;
    if (size === 0) break;
    const end = at + (size & ~RAW);
    if (end > packed.length || end < at) throw damaged();
    if ((size & RAW) === 0) filled = unpackBlock(packed, at, end, target, filled);
    else {
      if (filled + end - at > length) throw damaged();
      target.set(packed.subarray(at, end), filled);
      filled += end - at;
    }
    at = end + blockChecksum;
  }
  if (filled !== length) throw damaged();
  return target;
}

/**
 * Unpacks the sequences of one block behind what `target` holds already, and returns where they end. A sequence is a token
 * (4 bits of literals, 4 bits of match), the literals, and two bytes that say how far back the match lies; the last has literals alone.
 */
function unpackBlock(
  packed: Uint8Array,
  from: number,
  end: number,
  target: Uint8Array,
  filled: number,
): number {
  let at = from;
  while (at < end) {
    const token = packed[at++]!;
    let literals = token >>> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        if (at >= end) throw damaged();
        more = packed[at++]!;
        literals += more;
      }
    }
    if (at + literals > end || filled + literals > target.length) throw damaged();
    // A call of `set` costs as much as copying some 60 bytes one by one.
    if (literals > 64) target.set(packed.subarray(at, at + literals), filled);
    else for (let i = 0; i < literals; i++) target[filled + i] = packed[at + i]!;
    at += literals;
    filled += literals;
    if (at === end) return filled;

    if (at + 2 > end) throw damaged();
    const back = packed[at]! | (packed[at + 1]! << 8);
    at += 2;
    let match = token & 15;
    if (match === 15) {
      let more = 255;
      while (more === 255) {
        if (at >= end) throw damaged();
        more = packed[at++]!;
        match += more;
      }
    }
    match += MIN_MATCH;
    if (back === 0 || back > filled || filled + match > target.length) throw damaged();
    if (back >= match && match > 64)
      target.copyWithin(filled, filled - back, filled - back + match);
    else for (let i = 0; i < match; i++) target[filled + i] = target[filled - back + i]!;
    filled += match;
  }
  return filled;
}

const damaged = (): ArrowFault => new ArrowFault('its LZ4 frame is damaged');
