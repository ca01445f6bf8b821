import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { instanceName, splitName } from '../../protocol/parameter-names.js';
import type { Parameters } from '../../protocol/parameters.js';
import { valuesOfName } from '../../client/app/parameters/values-of-name.js';

const PARAMETERS: Parameters = {
  region: { type: 'text', default: 'West' },
  rows: { type: 'integer', default: 10 },
  all: { type: 'boolean', default: true },
};

test('a combination is named in the order of the parameters, without those at their default', () => {
  expect(instanceName('sales', PARAMETERS, { rows: 5, region: 'a b' })).toBe(
    'sales?region=a+b&rows=5',
  );
  expect(instanceName('sales', PARAMETERS, { rows: 10, region: 'West' })).toBe('sales');
  expect(splitName('sales?region=a')).toEqual({ base: 'sales', query: 'region=a' });
  expect(splitName('sales')).toBeUndefined();
});

test('any text goes into a name as a browser would write it, and comes out of it again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (region) => {
      fc.pre(region !== 'West');
      const name = instanceName('sales', PARAMETERS, { region });
      expect(name).toBe(`sales?${new URLSearchParams({ region }).toString()}`);
      expect(valuesOfName(name, PARAMETERS)).toEqual({ region, rows: 10, all: true });
    }),
  );
});

test('what is wrong in a name is at its default', () => {
  expect(valuesOfName('sales?rows=many&all=false&other=1', PARAMETERS)).toEqual({
    region: 'West',
    rows: 10,
    all: false,
  });
});
