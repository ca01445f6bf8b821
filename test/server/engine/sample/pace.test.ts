import { expect, test } from 'vitest';
import { Pace } from '../../../../server/engine/sample/pace.js';

const cost = { nsPerRow: 10, kind: 'scatter' };

test('reckons by rows, cost and threads before anything was measured', () => {
  expect(new Pace(2).expectedMs(cost, 10_000_000)).toBe(50);
});

test('learns how long queries of a kind take here', () => {
  const pace = new Pace(2);
  for (let i = 0; i < 20; i++) pace.learn(cost, 10_000_000, 200);
  expect(pace.expectedMs(cost, 10_000_000)).toBeCloseTo(200, 0);
  // Those of other kinds are taken to be as slow, as the machine is.
  expect(pace.expectedMs({ nsPerRow: 20, kind: 'bar' }, 10_000_000)).toBeCloseTo(400, -1);
});

test('learns nothing of what is over at once, and believes no measurement without limits', () => {
  const pace = new Pace(2);
  pace.learn(cost, 1000, 3000);
  expect(pace.expectedMs(cost, 10_000_000)).toBe(50);
  pace.learn(cost, 10_000_000, 1e9);
  expect(pace.expectedMs(cost, 10_000_000)).toBe(400);
});
