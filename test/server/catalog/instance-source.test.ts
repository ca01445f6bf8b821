import { describe, expect, test } from 'vitest';
import { instanceSource } from '../../../server/catalog/instance-source.js';
import type { DatasetSource } from '../../../server/loader/source.js';

const base: DatasetSource = {
  name: 'sales',
  kind: 'sql',
  files: [],
  united: false,
  csv: {},
  strict: false,
  sql: {
    query: 'SELECT 1',
    inputs: [],
    parameters: {
      region: { type: 'text', default: 'West', values: ['West', 'East', "it's"] },
      year: { type: 'integer', default: 2024 },
      note: { type: 'text', default: '' },
      day: { type: 'date', default: '2024-01-01' },
      at: { type: 'timestamp', default: '2024-01-01T00:00:00' },
      big: { type: 'boolean', default: false },
      share: { type: 'number', default: 0.5 },
    },
  },
};
const of = (query: string) => instanceSource(base, query);

describe('a name with parameters', () => {
  test('is the same, however it is written', () => {
    for (const query of [
      'year=2020&region=East',
      'region=East&year=2020&note=',
      'region=%45ast&year=2020&share=0.5',
    ]) {
      expect(of(query).name).toBe('sales?region=East&year=2020');
      expect(of(query).sql!.values).toEqual({ region: 'East', year: 2020 });
    }
  });

  test('is that of the dataset itself where every value is its default', () => {
    for (const query of ['', 'region=West', 'year=2024&big=false&share=0.50'])
      expect(of(query)).toBe(base);
  });

  test('gives each value its type', () => {
    const { sql } = of('day=2024-02-29&at=2024-02-29+10:00&big=true&share=1e-3&note=a%26b%3Dc');
    expect(sql!.values).toEqual({
      note: 'a&b=c',
      day: '2024-02-29',
      at: '2024-02-29T10:00',
      big: true,
      share: 0.001,
    });
  });

  const wrong: [query: string, message: RegExp, hint?: string][] = [
    ['regoin=East', /no parameter "regoin"/u, 'Did you mean "region"?'],
    ['region=Easst', /"region" does not take "Easst"/u, 'Did you mean "East"?'],
    ['region=', /does not take ""/u],
    ['region=East&region=West', /"region" twice/u],
    ['year=2020.5', /of the type integer, got "2020.5"/u],
    ['year=99999999999999999999', /of the type integer/u],
    ['year=', /of the type integer/u],
    ['day=2024-02-30', /of the type date/u],
    ['at=yesterday', /of the type timestamp/u],
    ['big=1', /of the type boolean/u],
    ['share=NaN', /of the type number/u],
    ['__proto__=1', /no parameter "__proto__"/u],
    ['constructor=1', /no parameter "constructor"/u],
    [`note=${'x'.repeat(2000)}`, /of the type text/u],
  ];
  test.each(wrong)('%s is refused', (query, message, hint) => {
    let error: unknown;
    try {
      of(query);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'QUERY_INVALID' });
    expect((error as Error).message).toMatch(message);
    if (hint !== undefined) expect(error).toMatchObject({ details: { hint } });
  });
});
