import { describe, expect, test } from 'vitest';
import { asCompleted } from '../../../server/frames/as-completed.js';

/** Work that ends when it is told to. */
function handWork() {
  const ends: ((value: string) => void)[] = [];
  return {
    begun: () => ends.length,
    work: (item: string) =>
      new Promise<string>((resolve) => {
        ends.push(() => resolve(item));
      }),
    end: (index: number) => ends[index]!(''),
  };
}

describe('asCompleted', () => {
  test('gives results in the order in which they are ready', async () => {
    const { work, end } = handWork();
    const results = asCompleted(['a', 'b', 'c'], 3, work);
    const first = results.next();
    end(2);
    expect((await first).value).toBe('c');
    end(0);
    expect((await results.next()).value).toBe('a');
    end(1);
    expect((await results.next()).value).toBe('b');
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  test('begins no more than it may, until what is ready was taken', async () => {
    const { work, end, begun } = handWork();
    const results = asCompleted(['a', 'b', 'c', 'd'], 2, work);
    const first = results.next();
    expect(begun()).toBe(2);
    end(0);
    end(1);
    await first;
    expect(begun()).toBe(2);
    const second = results.next();
    expect(begun()).toBe(3);
    await second;
    expect(begun()).toBe(3);
    await results.return();
    expect(begun()).toBe(3);
  });

  test('gives nothing for nothing, and keeps the place of each item', async () => {
    const places: number[] = [];
    const all = async (items: string[]) => {
      const found: string[] = [];
      for await (const one of asCompleted(items, 8, async (item, index) => {
        places.push(index);
        return item;
      }))
        found.push(one);
      return found;
    };
    expect(await all([])).toEqual([]);
    expect((await all(['x', 'y', 'z'])).sort()).toEqual(['x', 'y', 'z']);
    expect(places).toEqual([0, 1, 2]);
  });
});
