import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDerivedStore, type DerivedHold } from '../../../server/memory/derived.js';
import { Residents } from '../../../server/memory/residents.js';
import { WaitingLine } from '../../../server/memory/waiting-line.js';

const PAGE = 64 * 1024;
/** An eighth of it is for what is derived: four pages. */
const BUDGET = 32 * PAGE;

let residents: Residents;
let line: WaitingLine;
let store: ReturnType<typeof createDerivedStore>;
beforeEach(() => {
  residents = new Residents({ budgetBytes: BUDGET });
  line = new WaitingLine();
  store = createDerivedStore(residents, line);
});
afterEach(() => vi.useRealTimers());

// Not whole pages, as bits seldom are.
const unit = (key: string, pages = 1) => ({ key, bytes: pages * PAGE - 100 });
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Holds units and has all that is missing made at once; tells what was missing. */
async function made(...keys: string[]): Promise<{ hold: DerivedHold; missing: string[] }> {
  const hold = store.hold(keys.map((key) => unit(key)))!;
  const missing = hold.missing.map(({ key }) => key);
  if (missing.length > 0) hold.setMaking(hold.missing, Promise.resolve());
  await hold.ready();
  await settled();
  return { hold, missing };
}

describe('what is made of columns', () => {
  test('is made once, and there for the next', async () => {
    const first = await made('a', 'b');
    expect(first.missing).toEqual(['a', 'b']);
    const second = await made('b', 'c');
    expect(second.missing).toEqual(['c']);
    expect(second.hold.spanOf(unit('b'))).toEqual(first.hold.spanOf(unit('b')));
    first.hold.release();
    second.hold.release();
    expect(residents.pinnedBytes).toBe(0);
  });

  test('gives way by its last use once it takes more than its share', async () => {
    for (const key of ['a', 'b', 'c', 'd']) (await made(key)).hold.release();
    (await made('a')).hold.release();
    (await made('e')).hold.release();
    expect(residents.usedBytes).toBe(4 * PAGE);
    expect((await made('a')).missing).toEqual([]);
    expect((await made('b')).missing).toEqual(['b']);
  });

  test('stays while it is held, whatever is asked for', async () => {
    const { hold } = await made('a', 'b', 'c', 'd');
    const other = await made('e', 'f');
    expect(residents.usedBytes).toBe(6 * PAGE);
    expect(store.hold([unit('g', 5)])).toBeUndefined();
    other.hold.release();
    hold.release();
    (await made('h')).hold.release();
    expect(residents.usedBytes).toBe(4 * PAGE);
  });

  test('gives way to columns, and is then missing again', async () => {
    (await made('a')).hold.release();
    const columns = [unit('column', 32)];
    expect(residents.pin(columns)).toEqual(columns);
    expect(store.hold([unit('a')])).toBeUndefined();
    residents.unpin(columns);
    expect((await made('a')).missing).toEqual(['a']);
  });

  test('never passes those who wait for columns', async () => {
    vi.useFakeTimers();
    const waiting = line.wait(() => undefined, { ms: 1000, signal: undefined });
    expect(store.hold([unit('a')])).toBeUndefined();
    vi.advanceTimersByTime(1000);
    await waiting;
    expect(store.hold([unit('a')])).toBeDefined();
  });

  test('lets those who wait have the memory that it gives back', async () => {
    const { hold } = await made('a', 'b');
    const columns = [unit('column', 31)];
    let got: unknown;
    const waiting = line
      .wait(() => residents.pin(columns), { ms: 60_000, signal: undefined })
      .then((found) => (got = found));
    await settled();
    expect(got).toBeUndefined();
    hold.release();
    await waiting;
    expect(got).toEqual(columns);
  });

  test('is nowhere where making it failed, and its memory is free when the last has let go', async () => {
    const hold = store.hold([unit('a')])!;
    const other = store.hold([unit('a')])!;
    expect(other.missing).toEqual([]);
    hold.setMaking(hold.missing, Promise.reject(new Error('No.')));
    await expect(hold.ready()).rejects.toThrow('No.');
    await expect(other.ready()).rejects.toThrow('No.');
    await settled();
    hold.release();
    expect(residents.usedBytes).toBe(PAGE);
    other.release();
    expect(residents.usedBytes).toBe(0);
    expect((await made('a')).missing).toEqual(['a']);
  });
});
