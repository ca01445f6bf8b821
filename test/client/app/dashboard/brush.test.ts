import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { createBrush, type Brush, type LoadCubes } from '../../../../client/app/dashboard/brush.js';
import type { Cube } from '../../../../client/cube/read-cube.js';
import type { Ask, AskOptions } from '../../../../client/data/ask.js';
import type { DecodedFrame } from '../../../../client/data/frame.js';
import type { Filter, Query } from '../../../../protocol/query.js';

const MIB = 1024 * 1024;

const metadata = {
  dataset: 'orders',
  snapshot: 's1',
  domain: { x: [0, 100] },
  scale: { x: 'linear' },
  method: 'histogram',
  rows: { total: 9 },
};
const frame = { metadata, columns: [], byteLength: 100 } as unknown as DecodedFrame;
const ask: Ask = () => Promise.resolve({ ...frame });
const range: Filter[] = [{ op: 'range', column: 'delay', min: 10, max: 20 }];

/** Has three charts ask for what they show where `delay` is from `min` on. */
async function show(brush: Brush, min: number): Promise<void> {
  const filters: Filter[] = [{ op: 'range', column: 'amount', min }];
  for (const id of ['a', 'b', 'c']) {
    const query: Query = { dataset: 'orders', snapshot: 's1', mark: 'histogram', x: id, filters };
    await brush.askFor(id, ask, () => 'histogram')(query);
  }
}

/** Brushes in the chart `a` that filter `b` and `c`, and what they ask for. */
function createBrushed(cubeOf: (id: string) => Cube) {
  const requests: { ids: string[]; signal: AbortSignal }[] = [];
  const load: LoadCubes = async ({ views }, take, signal) => {
    requests.push({ ids: views.map(({ id }) => id), signal });
    await Promise.resolve();
    signal.throwIfAborted();
    for (const { id } of views) take(id, frame, cubeOf(id));
  };
  const linked = (): string[] => ['b', 'c'];
  return { brush: createBrush({ linked, selectionOf: () => [], load }), requests };
}

const cubeOfBytes = (bytes: number): Cube =>
  ({ counts: new Uint8Array(bytes), extremes: null }) as unknown as Cube;

/** A cube of one bin on ten cells of `delay`. */
const cubeOfTen = (): Cube => {
  const active = { x: 'delay', domain: { x: [0, 100] }, scale: { x: 'linear' }, width: 10 };
  const info = { active, op: 'count', bins: 1, stride: 4 };
  return { info, counts: new Uint32Array(44), values: null, extremes: null } as unknown as Cube;
};

const arrived = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

test('asks again for a cube that was too large to keep, and for no other', async () => {
  const { brush, requests } = createBrushed((id) => cubeOfBytes(id === 'b' ? 40 * MIB : MIB));
  await show(brush, 0);
  for (const _ of ['first', 'second']) {
    brush.move({ chart: 'a', filters: range });
    await arrived();
    expect(brush.filtersFor('b')).toBe(brush.active.value);
    brush.end();
  }
  expect(requests.map(({ ids }) => ids)).toEqual([['b', 'c'], ['b']]);
});

test('a chart that was answered by cells asks again when the brush ends, and no other does', async () => {
  const { brush } = createBrushed(cubeOfTen);
  await show(brush, 0);
  brush.move({ chart: 'a', filters: range });
  await arrived();
  const query: Query = { dataset: 'orders', snapshot: 's1', mark: 'histogram', x: 'b' };
  await brush.askFor('b', ask, () => 'histogram')(query);
  await brush.askFor('c', ask, () => 'line')({ ...query, x: 'c' });
  const attempts = (): number[] => ['a', 'b', 'c'].map((id) => brush.attemptOf(id));
  // What an empty chart asks to be of help is not its picture.
  await brush.askFor('b', ask, () => 'histogram')({ ...query, mark: 'value' });
  expect(attempts()).toEqual([0, 0, 0]);
  brush.end();
  expect(attempts()).toEqual([0, 1, 0]);
  await brush.askFor('b', ask, () => 'histogram')(query);
  brush.end();
  expect(attempts()).toEqual([0, 1, 0]);
});

test('waits for cubes no longer than the brush is being made, and asks again for those that had not come', async () => {
  const { brush, requests } = createBrushed(() => cubeOfBytes(1));
  await show(brush, 0);
  const aborted = () => requests.map(({ signal }) => signal.aborted);
  brush.move({ chart: 'a', filters: range });
  expect(aborted()).toEqual([false]);
  brush.end();
  expect(aborted()).toEqual([true]);
  brush.move({ chart: 'a', filters: range });
  expect(requests.map(({ ids }) => ids)).toEqual([
    ['b', 'c'],
    ['b', 'c'],
  ]);
  brush.move({ chart: 'b', filters: range });
  expect(aborted()).toEqual([true, true, false]);
});

