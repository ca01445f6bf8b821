import { expect, test } from 'vitest';
import { createLoadLanes } from '../../../server/catalog/load-lanes.js';
import { HalftoneError } from '../../../server/errors.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import { fakeSnapshot } from '../helpers.js';

/** A snapshot whose load gave so many bytes in so many milliseconds. */
function loaded(bytes: number, elapsedMs: number): Snapshot {
  const { manifest, ...snapshot } = fakeSnapshot('a');
  const segments = [{ bytes }] as unknown as typeof manifest.segments;
  return {
    ...snapshot,
    manifest: { ...manifest, segments, report: { ...manifest.report, elapsedMs } },
  };
}

const small = loaded(1e6, 500);
const { signal } = new AbortController();
const never = (): Promise<never> => new Promise(() => undefined);
const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what was small is loaded while a large load goes on', async () => {
  const lanes = createLoadLanes(1);
  void lanes.run(loaded(1e10, 500), never, signal);
  expect(await lanes.run(small, async (isSmall) => isSmall, signal)).toBe(true);
});

test('what is large, was slow, or was never loaded waits for the others', async () => {
  for (const previous of [loaded(1e9, 500), loaded(1e6, 60_000), undefined]) {
    const lanes = createLoadLanes(1);
    const begun: boolean[] = [];
    void lanes.run(undefined, never, signal);
    void lanes.run(previous, async (isSmall) => begun.push(isSmall), signal);
    await later();
    expect(begun).toEqual([]);
  }
  expect(await createLoadLanes(1).run(undefined, async (isSmall) => isSmall, signal)).toBe(false);
});

test('small ones are loaded one at a time, in order', async () => {
  const lanes = createLoadLanes(4);
  const told: string[] = [];
  await Promise.all(
    ['a', 'b', 'c'].map((name) =>
      lanes.run(
        small,
        async () => {
          told.push(`${name} begins`);
          await later();
          told.push(`${name} ends`);
        },
        signal,
      ),
    ),
  );
  expect(told).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('one that has grown beyond its memory is loaded once more among all others, and any other failure is none of that', async () => {
  const lanes = createLoadLanes(1);
  const tries: boolean[] = [];
  const grown = async (isSmall: boolean): Promise<string> => {
    tries.push(isSmall);
    if (isSmall) throw new HalftoneError('LOAD_OUT_OF_MEMORY', 'It took more memory than it may.');
    return 'loaded';
  };
  expect(await lanes.run(small, grown, signal)).toBe('loaded');
  expect(tries).toEqual([true, false]);
  tries.length = 0;
  const corrupt = async (isSmall: boolean): Promise<void> => {
    tries.push(isSmall);
    throw new HalftoneError('SOURCE_CORRUPT', 'It is damaged.');
  };
  await expect(lanes.run(small, corrupt, signal)).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' });
  expect(tries).toEqual([true]);
});
