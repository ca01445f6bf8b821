import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Slabs } from '../../../server/memory/slabs.js';
import type { Span } from '../../../workers/columns.js';

const PAGE = 64 * 1024;

describe('slabs', () => {
  test('hand out runs that never overlap, within the budget, and use them again', () => {
    const command = fc.oneof(
      fc.record({ take: fc.integer({ min: 1, max: 40 * PAGE }) }),
      fc.record({ free: fc.nat(1000) }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
        const slabs = new Slabs({ budgetBytes: 100 * PAGE + 17, slabBytes: 32 * PAGE });
        const live: Span[] = [];
        for (const step of commands) {
          if ('take' in step) {
            const run = slabs.allocate(step.take);
            if (run !== undefined) {
              expect(run.length).toBeGreaterThanOrEqual(step.take);
              expect(run.offset + run.length).toBeLessThanOrEqual(
                slabs.buffers[run.slab]!.byteLength,
              );
              for (const other of live) expect(overlap(run, other)).toBe(false);
              live.push(run);
            }
          } else if (live.length > 0) {
            slabs.free(live.splice(step.free % live.length, 1)[0]!);
          }
          const allocated = slabs.buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
          expect(allocated).toBeLessThanOrEqual(100 * PAGE);
          expect(slabs.usedBytes).toBe(live.reduce((sum, { length }) => sum + length, 0));
        }
        for (const run of live) slabs.free(run);
        expect(slabs.usedBytes).toBe(0);
      }),
    );
  });

  test('have room again after everything was freed', () => {
    const slabs = new Slabs({ budgetBytes: 8 * PAGE });
    const runs = Array.from({ length: 8 }, () => slabs.allocate(PAGE)!);
    expect(slabs.allocate(1)).toBeUndefined();
    for (const run of runs) slabs.free(run);
    expect(slabs.allocate(8 * PAGE)).toEqual({ slab: 0, offset: 0, length: 8 * PAGE });
  });

  test('refuse to free what is not taken', () => {
    const slabs = new Slabs({ budgetBytes: 8 * PAGE });
    const run = slabs.allocate(PAGE)!;
    slabs.free(run);
    expect(() => slabs.free(run)).toThrow('Expected page 0 of slab 0 to be taken.');
  });
});

function overlap(a: Span, b: Span): boolean {
  return a.slab === b.slab && a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}
