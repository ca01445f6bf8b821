import {
  Dictionary,
  Float64,
  Int32,
  Table,
  Uint32,
  Utf8,
  tableFromArrays,
  tableToIPC,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { barPicture } from '../../../client/chart/marks/bar.js';
import type { Picture } from '../../../client/chart/picture.js';
import { readStream } from '../../../client/data/arrow/read-stream.js';
import type { DecodedFrame } from '../../../client/data/frame.js';
import { LIGHT } from '../../../client/theme.js';
import type { FrameMetadata } from '../../../protocol/frame.js';

const axis = { kind: 'number', scale: 'linear', zoned: false, unit: 'number' } as const;

/** Two keys, each with the series b and a; the legend says a first. */
function bars(isSum: boolean, mostLabels = 10): Picture {
  const series = ['b', 'a', 'b', 'a'];
  const table = tableFromArrays({ value: [1, 3, 2, 2], count: [10, 30, 20, 20] });
  const withText = new Table({
    key: vectorFromArray(['x', 'x', 'y', 'y'], new Utf8()),
    value: table.getChild('value')!,
    count: table.getChild('count')!,
    series: vectorFromArray(series, new Dictionary(new Utf8(), new Int32())),
  });
  const categories = ['a', 'b'].map((label) => ({ label, count: 50, role: 'value' }));
  const metadata = { color: { kind: 'category', column: 's', categories, others: 0 } };
  const frame: DecodedFrame = {
    metadata: metadata as unknown as FrameMetadata,
    columns: readStream(tableToIPC(withText, 'stream')).columns,
    length: 4,
    byteLength: 0,
    timing: {},
  };
  const measure = (text: string): number => text.length;
  const axes = { x: axis, y: axis };
  return barPicture({
    frame,
    axes,
    theme: LIGHT,
    ratio: 1,
    isSum,
    chartWidth: 240,
    mostLabels,
    measure,
  });
}

test('where labels have no room every second bar has one', () => {
  const ticksOf = (picture: Picture): unknown => picture.layout?.['yaxis'];
  expect(ticksOf(bars(true))).toMatchObject({ tickvals: [0, 1], ticktext: ['x', 'y'] });
  expect(ticksOf(bars(true, 1))).toMatchObject({ tickvals: [0], ticktext: ['x'] });
});

describe('bars of several series', () => {
  test('stand in the order of the legend, whatever order the frame lists them in', () => {
    const boxes = bars(true).bars!.boxes.map(({ place, from, to, color }) => [
      place,
      from,
      to,
      color,
    ]);
    const [a, b] = LIGHT.categories;
    expect(boxes).toEqual([
      [0, 0, 3, a],
      [1, 0, 2, a],
      [0, 3, 4, b],
      [1, 2, 4, b],
    ]);
  });

  test('tell the part of a stack under the pointer, and all of it beyond its end', () => {
    const picture = bars(true);
    const stage = { width: 100, height: 100, ratio: 1, view: picture.view };
    const at = (x: number): unknown => picture.find((x / picture.view.x[1]) * 100, 25, stage);
    const part = { kind: 'bin', label: 'x' };
    expect(at(2.9)).toEqual({ ...part, series: 'a', value: 3, rows: 30 });
    expect(at(3.1)).toEqual({ ...part, series: 'b', value: 1, rows: 10 });
    expect(at(4.2)).toEqual({ ...part, value: 4, rows: 40 });
  });

  test('tell the bar under the pointer where they stand side by side', () => {
    const picture = bars(false);
    const stage = { width: 100, height: 100, ratio: 1, view: picture.view };
    expect(picture.find(10, 15, stage)).toMatchObject({ label: 'x', series: 'a', value: 3 });
    expect(picture.find(10, 35, stage)).toMatchObject({ label: 'x', series: 'b', value: 1 });
    expect(picture.find(10, 85, stage)).toMatchObject({ label: 'y', series: 'b', value: 2 });
  });
});

/** A key each, from the greatest value. */
function plainBars(values: (number | null)[]): Picture {
  const table = new Table({
    key: vectorFromArray(
      values.map((_, i) => `k${i}`),
      new Utf8(),
    ),
    value: vectorFromArray(values, new Float64()),
    count: vectorFromArray(
      values.map(() => 1),
      new Uint32(),
    ),
  });
  const frame: DecodedFrame = {
    metadata: {} as FrameMetadata,
    columns: readStream(tableToIPC(table, 'stream')).columns,
    length: values.length,
    byteLength: 0,
    timing: {},
  };
  return barPicture({
    frame,
    axes: { x: axis, y: axis },
    theme: LIGHT,
    ratio: 1,
    isSum: true,
    chartWidth: 240,
    mostLabels: 10,
    measure: (text) => 6 * text.length,
  });
}

test('the axis has room for the numbers behind bars, at both sides of zero', () => {
  const viewOf = (...values: (number | null)[]): readonly number[] => plainBars(values).view.x;
  const [from, to] = viewOf(10, 5) as [number, number];
  expect(from).toBe(0);
  expect(to).toBeGreaterThan(11);
  const [least, most] = viewOf(10, -10) as [number, number];
  expect([least, most]).toEqual([-most, most]);
  expect(viewOf(-1, -2)[1]).toBe(0);
  // What is nothing, or has no value, has its number at the right of zero.
  expect(viewOf(0, -2)[1]).toBeGreaterThan(0.1);
  expect(viewOf(-1, null)[1]).toBeGreaterThan(0.1);
  expect(viewOf(0, 0)).toEqual([0, 1]);
});
