import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Account } from '../../../server/memory/account.js';

describe('the account of memory', () => {
  test('never books more than its limit, and knows the most that it booked', () => {
    const step = fc.record({ kind: fc.constantFrom('touch', 'book', 'back'), bytes: fc.nat(60) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const account = new Account({ limitBytes: 100, scratchShare: 0.25 });
        const booked: number[] = [];
        let most = 0;
        for (const { kind, bytes } of steps) {
          if (kind === 'touch') account.touch(bytes);
          else if (kind === 'book' && account.book(bytes)) booked.push(bytes);
          else if (kind === 'back' && booked.length > 0) account.giveBack(booked.pop()!);
          const scratch = booked.reduce((sum, one) => sum + one, 0);
          expect(account.scratchBytes).toBe(scratch);
          most = Math.max(most, account.touchedBytes + scratch);
          expect(account.touchedBytes).toBeLessThanOrEqual(75);
          expect(account.touchedBytes + scratch).toBeLessThanOrEqual(100);
          expect(account.peakBytes).toBe(most);
        }
      }),
    );
  });

  test('leaves requests the share that columns never take, and what columns have not used', () => {
    const account = new Account({ limitBytes: 100, scratchShare: 0.25 });
    expect(account.touch(76)).toBe(false);
    expect(account.touch(40)).toBe(true);
    expect([account.scratchRoomBeside(0), account.scratchRoomBeside(50)]).toEqual([60, 50]);
    expect(account.book(60)).toBe(true);
    expect(account.touch(1)).toBe(false);
    account.giveBack(60);
    expect(account.touch(35)).toBe(true);
  });

  test('takes no more back than it gave', () => {
    const account = new Account({ limitBytes: 100 });
    account.book(10);
    expect(() => account.giveBack(11)).toThrow('Expected at most 10 bytes back, got 11.');
  });
});
