import { describe, expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { answer, questionOf } from '../../../client/chart/question.js';
import type { ChartSpec } from '../../../client/chart/types.js';
import type { Ask, AskOptions } from '../../../client/data/ask.js';
import type { DecodedFrame } from '../../../client/data/frame.js';

const frameOf = (drawn: number): DecodedFrame =>
  ({ metadata: { rows: { drawn } } }) as unknown as DecodedFrame;

/** Asks a question whose estimate and answer come at once. */
async function asked(query: Partial<Query>): Promise<readonly DecodedFrame[]> {
  const ask: Ask = (_query: Query, { onEstimate }: AskOptions = {}) => {
    onEstimate?.(frameOf(1));
    return Promise.resolve(frameOf(2));
  };
  const frames: DecodedFrame[] = [];
  const { signal } = new AbortController();
  const put = (frame: DecodedFrame) => frames.push(frame);
  put(await answer(ask, query as Query, signal, put));
  return frames;
}

describe('the answer for a picture', () => {
  test('is the frame of its question, once it has been estimated', async () => {
    expect(await asked({ mark: 'line', y: 'a' })).toEqual([frameOf(1), frameOf(2)]);
  });

  test('names the columns of y as what the colors mean, in the estimate too', async () => {
    const frames = await asked({ mark: 'line', y: ['a', 'b'] });
    for (const { metadata } of frames) {
      expect(metadata.color).toMatchObject({ categories: [{ label: 'a' }, { label: 'b' }] });
    }
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
