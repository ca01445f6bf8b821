import { expect, test } from 'vitest';
import type { Raster } from '../../../../client/chart/render/raster.js';
import { createSharedGpu } from '../../../../client/chart/render/shared-gpu.js';

/** A maker of rasters that counts them, and can take a context away. */
function maker() {
  const made: { lose: () => void; isDestroyed: boolean }[] = [];
  const make = async (onLost: () => void): Promise<Raster> => {
    const one = { lose: onLost, isDestroyed: false };
    made.push(one);
    return {
      draw: () => {
        throw new Error('Nothing is drawn here.');
      },
      destroy: () => (one.isDestroyed = true),
    };
  };
  return { made, make };
}

test('all charts share one context, which goes with the last of them', async () => {
  const { made, make } = maker();
  const gpu = createSharedGpu(make);
  const rasters = await Promise.all(Array.from({ length: 64 }, () => gpu.acquire(() => {})));
  expect(made).toHaveLength(1);
  for (const raster of rasters.slice(1)) raster.destroy();
  rasters[1]!.destroy();
  expect(made[0]!.isDestroyed).toBe(false);
  rasters[0]!.destroy();
  expect(made[0]!.isDestroyed).toBe(true);
  await gpu.acquire(() => {});
  expect(made).toHaveLength(2);
});

test('a lost context is told to every chart once and at once, and the next is a new one', async () => {
  const { made, make } = maker();
  const gpu = createSharedGpu(make);
  const lost: number[] = [];
  await Promise.all([0, 1, 2].map((chart) => gpu.acquire(() => lost.push(chart))));
  made[0]!.lose();
  expect(lost).toEqual([0, 1, 2]);
  await gpu.acquire(() => lost.push(3));
  made[0]!.lose();
  expect(lost).toHaveLength(3);
  expect(made).toHaveLength(2);
});

test('whoever is refused a context is so each time, and it is asked for each time', async () => {
  let asked = 0;
  const gpu = createSharedGpu(async () => {
    asked++;
    throw new Error('none');
  });
  await expect(gpu.acquire(() => {})).rejects.toThrow('none');
  await expect(gpu.acquire(() => {})).rejects.toThrow('none');
  expect(asked).toBe(2);
});

test('the rasters compete once a page', async () => {
  const { make } = maker();
  let races = 0;
  const gpu = createSharedGpu(make, () => ++races > 0);
  const raster = await gpu.acquire(() => {});
  expect([1, 2].map(() => gpu.isWorthIt(raster, raster, { width: 1, height: 1 }))).toEqual([
    true,
    true,
  ]);
  expect(races).toBe(1);
});
