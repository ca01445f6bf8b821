import { largeFloat64 } from '../large-arrays.js';
import type { Arena } from './arena.js';

/** Where arrays are made that are of no use when the task ends. What they hold at first is not known. */
export interface Room {
  u8(length: number): Uint8Array<ArrayBuffer>;
  u32(length: number): Uint32Array<ArrayBuffer>;
  f32(length: number): Float32Array<ArrayBuffer>;
  f64(length: number): Float64Array<ArrayBuffer>;
}

/** Arrays of their own, which may be handed to another thread. */
export const OWN_ROOM: Room = {
  u8: (length) => new Uint8Array(length),
  u32: (length) => new Uint32Array(length),
  f32: (length) => new Float32Array(length),
  f64: largeFloat64,
};

/**
 * Arrays in the arena, as long as much of it is free: memory that the last task has used is in the caches, and costs neither
 * page faults nor garbage. They are gone when the arena is reset, and must not be handed to another thread: it would get all of
 * the arena.
 */
export function roomIn(arena: Arena): Room {
  const roomFor = (bytes: number): Room => (bytes < arena.free / 4 ? arena : OWN_ROOM);
  return {
    u8: (length) => roomFor(length).u8(length),
    u32: (length) => roomFor(length * 4).u32(length),
    f32: (length) => roomFor(length * 4).f32(length),
    f64: (length) => roomFor(length * 8).f64(length),
  };
}
