import { expect, test } from 'vitest';
import { Arena } from '../../../workers/kernels/arena.js';
import { roomIn } from '../../../workers/kernels/room.js';

test('arrays of a room lie in the arena, apart from one another', () => {
  const arena = new Arena();
  const room = roomIn(arena);
  const [bytes, rows] = [room.u8(100).fill(1), room.u32(100).fill(2)];
  const [floats, doubles] = [room.f32(100).fill(3), room.f64(100).fill(4)];
  expect([bytes, rows, floats, doubles].map((array) => array.buffer)).toEqual(
    Array.from({ length: 4 }, () => arena.memory.buffer),
  );
  expect([bytes, rows, floats, doubles].map((array) => new Set(array))).toEqual(
    [1, 2, 3, 4].map((value) => new Set([value])),
  );
});

test('an array that would take much of what is left of the arena has memory of its own', () => {
  const arena = new Arena();
  const room = roomIn(arena);
  const large = arena.free / 8 / 2;
  expect(room.f64(large).buffer).not.toBe(arena.memory.buffer);
  // However many there are, kernels have room left.
  for (let i = 0; i < 1000; i++) room.f64(2 ** 18);
  expect(arena.free).toBeGreaterThan(2 ** 20);
});
