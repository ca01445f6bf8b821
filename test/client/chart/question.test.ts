import { describe, expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { answer, questionOf, type Answer } from '../../../client/chart/question.js';
import type { ChartSpec } from '../../../client/chart/types.js';
import type { Ask, AskOptions } from '../../../client/data/ask.js';
import type { DecodedFrame } from '../../../client/data/frame.js';

interface OnItsWay {
  /** `mean`, or the share below a quantile. */
  of: string;
  estimate: (id: string) => void;
  done: (id: string) => void;
}

const frameOf = (id: string, estimated: boolean): DecodedFrame =>
  ({ id, metadata: { estimated, rows: { drawn: 1 } } }) as unknown as DecodedFrame;
const idsOf = ({ frame, band }: Answer): string[] =>
  [frame, ...(band ? [band.low, band.high] : [])].map(
    (each) => (each as never as { id: string }).id,
  );

/** Asks for a line whose frames come when they are told to. */
function start({ band }: { band: boolean }) {
  const asked: OnItsWay[] = [];
  const estimates: string[][] = [];
  const ask: Ask = ({ aggregate }: Query, { onEstimate }: AskOptions = {}) =>
    new Promise((resolve) => {
      asked.push({
        of: String(aggregate?.p ?? aggregate?.op),
        estimate: (id) => onEstimate?.(frameOf(id, true)),
        done: (id) => resolve(frameOf(id, false)),
      });
    });
  const query = { mark: 'line', y: 'a', aggregate: { op: 'mean', column: 'a' } } as Query;
  const exact = answer(
    ask,
    { query, band } as ChartSpec,
    query,
    new AbortController().signal,
    (estimate) => estimates.push(idsOf(estimate)),
  ).then(idsOf);
  return { asked, estimates, exact };
}

describe('the answer for a picture', () => {
  test('has a line and both ends of the band around it', async () => {
    const { asked, exact } = start({ band: true });
    expect(asked.map(({ of }) => of)).toEqual(['mean', '0.1', '0.9']);
    for (const { of, done } of asked) done(of);
    expect(await exact).toEqual(['mean', '0.1', '0.9']);
    const alone = start({ band: false });
    alone.asked[0]!.done('mean');
    expect(await alone.exact).toEqual(['mean']);
  });

  test('is estimated once, when every frame is there, from a sample or exact', async () => {
    const { asked, estimates, exact } = start({ band: true });
    const [mean, low, high] = asked;
    high!.estimate('about 0.9');
    mean!.estimate('about the mean');
    expect(estimates).toEqual([]);
    low!.done('0.1');
    await expect.poll(() => estimates).toEqual([['about the mean', '0.1', 'about 0.9']]);
    mean!.done('mean');
    high!.done('0.9');
    expect(await exact).toEqual(['mean', '0.1', '0.9']);
    expect(estimates).toHaveLength(1);
  });

  test('is not estimated where the line itself is exact: the picture is called what the line is', async () => {
    const { asked, estimates, exact } = start({ band: true });
    const [mean, low, high] = asked;
    mean!.done('mean');
    await Promise.resolve();
    low!.estimate('about 0.1');
    high!.estimate('about 0.9');
    low!.done('0.1');
    high!.done('0.9');
    expect(await exact).toEqual(['mean', '0.1', '0.9']);
    expect(estimates).toEqual([]);
  });
});

describe('the question of a line of rows', () => {
  const area = { left: 0, top: 0, width: 400, height: 200, pixelWidth: 800, pixelHeight: 400 };
  const line = { mark: 'line', x: 'a', y: 'b' } as Query;
  const strokeOf = (query: Query, stroke?: number, pixels = 1): number | undefined =>
    questionOf(
      { query, ...(stroke === undefined ? {} : { style: { stroke } }) } as ChartSpec,
      {},
      {
        ...area,
        pixelWidth: area.pixelWidth * pixels,
      },
    ).stroke;

  test('tells how wide its stroke is in device pixels, as wide as one may ask for at most', () => {
    expect(strokeOf(line)).toBe(3);
    expect(strokeOf(line, 0.5)).toBe(1);
    expect(strokeOf(line, 16)).toBe(32);
    expect(strokeOf(line, 16, 3)).toBe(64);
  });

  test('tells it where the rows that are drawn follow from it, and nowhere else', () => {
    expect(strokeOf({ ...line, method: 'm4' }, 4)).toBeUndefined();
    expect(strokeOf({ ...line, x: { column: 'a', bin: 2 } }, 4)).toBeUndefined();
    expect(strokeOf({ ...line, mark: 'scatter' }, 4)).toBeUndefined();
  });
});