test('asks once for what has no cube', async () => {
  const requests: string[][] = [];
  const load: LoadCubes = ({ views }) => {
    requests.push(views.map(({ id }) => id));
    return Promise.resolve();
  };
  const brush = createBrush({ linked: () => ['b'], selectionOf: () => [], load });
  await show(brush, 0);
  for (const _ of ['first', 'second']) {
    brush.move({ chart: 'a', filters: range });
    await arrived();
    brush.end();
  }
  expect(requests).toEqual([['b']]);
});

test('asks anew after half a minute without a brush, and not before', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { brush, requests } = createBrushed(() => cubeOfBytes(1));
  await show(brush, 0);
  for (const restMs of [29_000, 29_000, 31_000, 0]) {
    brush.move({ chart: 'a', filters: range });
    await arrived();
    // However long it is being made, it keeps what it has.
    vi.advanceTimersByTime(60_000);
    expect(brush.filtersFor('b')).toBe(brush.active.value);
    brush.end();
    vi.advanceTimersByTime(restMs);
  }
  vi.useRealTimers();
  expect(requests.map(({ ids }) => ids)).toEqual([
    ['b', 'c'],
    ['b', 'c'],
  ]);
});

test('holds no more after two hundred brushes than after twenty', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const cubes: WeakRef<Cube>[] = [];
  const { brush } = createBrushed(() => {
    const cube = cubeOfBytes(MIB);
    cubes.push(new WeakRef(cube));
    return cube;
  });
  const held: number[] = [];
  for (let step = 1; step <= 200; step++) {
    await show(brush, step);
    brush.move({ chart: 'a', filters: range });
    await arrived();
    brush.end();
    if (step % 20 > 0) continue;
    await arrived();
    collect();
    held.push(cubes.filter((cube) => cube.deref() !== undefined).length);
  }
  expect(cubes).toHaveLength(400);
  expect(Math.max(...held)).toBeLessThanOrEqual(8);
});

test('filters a chart without a cube anew once it has been answered, by an estimate at least', async () => {
  vi.useFakeTimers();
  const load: LoadCubes = () => Promise.resolve();
  const brush = createBrush({ linked: () => ['b'], selectionOf: () => [], load });
  const steps = [10, 20, 30].map((max) => ({
    chart: 'a',
    filters: [{ op: 'range', column: 'delay', max } as Filter],
  }));
  const query: Query = { dataset: 'orders', snapshot: 's1', mark: 'line', x: 'at', y: 'delay' };
  let estimated: (() => void) | undefined;
  const slow: Ask = (_, options) => {
    estimated = () => options!.onEstimate!(frame);
    return new Promise(() => undefined);
  };
  const seen: DecodedFrame[] = [];
  brush.move(steps[0]!);
  void brush.askFor('b', slow, () => 'line')(query, { onEstimate: (each) => seen.push(each) });
  brush.move(steps[1]!);
  brush.move(steps[2]!);
  vi.advanceTimersByTime(400);
  expect(brush.filtersFor('b')).toBe(steps[0]);
  estimated!();
  expect(seen).toEqual([frame]);
  expect(brush.filtersFor('b')).toBe(steps[2]);
  brush.end();
  vi.useRealTimers();
});

test('has what is exact behind an estimate wait until the brush holds still', async () => {
  vi.useFakeTimers();
  const load: LoadCubes = () => Promise.resolve();
  const brush = createBrush({ linked: () => ['b'], selectionOf: () => [], load });
  const query: Query = { dataset: 'orders', snapshot: 's1', mark: 'line', x: 'at', y: 'delay' };
  const told: AskOptions[] = [];
  const follow: Ask = (_, options) => {
    told.push(options!);
    return Promise.resolve(frame);
  };
  const askLine = brush.askFor('b', follow, () => 'line');
  brush.move({ chart: 'a', filters: range });
  await askLine(query, { onEstimate: () => undefined });
  let isHeld = false;
  void told[0]!.beforeExact!().then(() => (isHeld = true));
  await vi.advanceTimersByTimeAsync(140);
  expect(isHeld).toBe(false);
  await vi.advanceTimersByTimeAsync(20);
  expect(isHeld).toBe(true);
  brush.end();
  await askLine(query, { onEstimate: () => undefined });
  expect(told[1]!.beforeExact).toBe(undefined);
  vi.useRealTimers();
});
