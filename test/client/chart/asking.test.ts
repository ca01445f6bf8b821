import { describe, expect, test } from 'vitest';
import { createAsking, type Asked } from '../../../client/chart/asking.js';
import { createTurns } from '../../../client/chart/take-turn.js';
import type { Ask } from '../../../client/data/ask.js';
import type { DecodedFrame } from '../../../client/data/frame.js';

const frameOf = (drawn: number): DecodedFrame =>
  ({ metadata: { rows: { drawn } } }) as unknown as DecodedFrame;
const estimated = ({ metadata }: DecodedFrame): DecodedFrame =>
  ({ metadata: { ...metadata, estimated: true } }) as unknown as DecodedFrame;

interface OnItsWay {
  signal: AbortSignal;
  estimate: (frame: DecodedFrame) => void;
  done: (frame: DecodedFrame) => void;
  fail: (error: Error) => void;
}

const turnsOfPage = () => createTurns((run) => setImmediate(run));

/** Questions whose answers come when they are told to. */
function start({ hasQuestion = true, turns = turnsOfPage(), drawing = Promise.resolve() } = {}) {
  const asked: OnItsWay[] = [];
  const heard: string[] = [];
  const ask: Ask = (_query, options) =>
    new Promise((done, fail) => {
      const { signal, onEstimate } = options!;
      const estimate = (frame: DecodedFrame): void => onEstimate!(estimated(frame));
      asked.push({ signal: signal!, estimate, done, fail });
    });
  const rows = ({ metadata }: DecodedFrame): number => metadata.rows.drawn;
  let moves = 0;
  const asking = createAsking<number>(
    asked,
    {
      ask,
      next: () =>
        hasQuestion
          ? ({ spec: {}, question: { mark: 'scatter' }, moves: ++moves } as unknown as Asked)
          : undefined,
      ready: () => Promise.resolve(),
      prepare: (_of, answer) => drawing.then(() => 2 * rows(answer)),
      onEstimate: (of, estimate, prepared) =>
        heard.push(`${of.moves}: about ${rows(estimate)}, ${prepared}`),
      onAnswer: (of, answer, prepared) => heard.push(`${of.moves}: ${rows(answer)}, ${prepared}`),
      onError: (of, error) => heard.push(`${of.moves}: ${(error as Error).message}`),
    },
    turns,
  );
  return { asking, asked, heard };
}

describe('the questions of a chart', () => {
  test('leave in the task that asks, and only the last is heard of', async () => {
    const { asking, asked, heard } = start();
    asking.schedule(0);
    asking.schedule(0);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(asking.count()).toBe(2);
    asked[1]!.done(frameOf(5));
    asked[0]!.done(frameOf(4));
    await expect.poll(() => heard).toEqual(['2: 5, 10']);
  });

  test('of charts that ask in one task leave in tasks of their own, and what was on its way is not heard of', async () => {
    const turns = turnsOfPage();
    const [first, second] = [start({ turns }), start({ turns })];
    second.asking.schedule(0);
    await new Promise(setImmediate);
    first.asking.schedule(0);
    second.asking.schedule(0);
    second.asking.schedule(0);
    expect([first.asked.length, second.asked.length]).toEqual([1, 1]);
    expect(second.asking.isWaiting()).toBe(true);
    second.asked[0]!.done(frameOf(4));
    await expect.poll(() => second.asked.length).toBe(2);
    second.asked[1]!.done(frameOf(5));
    await expect.poll(() => second.heard).toEqual(['2: 5, 10']);
    expect(second.asking.count()).toBe(2);
  });

  test('that wait for their turn leave no more when the chart is gone', async () => {
    const turns = turnsOfPage();
    const [first, second, third] = [start({ turns }), start({ turns }), start({ turns })];
    first.asking.schedule(0);
    second.asking.schedule(0);
    third.asking.schedule(0);
    second.asking.stop();
    await expect.poll(() => third.asked.length).toBe(1);
    expect([first.asked.length, second.asked.length]).toEqual([1, 0]);
  });

  test('may be estimated, but not after the answer, and not by a sample that found nothing', async () => {
    const { asking, asked, heard } = start();
    asking.schedule(0);
    asked[0]!.estimate(frameOf(0));
    asked[0]!.done(frameOf(2));
    await expect.poll(() => heard).toEqual(['1: 2, 4']);
    asking.schedule(0);
    asked[1]!.estimate(frameOf(7));
    await expect.poll(() => heard.at(-1)).toBe('2: about 7, 14');
    asked[1]!.done(frameOf(8));
    await expect.poll(() => heard.at(-1)).toBe('2: 8, 16');
    asked[1]!.estimate(frameOf(9));
    asking.schedule(0);
    asked[2]!.done(frameOf(1));
    await expect.poll(() => heard.at(-1)).toBe('3: 1, 2');
    expect(heard).toHaveLength(4);
  });

  test('that have failed are not estimated any more', async () => {
    let isDrawn = (): void => {};
    const drawing = new Promise<void>((resolve) => (isDrawn = resolve));
    const { asking, asked, heard } = start({ drawing });
    asking.schedule(0);
    asked[0]!.estimate(frameOf(7));
    asked[0]!.fail(new Error('gone'));
    await expect.poll(() => heard).toEqual(['1: gone']);
    isDrawn();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(heard).toEqual(['1: gone']);
  });

  test('are waited for until an answer, an estimate or an error is there', async () => {
    const { asking, asked, heard } = start();
    const ends: ((question: OnItsWay) => void)[] = [
      ({ estimate }) => estimate(frameOf(7)),
      ({ done }) => done(frameOf(8)),
      ({ fail }) => fail(new Error('no')),
    ];
    expect(asking.isWaiting()).toBe(false);
    for (const [at, end] of ends.entries()) {
      asking.schedule(0);
      expect(asking.isWaiting()).toBe(true);
      end(asked.at(-1)!);
      await expect.poll(() => heard.length).toBe(at + 1);
      expect(asking.isWaiting()).toBe(false);
    }
    asking.schedule(0);
    asking.schedule(0);
    asked.at(-2)!.done(frameOf(9));
    await Promise.resolve();
    expect(asking.isWaiting()).toBe(true);
  });

  test('tell of an error, unless another question has left or the chart is gone', async () => {
    const { asking, asked, heard } = start();
    asking.schedule(0);
    asked[0]!.fail(new Error('no'));
    await expect.poll(() => heard).toEqual(['1: no']);
    asking.schedule(0);
    asking.stop();
    asked[1]!.fail(new Error('gone'));
    asking.schedule(0);
    asked[2]!.done(frameOf(1));
    await expect.poll(() => heard).toEqual(['1: no', '3: 1, 2']);
  });

  test('wait where they are told to, and the last delay counts', async () => {
    const { asking, asked } = start();
    asking.schedule(1);
    asking.schedule(1);
    expect(asked).toHaveLength(0);
    await expect.poll(() => asked.length).toBe(1);
    expect(asking.count()).toBe(1);
  });

  test('are none where there is nothing to ask', () => {
    const { asking, asked } = start({ hasQuestion: false });
    asking.schedule(0);
    expect([asked.length, asking.count()]).toEqual([0, 0]);
  });
});
