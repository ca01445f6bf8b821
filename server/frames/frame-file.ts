import { crc32 } from 'node:zlib';
import type { Frame } from '../engine/engine.js';

/** What a frame on disk says of itself. */
export interface FrameHeader extends Pick<Frame, 'metadata' | 'plan' | 'timing'> {
  /** Where it belongs: dataset, snapshot, revision and key. A file under another name is no frame of that name. */
  id: string;
  /** Milliseconds since 1970. */
  storedAt: number;
}

/** A frame as it lies on disk. */
export interface StoredFrame {
  frame: Frame;
  storedAt: number;
}

//  0: magic   8: CRC-32 of all after byte 12   12: length of the JSON   16: JSON, spaces up to a multiple of 64, frame
const MAGIC = Buffer.from('HTFRAME1');
const CHECKED = 12;
const FIXED = 16;
const ALIGN = 64;

/** The parts of a frame's file, one after the other; those of the frame itself are not copied. */
export function frameFileOf(header: FrameHeader, bytes: Uint8Array): [Uint8Array, Uint8Array] {
  const json = Buffer.from(JSON.stringify(header));
  const headBytes = Math.ceil((FIXED + json.length) / ALIGN) * ALIGN;
  const head = Buffer.alloc(headBytes, ' ');
  MAGIC.copy(head);
  head.writeUInt32LE(headBytes - FIXED, 12);
  json.copy(head, FIXED);
  head.writeUInt32LE(crc32(bytes, crc32(head.subarray(CHECKED))), 8);
  return [head, bytes];
}

/** The frame in a file, without a copy; undefined where it is cut off, altered in one bit, or another than `id`. */
export function readFrameFile(file: Buffer, id: string): StoredFrame | undefined {
  if (file.length < FIXED || !file.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  if (file.readUInt32LE(8) !== crc32(file.subarray(CHECKED))) return undefined;
  const start = FIXED + file.readUInt32LE(12);
  const header = JSON.parse(file.toString('utf8', FIXED, start)) as FrameHeader;
  if (header.id !== id) return undefined;
  const { metadata, plan, timing, storedAt } = header;
  return { frame: { bytes: file.subarray(start), metadata, plan, timing }, storedAt };
}
