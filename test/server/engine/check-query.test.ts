import { describe, expect, test } from 'vitest';
import { HalftoneError } from '../../../server/errors.js';
import { checkQuery } from '../../../server/engine/check-query.js';
import { checkFilters } from '../../../server/engine/check-filters.js';

const scatter = { dataset: 'flights', mark: 'scatter', x: 'distance', y: 'delay' };

function refusal(value: unknown): HalftoneError {
  try {
    checkQuery(value);
  } catch (error) {
    if (error instanceof HalftoneError) return error;
    throw error;
  }
  throw new Error('The query was accepted.');
}

test('accepts every field of the contract', () => {
  const query = {
    ...scatter,
    snapshot: 's',
    color: 'origin',
    top: 9,
    domain: { x: [0, 3000], y: ['-60', 240] },
    scale: { x: 'linear', y: 'log' },
    width: 1000,
    height: 600,
    timeZone: 'Europe/Berlin',
    filters: [
      { op: 'in', column: 'origin', values: ['ATL', null, 1, true], exclude: false },
      { op: 'range', column: 'delay', min: 0, max: '60', maxExclusive: true },
      { op: 'contains', column: 'name', text: 'air', caseSensitive: false },
      { op: 'null', column: 'delay' },
      {
        op: 'polygon',
        x: 'a',
        y: 'b',
        points: [
          [0, 0],
          ['2001-01-01', 0],
          [10, 10],
        ],
      },
      { op: 'not', filter: { op: 'any', filters: [] } },
    ],
    method: 'auto',
    budget: 25_000,
    values: 'exact',
  };
  expect(checkQuery(query)).toBe(query);
});

describe('refuses in one sentence that names the field, the value and what is allowed', () => {
  const cases: [string, unknown, string, string?][] = [
    ['no object', 7, 'The query must be an object, got 7.'],
    ['a list', [], 'The query must be an object, got [].'],
    [
      'a misspelt field',
      { ...scatter, colour: 'a' },
      '"colour" is not a field of a query.',
      'Did you mean "color"?',
    ],
    [
      'a misspelt mark',
      { ...scatter, mark: 'scater' },
      '"mark" must be one of scatter, line, histogram, bar, heatmap, value, rows, got "scater".',
      'Did you mean "scatter"?',
    ],
    ['no dataset', { mark: 'scatter' }, '"dataset" must be given, got nothing.'],
    [
      'a width of 0',
      { ...scatter, width: 0 },
      '"width" must be a whole number from 1 to 8192, got 0.',
    ],
    [
      'a width of 10^9',
      { ...scatter, width: 1e9 },
      '"width" must be a whole number from 1 to 8192, got 1000000000.',
    ],
    [
      'half a pixel',
      { ...scatter, width: 1.5 },
      '"width" must be a whole number from 1 to 8192, got 1.5.',
    ],
    [
      'a bin of nothing',
      { ...scatter, x: { column: 'date', bin: 'dya' } },
      '"x.bin" must be one of second, minute, hour, day, week, month, quarter, year or a number above 0, got "dya".',
    ],
    ['a number as column', { ...scatter, x: 3 }, '"x" must be a string or an object, got 3.'],
    ['an empty domain', { ...scatter, domain: { x: [] } }, '"domain.x" must not be empty.'],
    ['no list of filters', { ...scatter, filters: {} }, '"filters" must be a list, got {}.'],
    [
      'an unknown op',
      { ...scatter, filters: [{ op: 'rnage' }] },
      '"filters[0].op" must be one of in, range, contains, null, polygon, not, any, got "rnage".',
      'Did you mean "range"?',
    ],
    [
      'a filter without a column',
      { ...scatter, filters: [{ op: 'null' }] },
      '"filters[0].column" must be given, got nothing.',
    ],
    [
      'a list as bound',
      { ...scatter, filters: [{ op: 'range', column: 'a', min: [] }] },
      '"filters[0].min" must be a number or a string, got [].',
    ],
    [
      'two corners',
      {
        ...scatter,
        filters: [
          {
            op: 'polygon',
            x: 'a',
            y: 'b',
            points: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
      },
      '"filters[0].points" must be a list of 3 to 5000, got [[0,0],[1,1]].',
    ],
    [
      'not of nothing',
      { ...scatter, filters: [{ op: 'not' }] },
      '"filters[0].filter" must be an object, got nothing.',
    ],
    [
      'a zone of nowhere',
      { ...scatter, timeZone: 'Mars/Phobos' },
      '"timeZone" must be an IANA time zone, got "Mars/Phobos".',
    ],
  ];
  test.each(cases)('%s', (_name, value, sentence, hint) => {
    const error = refusal(value);
    expect(error.message).toBe(sentence);
    expect(error.status).toBe(400);
    if (hint !== undefined) expect(error.details.hint).toBe(hint);
  });
});

test('refuses what is over a limit by name', () => {
  const values = Array.from({ length: 10_001 }, (_, i) => i);
  expect(refusal({ ...scatter, filters: [{ op: 'in', column: 'a', values }] })).toMatchObject({
    code: 'LIMIT_EXCEEDED',
    message: '"filters[0].values" must be a list of 0 to 10000, got a list of 10001.',
  });
  const many = Array.from({ length: 10_000 }, () => ({ op: 'null', column: 'a' }));
  expect(refusal({ ...scatter, filters: many }).message).toBe(
    'A query may hold 64 filters, and "filters[64]" is one more.',
  );
  let deep: unknown = { op: 'null', column: 'a' };
  for (let i = 0; i < 8; i++) deep = { op: 'not', filter: deep };
  expect(refusal({ ...scatter, filters: [deep] }).code).toBe('LIMIT_EXCEEDED');
});

test('counts the filters inside of others', () => {
  const inner = Array.from({ length: 63 }, () => ({ op: 'null', column: 'a' }));
  expect(checkFilters([{ op: 'any', filters: inner }])).toHaveLength(1);
  expect(() => checkFilters([{ op: 'any', filters: [...inner, inner[0]] }])).toThrow(/64 filters/);
});
