import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { paintOnce } from '../../../../client/chart/marks/paint-once.js';
import type { Stage } from '../../../../client/chart/picture.js';

const VIEW = { x: [0, 100], y: [0, 10] } as const;
const at = (x: readonly [number, number], y: readonly [number, number] = [0, 10]): Stage => ({
  width: 200,
  height: 100,
  ratio: 1,
  view: { x, y },
});

beforeEach(() => {
  vi.stubGlobal('document', { createElement: () => ({ getContext: () => 'of the painting' }) });
});
afterEach(() => vi.unstubAllGlobals());

function start() {
  const paint = vi.fn<(context: CanvasRenderingContext2D, stage: Stage) => void>();
  const drawImage = vi.fn<(canvas: unknown, x: number, y: number) => void>();
  const context = { drawImage } as unknown as CanvasRenderingContext2D;
  const painted = paintOnce(VIEW, paint);
  return { paint, drawImage, context, put: (stage: Stage) => painted(context, stage) };
}

test('axes that move have the painting of the own view, at whole pixels', () => {
  const { paint, drawImage, put } = start();
  put(at([0, 100]));
  put(at([10.1, 110.1]));
  put(at([-50, 50], [1, 11]));
  expect(paint.mock.calls).toEqual([['of the painting', at([0, 100])]]);
  expect(drawImage.mock.calls.map(([, ...place]) => place)).toEqual([
    [0, 0],
    [-20, 0],
    [100, 10],
  ]);
});

test('at another zoom marks are painted anew, with what lies beyond the own view', () => {
  const { paint, drawImage, context, put } = start();
  put(at([0, 50]));
  put(at([0, 100], [2, 4]));
  expect(paint.mock.calls).toEqual([
    [context, at([0, 50])],
    [context, at([0, 100], [2, 4])],
  ]);
  expect(drawImage).not.toHaveBeenCalled();
});

test('another size or density of pixels has a painting of its own', () => {
  const { paint, put } = start();
  put(at([0, 100]));
  put({ ...at([0, 100]), width: 201 });
  put({ ...at([0, 100]), width: 201, ratio: 2 });
  put({ ...at([5, 105]), width: 201, ratio: 2 });
  expect(paint).toHaveBeenCalledTimes(3);
});
