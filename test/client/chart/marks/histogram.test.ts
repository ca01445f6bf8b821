import { tableFromArrays, tableToIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildPicture } from '../../../../client/chart/build-picture.js';
import { wholeBins } from '../../../../client/chart/marks/histogram.js';
import type { ChartDomain } from '../../../../client/chart/types.js';
import { readStream } from '../../../../client/data/arrow/read-stream.js';
import type { DecodedFrame } from '../../../../client/data/frame.js';
import { LIGHT } from '../../../../client/theme.js';
import type { FrameMetadata } from '../../../../protocol/frame.js';
import type { Query } from '../../../../protocol/query.js';

test('the bins across both ends are shown whole, and those beyond are not', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 9, noNaN: true }), fc.double({ min: 0.5, max: 9, noNaN: true }), (low, length) => {
      const starts = Array.from({ length: 20 }, (_, i) => i);
      const shown = wholeBins([low, low + length], starts, starts.map((start) => start + 1));
      expect(shown).toEqual([Math.floor(low), Math.ceil(low + length)]);
    }),
  ); // prettier-ignore
});

test('a bin from zero does not take a log axis to where it has no place', () => {
  const [starts, ends] = [
    [-Infinity, 1, 1.3],
    [1, 1.3, 1.6],
  ];
  expect(wholeBins([0.5, 1.4], starts, ends)).toEqual([0.5, 1.6]);
});

describe('of bins that reach beyond the rows', () => {
  const query: Query = { dataset: 'd', mark: 'histogram', x: 'a' };

  function shownOf(
    asked: ChartDomain,
    { wholeBins: isWhole, outside = 0 }: { wholeBins?: boolean; outside?: number },
  ) {
    const bins = tableFromArrays({ lo: [0, 5, 10], hi: [5, 10, 15], count: [1, 2, 3] });
    const metadata = {
      domain: { x: [1, 12] },
      scale: { x: 'linear' },
      unit: { x: 'number' },
      rows: { outside },
    };
    const frame: DecodedFrame = {
      metadata: metadata as unknown as FrameMetadata,
      columns: readStream(tableToIPC(bins, 'stream')).columns,
      length: 3,
      byteLength: 0,
      timing: {},
    };
    return buildPicture({
      spec: {
        query,
        domain: { x: [1, 12] },
        ...(isWhole === undefined ? {} : { wholeBins: isWhole }),
      },
      question: query,
      domain: asked,
      frame,
      theme: LIGHT,
      ratio: 1,
      chartWidth: 300,
      chartHeight: 300,
      plotHeight: 200,
      measure: (text) => text.length,
    }).view.x;
  }

  test('the axis shows the first and the last whole where it ends where the rows do', () => {
    expect(shownOf({ x: [1, 12] }, { wholeBins: true })).toEqual([0, 15]);
    expect(shownOf({}, {})).toEqual([0, 15]);
  });

  test('it ends where a person has moved it to, where a link says, and where bins have rows beyond it', () => {
    expect(shownOf({ x: [2, 12] }, { wholeBins: true })).toEqual([1, 12]);
    expect(shownOf({ x: [1, 12] }, {})).toEqual([1, 12]);
    expect(shownOf({ x: [1, 12] }, { wholeBins: true, outside: 1 })).toEqual([1, 12]);
  });
});
