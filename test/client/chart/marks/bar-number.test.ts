import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barNumber } from '../../../../client/chart/marks/bar-number.js';

const written = (values: number[]): string[] => values.map(barNumber(values));

test('all bars of a chart have the decimals of the greatest in four digits', () => {
  expect(written([15.99, 14, 9.137])).toEqual(['15.99', '14.00', '9.14']);
  expect(written([1234.56, 987.65])).toEqual(['1,235', '988']);
  expect(written([0.5, 0.25, -0.125])).toEqual(['0.500', '0.250', '-0.125']);
});

test('no bar has decimals that all can do without', () => {
  expect(written([6000, 5400, 0])).toEqual(['6,000', '5,400', '0']);
  expect(written([2.5, 1])).toEqual(['2.5', '1.0']);
  expect(written([])).toEqual([]);
});

test('where a small number would lose its digits each has its own', () => {
  expect(written([1234, 0.5, 0.0123])).toEqual(['1,234', '0.5', '0.0123']);
  expect(written([1.5e-30, 1])).toEqual([barNumber([1.5e-30])(1.5e-30), '1']);
});

test('great numbers are written short, all with a tenth or none', () => {
  expect(written([15_900, 14_000, 9_876])).toEqual(['15.9k', '14.0k', '9,876']);
  expect(written([2_000_000, 30_000])).toEqual(['2M', '30k']);
});

test('every number is told to a part in ten at least, and missing ones are passed over', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -9999, max: 9999, noNaN: true })), (values) => {
      const write = barNumber([...values, Number.NaN, Infinity]);
      for (const value of values.filter((each) => Math.abs(each) > 1e-6)) {
        const read = Number(write(value).replaceAll(',', ''));
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) / 10);
      }
    }),
  );
});
