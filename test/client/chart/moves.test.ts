import { expect, test } from 'vitest';
import { createMoves, SETTLE_MS } from '../../../client/chart/moves.js';

function setUp() {
  const state = { now: 0, isWaiting: false };
  /** The delays that were asked with. */
  const delays: number[] = [];
  const moves = createMoves(
    () => ({ schedule: (delayMs) => delays.push(delayMs), isWaiting: () => state.isWaiting }),
    () => state.now,
  );
  const stepAt = (ms: number): void => {
    state.now = ms;
    moves.step();
    moves.ask();
  };
  return { state, delays, moves, stepAt };
}

test('a move asks once it rests, and after a quarter of a second at the latest', () => {
  const { delays, moves, stepAt } = setUp();
  for (const ms of [0, 100, 200, 240, 300]) stepAt(ms);
  expect(delays).toEqual([SETTLE_MS, SETTLE_MS, 50, 10, 0]);
  expect(moves.count()).toBe(5);
});

test('a move that goes on after a question counts its time anew', () => {
  const { delays, moves, stepAt } = setUp();
  stepAt(0);
  moves.asked();
  stepAt(240);
  expect(delays).toEqual([SETTLE_MS, SETTLE_MS]);
});

test('what is asked already is withdrawn after a second only', () => {
  const { state, delays, stepAt } = setUp();
  state.isWaiting = true;
  for (const ms of [0, 400, 1200]) stepAt(ms);
  expect(delays).toEqual([1000, 600, 0]);
});

test('where nobody moves an answer asks for nothing, and letting go says nothing', () => {
  const { delays, moves } = setUp();
  moves.ask();
  expect(moves.letGo()).toBe(false);
  expect(delays).toEqual([]);
});

test('letting go asks at once, and says so once', () => {
  const { delays, moves, stepAt } = setUp();
  stepAt(0);
  expect(moves.isHeld()).toBe(true);
  expect([moves.letGo(), moves.letGo()]).toEqual([true, false]);
  expect(moves.isHeld()).toBe(false);
  expect(delays).toEqual([SETTLE_MS, 0]);
});
