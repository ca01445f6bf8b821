import { expect, test } from 'vitest';
import { suggestChart } from '../../../protocol/view/suggest.js';
import { column, text, time } from './columns-of.js';

test('a time and a number give a line with the calendar unit that fits', () => {
  expect(suggestChart([text('origin'), time('date'), column('delay')], 3_000_000)).toEqual({
    mark: 'line',
    x: 'date',
    y: ['delay'],
    bin: 'day',
    reason:
      'date is a time and delay a number: the mean per day, and a band around the middle 80 % of the rows.',
  });
  const year = time('date', { min: '1990-01-01T00:00:00', max: '2020-01-01T00:00:00' });
  expect(suggestChart([year, column('delay')], 1000).bin).toBe('month');
  const minute = time('date', { min: '1990-01-01T00:00:00', max: '1990-01-01T00:05:00' });
  expect(suggestChart([minute, column('delay')], 1000).bin).toBe('second');
});

test('a date is never cut below a day', () => {
  const date = time('date', { unit: 'day', min: '2001-01-01', max: '2001-01-04' });
  expect(suggestChart([date, column('delay')], 1000).bin).toBe('day');
});

test('two numbers give a scatter, one a histogram, a category bars, and a free text a table', () => {
  const marks = (...columns: Parameters<typeof suggestChart>[0]): string =>
    suggestChart(columns, 1000).mark;
  expect(marks(column('distance'), column('delay'))).toBe('scatter');
  expect(marks(text('origin'), column('delay'))).toBe('histogram');
  expect(marks(time('date'), text('origin'))).toBe('histogram');
  expect(marks(text('origin'))).toBe('bar');
  expect(marks(text('name', { distinct: 900_000 }))).toBe('rows');
  expect(marks()).toBe('rows');
});

test('row numbers, keys, constants and codes are no measures while there is something better', () => {
  const id = column('id', { integer: true, distinct: 1000 });
  const number = column('n', { integer: true, distinct: 1000, ascending: true });
  const code = column('class', { integer: true, distinct: 3 });
  const constant = column('version', { min: 2, max: 2, distinct: 1 });
  const suggestion = suggestChart([id, number, code, constant, column('a'), column('b')], 1000);
  expect([suggestion.x, suggestion.y]).toEqual(['a', ['b']]);
  expect(suggestChart([id, number], 1000).mark).toBe('scatter');
  // Of many values it is not known how many differ: those without a gap count the rows.
  const serial = column('order', { integer: true, ascending: true, min: 100_000, max: 159_999 });
  delete serial.distinct;
  const first = (max: number) =>
    suggestChart([{ ...serial, max }, column('a'), column('b')], 60_000).x;
  expect(first(159_999)).toBe('a');
  expect(first(180_000)).toBe('order');
  const order = column('Bestell-Nr', { integer: true });
  expect(suggestChart([order, column('a'), column('b')], 1000).x).toBe('a');
});

test('coordinates make a map, with the longitude across', () => {
  const lat = column('pickup_latitude', { min: -10, max: 60 });
  const lon = column('pickup_longitude', { min: -170, max: 60 });
  const map = suggestChart([column('fare'), lat, lon], 1000);
  expect([map.mark, map.x, map.y]).toEqual(['scatter', 'pickup_longitude', ['pickup_latitude']]);
});

test('what is decided stays, and the rest is chosen around it', () => {
  const columns = [time('date'), column('delay'), column('distance'), text('origin')];
  const [, delay, distance, origin] = columns;
  expect(suggestChart(columns, 9, { mark: 'scatter' })).toMatchObject({
    x: 'delay',
    y: ['distance'],
  });
  expect(suggestChart(columns, 9, { mark: 'scatter', x: distance })).toMatchObject({
    x: 'distance',
    y: ['delay'],
  });
  expect(suggestChart(columns, 9, { mark: 'line', y: distance })).toMatchObject({
    x: 'date',
    y: ['distance'],
  });
  expect(suggestChart(columns, 9, { mark: 'bar', y: delay })).toMatchObject({
    x: 'origin',
    y: ['delay'],
  });
  expect(suggestChart(columns, 9, { mark: 'bar', x: origin })).toMatchObject({ x: 'origin' });
});

test('an empty table, a single row and all-null columns are shown as a table', () => {
  const empty = column('a', { min: null, max: null, distinct: 0 });
  expect(suggestChart([empty, empty], 100).mark).toBe('rows');
  expect(suggestChart([column('a'), column('b')], 1).mark).toBe('rows');
  expect(suggestChart([column('a'), column('b')], 0).mark).toBe('rows');
});

test('a heatmap of a table without numbers counts its categories', () => {
  const words = [text('origin', { distinct: 30 }), text('airline', { distinct: 12 })];
  expect(suggestChart(words, 1000, { mark: 'heatmap' })).toMatchObject({
    mark: 'heatmap',
    x: 'origin',
    y: ['airline'],
    reason: 'origin and airline: each cell counts the rows of its values.',
  });
  expect(suggestChart(words, 1000, { mark: 'heatmap', y: words[0] })).toMatchObject({
    x: 'airline',
    y: ['origin'],
  });
  expect(suggestChart(words, 1000, { mark: 'scatter' }).mark).toBe('rows');
});
