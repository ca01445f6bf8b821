import { expect, test, vi } from 'vitest';
import { createPictureFirst } from '../../../../client/app/state/picture-first.js';

/** Remembers what is to run with the next frame, and the order in which waiters go. */
function setUp() {
  const frames: (() => void)[] = [];
  const first = createPictureFirst((run) => void frames.push(run));
  const frame = (): void => frames.splice(0).forEach((run) => run());
  const gone: string[] = [];
  const wait = async (name: string): Promise<void> => {
    await first.wait();
    gone.push(name);
  };
  const paint = (): void => {
    frame();
    frame();
  };
  return { first, gone, wait, frame, paint };
}

test('nothing waits while no picture is on its way', async () => {
  const { first } = setUp();
  await first.wait();
  first.follow('exact');
  await first.wait();
});

test('what is asked with a picture goes when the picture is painted', async () => {
  const { first, gone, wait, paint } = setUp();
  first.follow('loading');
  const all = Promise.all([wait('table'), wait('list')]);
  first.follow('exact');
  await Promise.resolve();
  expect(gone).toEqual([]);
  paint();
  await all;
  expect(gone).toEqual(['table', 'list']);
});

test('the paint of an old picture lets nothing go before the next one', async () => {
  const { first, gone, wait, paint } = setUp();
  first.follow('loading');
  first.follow('exact');
  first.follow('moving');
  const table = wait('table');
  paint();
  await Promise.resolve();
  expect(gone).toEqual([]);
  first.follow('empty');
  paint();
  await table;
});

test('a picture that fails, and a chart that goes away, hold nothing back', async () => {
  const { first, wait, paint } = setUp();
  first.follow('loading');
  const one = wait('one');
  first.follow('error');
  paint();
  await one;
  first.follow('loading');
  const two = wait('two');
  first.release();
  await two;
  await wait('three');
});

test('a picture that takes long is not waited for', async () => {
  vi.useFakeTimers();
  try {
    const { first, gone, wait } = setUp();
    first.follow('loading');
    const table = wait('table');
    await vi.advanceTimersByTimeAsync(399);
    expect(gone).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await table;
  } finally {
    vi.useRealTimers();
  }
});

test('what belongs to a picture runs with its frame, and now where none is on its way', () => {
  const { first, gone, frame } = setUp();
  first.withPicture(() => gone.push('entry'));
  expect(gone).toEqual(['entry']);
  first.follow('loading');
  first.withPicture(() => gone.push('next entry'));
  first.follow('exact');
  expect(gone).toEqual(['entry']);
  frame();
  expect(gone).toEqual(['entry', 'next entry']);
  frame();
  expect(gone).toHaveLength(2);
});

test('what belongs to a picture that takes long runs without it, once', () => {
  vi.useFakeTimers();
  try {
    const { first, gone, paint } = setUp();
    first.follow('loading');
    first.withPicture(() => gone.push('entry'));
    vi.advanceTimersByTime(400);
    expect(gone).toEqual(['entry']);
    first.follow('exact');
    paint();
    expect(gone).toEqual(['entry']);
  } finally {
    vi.useRealTimers();
  }
});
