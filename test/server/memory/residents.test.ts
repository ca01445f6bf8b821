import { expect, test } from 'vitest';
import { Residents, type MemoryUnit } from '../../../server/memory/residents.js';

const PAGE = 64 * 1024;
const unit = (key: string): MemoryUnit => ({ key, bytes: PAGE });

/** Room for so many units. */
const roomFor = (units: number): Residents => new Residents({ budgetBytes: units * PAGE });

/** Brings units into memory. */
function load(residents: Residents, units: readonly MemoryUnit[]): void {
  residents.setReady(residents.pin(units)!, Promise.resolve());
  residents.unpin(units);
}

test('a list of units is found anew once one of them has gone and come back', async () => {
  const residents = roomFor(2);
  const [a, b, c] = ['a', 'b', 'c'].map(unit) as [MemoryUnit, MemoryUnit, MemoryUnit];
  const both = [a, b];
  load(residents, both);
  await residents.readyOf(both);
  residents.unpin(both);
  expect(residents.pin(both)).toEqual([]);
  residents.unpin(both);
  const { version } = residents;

  load(residents, [c]);
  await residents.readyOf([c]);
  residents.unpin([c]);
  expect(residents.version).not.toBe(version);
  expect(residents.pin(both)).toEqual([a]);
  expect(residents.readyOf(both)).toBeDefined();
});

test('of a list that is pinned again and again each pin counts', async () => {
  const residents = roomFor(2);
  const both = [unit('a'), unit('b')];
  load(residents, both);
  await residents.readyOf(both);
  for (let i = 0; i < 3; i++) residents.pin(both);
  // One more is of the worker that has read them.
  for (let pins = 4; pins > 0; pins--) {
    expect(residents.pinnedBytes).toBe(2 * PAGE);
    expect(residents.pin([unit('c')])).toBeUndefined();
    residents.unpin(both);
  }
  expect(residents.pinnedBytes).toBe(0);
});

test('what was pinned longest ago gives way first, wherever it stands in a list', async () => {
  const residents = roomFor(3);
  const all = ['a', 'b', 'c'].map(unit);
  load(residents, all);
  await residents.readyOf(all);
  residents.unpin(all);
  for (const key of ['b', 'c', 'a']) {
    residents.pin([unit(key)]);
    residents.unpin([unit(key)]);
  }
  load(residents, [unit('d')]);
  expect(residents.count).toBe(3);
  expect(residents.pin(['a', 'c', 'd'].map(unit))).toEqual([]);
});

test('the version is another one where a unit has come, and the same where all were there', () => {
  const residents = roomFor(2);
  const { version } = residents;
  load(residents, [unit('a')]);
  expect(residents.version).toBeGreaterThan(version);
  const after = residents.version;
  load(residents, [unit('a')]);
  expect(residents.version).toBe(after);
});
