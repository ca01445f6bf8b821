import { describe, expect, test } from 'vitest';
import { describeFilter, withFilter, zoneOf } from '../../../client/app/filters.js';
import { queryFilter, queryFilters, valueOf } from '../../../protocol/view/query-filters.js';
import { column, text, time } from '../../protocol/view/columns-of.js';

describe('valueOf', () => {
  test('gives a number where a double is exact, else the text for the server to read', () => {
    const number = column('n');
    expect(valueOf('5', number)).toBe(5);
    expect(valueOf('-0.25', number)).toBe(-0.25);
    expect(valueOf('9007199254740991', number)).toBe('9007199254740991');
    expect(valueOf('170141183460469231731687303715884105727', number)).toMatch(/^1701/);
    expect(valueOf('0.1234567890123456789', number)).toBe('0.1234567890123456789');
    expect(valueOf('NaN', number)).toBe('NaN');
    expect(valueOf('-Infinity', number)).toBe('-Infinity');
  });

  test('is undefined for what no value of the column can be', () => {
    expect(valueOf('five', column('n'))).toBeUndefined();
    expect(valueOf('', column('n'))).toBeUndefined();
    expect(valueOf('0x10', column('n'))).toBeUndefined();
    expect(valueOf('yes', column('b', { kind: 'boolean' }))).toBeUndefined();
    expect(valueOf('tomorrow', time('t'))).toBeUndefined();
  });

  test('keeps false, zero, null and the empty string', () => {
    expect(valueOf('false', column('b', { kind: 'boolean' }))).toBe(false);
    expect(valueOf('0', column('n'))).toBe(0);
    expect(valueOf(null, column('n'))).toBeNull();
    expect(valueOf('', text('t'))).toBe('');
  });
});

describe('queryFilter', () => {
  test('writes lists, ranges and searches as queries hold them', () => {
    const delay = column('delay');
    expect(
      queryFilter({ op: 'in', column: 'delay', values: ['5', null], exclude: true }, delay),
    ).toEqual({ op: 'in', column: 'delay', values: [5, null], exclude: true });
    expect(queryFilter({ op: 'range', column: 'delay', min: '5' }, delay)).toEqual({
      op: 'range',
      column: 'delay',
      min: 5,
    });
    expect(queryFilter({ op: 'range', column: 'delay', max: '5', exclude: true }, delay)).toEqual({
      op: 'not',
      filter: { op: 'range', column: 'delay', max: 5 },
    });
    expect(queryFilter({ op: 'contains', column: 'o', text: 'air' }, text('o'))).toEqual({
      op: 'contains',
      column: 'o',
      text: 'air',
    });
  });

  test('says in a sentence what does not fit', () => {
    expect(queryFilter({ op: 'in', column: 'x', values: ['1'] }, undefined)).toContain('“x”');
    expect(queryFilter({ op: 'in', column: 'n', values: ['a'] }, column('n'))).toContain('“a”');
    expect(queryFilter({ op: 'range', column: 'n', min: 'a' }, column('n'))).toContain('“a”');
    expect(queryFilter({ op: 'contains', column: 'n', text: 'a' }, column('n'))).toContain('text');
  });
});

test('the filters of a query leave out the column whose choices are counted', () => {
  const view = {
    dataset: 'a',
    filters: [
      { op: 'in', column: 'n', values: ['1'] },
      { op: 'in', column: 'o', values: ['x'] },
      { op: 'in', column: 'gone', values: ['x'] },
    ],
  } as const;
  const columns = [column('n'), text('o')];
  expect(queryFilters(view, columns).filters).toHaveLength(2);
  expect(queryFilters(view, columns).faults).toEqual(['there is no column “gone”']);
  expect(queryFilters(view, columns, 'n').filters).toEqual([
    { op: 'in', column: 'o', values: ['x'] },
  ]);
});

test('a changed filter keeps its place, and the last one leaves no trace', () => {
  const one = { op: 'in', column: 'a', values: ['1'] } as const;
  const two = { op: 'in', column: 'b', values: ['2'] } as const;
  const view = { dataset: 'd', filters: [one, two] };
  const changed = { ...one, values: ['3'] };
  expect(withFilter(view, 'a', changed).filters).toEqual([changed, two]);
  expect(withFilter(withFilter(view, 'a'), 'b')).toEqual({ dataset: 'd' });
});

test('chips read like a sentence', () => {
  expect(describeFilter({ op: 'in', column: 'a', values: ['ATL', null, '', 'x', 'y'] })).toBe(
    'ATL, (null), (empty) +2',
  );
  expect(describeFilter({ op: 'in', column: 'a', values: ['ATL'], exclude: true })).toBe('not ATL');
  expect(describeFilter({ op: 'range', column: 'a', min: '5', max: '90' })).toBe('5 – 90');
  expect(describeFilter({ op: 'range', column: 'a', min: '2001-01-01T00:00:00Z' })).toBe(
    '≥ 2001-01-01',
  );
  expect(
    describeFilter({ op: 'range', column: 'a', min: '2026-02-01', max: '2026-05-01' }, 'UTC'),
  ).toBe('2026-02-01 – 2026-05-01');
  expect(describeFilter({ op: 'contains', column: 'a', text: 'air' })).toBe('contains “air”');
});

test('a range of instants says on which clock it is told, and a day alone is its first instant in UTC', () => {
  const range = { op: 'range', column: 'at' } as const;
  const columns = [{ ...column('at'), zoned: true }, column('n')];
  const inZone = (timeZone?: string) => zoneOf(columns, 'at', timeZone);
  const ends = { ...range, min: '2026-02-01T06:00:00Z', max: '2026-05-01T18:30:00Z' };
  expect(describeFilter(ends, inZone('Europe/Berlin'))).toBe(
    '2026-02-01 07:00 – 2026-05-01 20:30, Europe/Berlin',
  );
  expect(describeFilter(ends, inZone())).toBe('2026-02-01 06:00 – 2026-05-01 18:30, UTC');
  expect(describeFilter({ ...range, min: '2026-03-01' }, inZone('America/New_York'))).toBe(
    '≥ 2026-02-28 19:00, America/New York',
  );
  expect(
    describeFilter({ ...range, max: '2026-03-01T05:00:00Z' }, inZone('America/New_York')),
  ).toBe('≤ 2026-03-01, America/New York');
  // The clock on the wall of a column without a zone is nobody's in particular.
  expect(zoneOf(columns, 'n', 'Europe/Berlin')).toBeUndefined();
  expect(describeFilter(ends)).toBe('2026-02-01 06:00 – 2026-05-01 18:30');
});
