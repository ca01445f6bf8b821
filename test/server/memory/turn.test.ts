import { describe, expect, test } from 'vitest';
import { Turn } from '../../../server/memory/turn.js';

describe('a turn', () => {
  test('is one’s alone, in the order of asking', async () => {
    const turn = new Turn();
    const order: number[] = [];
    const end = await turn.take();
    const later = [1, 2].map(async (n) => {
      const endOwn = await turn.take();
      order.push(n);
      endOwn();
    });
    await Promise.resolve();
    expect(order).toEqual([]);
    end();
    await Promise.all(later);
    expect(order).toEqual([1, 2]);
  });

  test('passes by those who withdraw', async () => {
    const turn = new Turn();
    const end = await turn.take();
    const controller = new AbortController();
    const withdrawn = turn.take(controller.signal);
    const next = turn.take();
    controller.abort(new Error('gone'));
    await expect(withdrawn).rejects.toThrow('gone');
    end();
    (await next)();
    await expect(turn.take(controller.signal)).rejects.toThrow('gone');
    (await turn.take())();
  });
});
