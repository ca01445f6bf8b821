import { describe, expect, test } from 'vitest';
import type { Grid } from '../../../../client/chart/render/grid.js';
import {
  shareWorkerRaster,
  type Drawn,
  type ToDraw,
} from '../../../../client/chart/render/worker-raster.js';

const STYLE = { radius: 1.5, opacity: 0.5, color: [1, 2, 3] } as const;
const gridOf = (): Grid => ({ width: 2, height: 1, counts: Uint32Array.of(3, 4) });

/** A worker that answers when it is told to. */
class SlowWorker extends EventTarget {
  asked: ToDraw[] = [];
  isOver = false;
  postMessage(message: ToDraw, transfer: ArrayBuffer[]): void {
    this.asked.push(structuredClone(message, { transfer }));
  }
  terminate(): void {
    this.isOver = true;
  }
  tell(data: Drawn | 'ready'): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
  /** Draws what was asked for at `place`. */
  answer(place: number): ImageBitmap {
    const { id, grid } = this.asked[place]!;
    const bitmap = { width: grid.width } as ImageBitmap;
    this.tell({ id, grid, bitmap });
    return bitmap;
  }
}

function start() {
  const workers: SlowWorker[] = [];
  const shared = shareWorkerRaster(() => {
    const worker = new SlowWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  });
  return { shared, workers };
}

describe('the raster in a worker', () => {
  test('takes the memory of a grid and gives it back with the picture, in any order', async () => {
    const { shared, workers } = start();
    const raster = shared.acquire();
    workers[0]!.tell('ready');
    const [first, second] = [gridOf(), gridOf()];
    const pictures = [raster.draw(first, STYLE), raster.draw(second, STYLE)];
    expect(first.counts).toHaveLength(0);
    const drawn = [workers[0]!.answer(1), workers[0]!.answer(0)];
    expect(await pictures[0]).toBe(drawn[1]);
    expect(await pictures[1]).toBe(drawn[0]);
    expect([...first.counts, ...second.counts]).toEqual([3, 4, 3, 4]);
  });

  test('draws nothing before it has started, and leaves the grid alone', () => {
    const { shared } = start();
    const grid = gridOf();
    expect(shared.acquire().draw(grid, STYLE)).toBeUndefined();
    expect([...grid.counts]).toEqual([3, 4]);
  });

  test('is one for all, and ends with the last of them', () => {
    const { shared, workers } = start();
    const [one, other] = [shared.acquire(), shared.acquire()];
    expect(workers).toHaveLength(1);
    one.release();
    one.release();
    expect(workers[0]!.isOver).toBe(false);
    other.release();
    expect(workers[0]!.isOver).toBe(true);
    shared.acquire();
    expect(workers).toHaveLength(2);
  });

  test('gives no picture where the worker fails, now and from then on', async () => {
    const { shared, workers } = start();
    const raster = shared.acquire();
    workers[0]!.tell('ready');
    const picture = raster.draw(gridOf(), STYLE);
    workers[0]!.dispatchEvent(new Event('error'));
    expect(await picture).toBeUndefined();
    expect(raster.draw(gridOf(), STYLE)).toBeUndefined();
    expect(shared.acquire().draw(gridOf(), STYLE)).toBeUndefined();
    expect(workers).toHaveLength(1);
  });

  test('does without where no worker may be started', () => {
    const shared = shareWorkerRaster(() => {
      throw new Error('The page forbids workers.');
    });
    expect(shared.acquire().draw(gridOf(), STYLE)).toBeUndefined();
  });
});
