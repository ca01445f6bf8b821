import { crc32 } from 'node:zlib';
import type { BufferRange } from '../../workers/arrow/message.js';
import type { BufferRef } from './manifest.js';

/** Buffers start at multiples of this, as Arrow recommends: no vector load ever straddles a cache line. */
export const ALIGNMENT = 64;

/** Data of one message: its parts with their padding, and where each lies. */
export interface Body {
  parts: Uint8Array[];
  refs: BufferRange[];
  length: number;
}

/** Adds a buffer with its padding; gives its place in the file once the start of the body is known. */
export function put(body: Body, bytes: Uint8Array): (start: number) => BufferRef {
  const offset = body.length;
  body.refs.push({ offset, length: bytes.length });
  const padding = (ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT;
  body.parts.push(bytes);
  if (padding > 0) body.parts.push(new Uint8Array(padding));
  body.length += bytes.length + padding;
  const checksum = crc32(bytes);
  return (start) => ({ offset: start + offset, length: bytes.length, crc32: checksum });
}

export function bytesOf(values: Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function align(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
