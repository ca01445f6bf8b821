import { expect, test } from 'vitest';
import { valueLabel } from '../../../../client/app/picture/spec.js';
import { titleOf } from '../../../../client/app/picture/title.js';
import { resolve } from '../../../protocol/view/flights-plot.js';

const bars = (agg: string) => resolve({ mark: 'bar', x: 'origin', y: ['delay'], agg });

test('an axis says what is done with its column in the words of the title', () => {
  expect(valueLabel(bars('mean'))).toBe('mean delay');
  expect(valueLabel(bars('sum'))).toBe('sum of delay');
  expect(valueLabel(bars('min'))).toBe('least delay');
  expect(valueLabel(bars('max'))).toBe('greatest delay');
  expect(valueLabel(bars('p90'))).toBe('90th percentile delay');
  for (const agg of ['mean', 'median', 'sum', 'min', 'max', 'count', 'distinct', 'p10']) {
    const plot = bars(agg);
    expect(titleOf(plot).toLowerCase()).toContain(valueLabel(plot));
  }
});

test('an axis of several columns, of rows as they are, and of nothing but rows', () => {
  const line = { mark: 'line', x: 'date' } as const;
  expect(valueLabel(resolve({ ...line, y: ['delay', 'distance'], bin: 'day', agg: 'sum' }))).toBe(
    'sum',
  );
  expect(valueLabel(resolve({ ...line, y: ['delay', 'distance'], bin: 'none' }))).toBe('');
  expect(valueLabel(resolve({ ...line, y: ['delay'], bin: 'none' }))).toBe('delay');
  expect(valueLabel(resolve({ mark: 'histogram', x: 'delay' }))).toBe('rows');
});
