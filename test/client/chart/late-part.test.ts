import { expect, test, vi } from 'vitest';
import { createLatePart, type ChartPart } from '../../../client/chart/late-part.js';

const partOf = () => ({
  place: vi.fn<(where: string | undefined) => void>(),
  destroy: vi.fn<() => void>(),
});

test('a part is loaded when it first has a place, and stands where it was put last', async () => {
  const part = partOf();
  const load = vi.fn<() => Promise<ChartPart<string>>>(() => Promise.resolve(part));
  const late = createLatePart(load);
  late.place(undefined);
  expect(load).not.toHaveBeenCalled();
  late.place('left');
  late.place('right');
  await late.loaded();
  expect(load).toHaveBeenCalledTimes(1);
  expect(part.place.mock.calls).toEqual([['right']]);
  late.place(undefined);
  expect(part.place).toHaveBeenLastCalledWith(undefined);
});

test('where its script cannot be had the next place tries again', async () => {
  const part = partOf();
  let isAway = true;
  const late = createLatePart(() =>
    isAway ? Promise.reject(new Error('away')) : Promise.resolve(part),
  );
  late.place('left');
  await late.loaded();
  isAway = false;
  late.place('right');
  await late.loaded();
  expect(part.place.mock.calls).toEqual([['right']]);
});

test('a chart that is gone places nothing any more', async () => {
  const part = partOf();
  const late = createLatePart(() => Promise.resolve(part));
  late.place('left');
  await late.loaded();
  late.destroy();
  late.place('right');
  expect(part.place.mock.calls).toEqual([['left']]);
});

test('a chart that goes while the script loads keeps nothing of the part', async () => {
  const part = partOf();
  const late = createLatePart(() => Promise.resolve(part));
  late.place('left');
  late.destroy();
  await late.loaded();
  expect(part.place).not.toHaveBeenCalled();
  expect(part.destroy).toHaveBeenCalledTimes(1);
});
