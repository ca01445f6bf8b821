import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHalftone, tableSql, type Halftone, type Literal } from './halftone.js';

const WORDS = [
  'Kelvin',
  '\u212Aelvin',
  'Straße',
  'STRASSE',
  'STRAẞE',
  'ſtraſſe',
  'İstanbul',
  'istanbul',
  'ISTANBUL',
  'ıstanbul',
  'ΣΊΣΥΦΟΣ',
  'σίσυφος',
  'ǅungla',
  'ǆungla',
  'ﬀ',
  'FF',
  '',
  ' ',
  'null',
  '~',
  null,
];
const NUMBERS = [0, -0, 1.5, -1.5, 0.1, 1e300, -1e300, 5e-324, NaN, Infinity, -Infinity, null];
const WHOLES = [-3, 0, 1, 2, 5, 127, null];
const BIGS = [
  '9007199254740992',
  '9007199254740993',
  '9007199254740994',
  '-9007199254740993',
  '9223372036854775807',
  '-9223372036854775808',
  null,
];
const HUGES = [
  '9223372036854775808',
  '170141183460469231731687303715884105727',
  '-170141183460469231731687303715884105728',
  '0',
  null,
];
const CENTS = ['0.10', '0.11', '-0.01', '9999999.99', '0.00', null];
const TIMES = [
  '2000-01-01 00:00:00',
  '2000-01-01 00:00:00.000001',
  '2000-02-29 12:00:00',
  '1969-12-31 23:59:59.999999',
  null,
];
const NANOS = [
  '2000-01-01 00:00:00',
  '2000-01-01 00:00:00.000000001',
  '2000-01-01 00:00:00.000001',
  null,
];
const DATES = ['2000-01-01', '2000-01-02', '1969-12-31', null];
const CLOCKS = ['00:00:00', '12:30:00', '12:30:00.000001', '23:59:59.999999', null];
const FLAGS = [true, false, null];
const ROWS = 400;

const cycle = <T>(pool: readonly T[], step: number): T[] =>
  Array.from({ length: ROWS }, (_, i) => pool[(i * step + (i >> 4)) % pool.length]!);

const data = {
  word: cycle(WORDS, 1),
  d: cycle(NUMBERS, 5),
  i: cycle(WHOLES, 3),
  big: cycle(BIGS, 2),
  huge: cycle(HUGES, 3),
  cents: cycle(CENTS, 5),
  t: cycle(TIMES, 3),
  z: cycle(TIMES, 2),
  ns: cycle(NANOS, 3),
  day: cycle(DATES, 3),
  clock: cycle(CLOCKS, 2),
  flag: cycle(FLAGS, 2),
  empty: cycle([null], 1),
  unique: Array.from({ length: ROWS }, (_, i) => `u${i}`),
};

let halftone: Halftone;
beforeAll(async () => {
  halftone = await startHalftone({
    t: tableSql({
      word: ['VARCHAR', data.word],
      d: ['DOUBLE', data.d],
      i: ['INTEGER', data.i],
      big: ['BIGINT', data.big],
      huge: ['HUGEINT', data.huge],
      cents: ['DECIMAL(9,2)', data.cents],
      t: ['TIMESTAMP', data.t],
      z: ['TIMESTAMPTZ', data.z.map((value) => value && `${value}+00`)],
      ns: ['TIMESTAMP_NS', data.ns],
      day: ['DATE', data.day],
      clock: ['TIME', data.clock],
      flag: ['BOOLEAN', data.flag],
      empty: ['INTEGER', data.empty],
      unique: ['VARCHAR', data.unique],
    }),
    none: tableSql({ d: ['DOUBLE', []], word: ['VARCHAR', []] }),
  });
});
afterAll(() => halftone.close());

type Column = keyof typeof data;

async function rowsOf(...filters: object[]): Promise<unknown[]> {
  const { column, metadata } = await halftone.frame({
    mark: 'rows',
    columns: [],
    limit: ROWS,
    filters,
  });
  expect(metadata.rows.matched).toBe(column('row').length);
  return column('row');
}

const where = (test: (row: number) => boolean): number[] =>
  Array.from({ length: ROWS }, (_, i) => i).filter(test);
const of = <C extends Column>(name: C, test: (value: (typeof data)[C][number]) => boolean) =>
  where((row) => test(data[name][row]! ?? null));
const valued = <C extends Column>(
  name: C,
  test: (value: NonNullable<(typeof data)[C][number]>) => boolean,
) => where((row) => data[name][row] !== null && test(data[name][row]!));

describe('a null matches only `null` and a null in `values`', () => {
  test('null finds nulls, and NaN is none', async () => {
    for (const name of Object.keys(data) as Column[]) {
      expect(await rowsOf({ op: 'null', column: name })).toEqual(of(name, (v) => v === null));
    }
  });
  test('a null among the values finds nulls, of every type', async () => {
    for (const name of Object.keys(data) as Column[]) {
      expect(await rowsOf({ op: 'in', column: name, values: [null] })).toEqual(
        of(name, (v) => v === null),
      );
      expect(await rowsOf({ op: 'in', column: name, values: [null], exclude: true })).toEqual(
        of(name, (v) => v !== null),
      );
    }
  });
  test('a range without ends finds whatever has a value, but NaN', async () => {
    for (const name of [
      'd',
      'i',
      'big',
      'huge',
      'cents',
      't',
      'z',
      'ns',
      'day',
      'clock',
      'empty',
    ] as const) {
      expect([name, await rowsOf({ op: 'range', column: name })]).toEqual([
        name,
        valued(name, (v) => !Number.isNaN(v)),
      ]);
    }
  });
});

test('an empty list of values matches no rows, and its exclusion matches all', async () => {
  for (const name of Object.keys(data) as Column[]) {
    expect(await rowsOf({ op: 'in', column: name, values: [] })).toEqual([]);
    expect(await rowsOf({ op: 'in', column: name, values: [], exclude: true })).toEqual(
      where(() => true),
    );
  }
});

test('any: [] matches nothing, and its complement everything', async () => {
  expect(await rowsOf({ op: 'any', filters: [] })).toEqual([]);
  expect(await rowsOf({ op: 'not', filter: { op: 'any', filters: [] } })).toEqual(
    where(() => true),
  );
});

test('a list of filters is AND-ed, an empty one matches every row', async () => {
  expect(await rowsOf()).toEqual(where(() => true));
  expect(
    await rowsOf({ op: 'range', column: 'i', min: 1 }, { op: 'null', column: 'word' }),
  ).toEqual(where((r) => data.i[r] !== null && data.i[r]! >= 1 && data.word[r] === null));
});

test('not and exclude are plain complements, so they keep nulls and NaN', async () => {
  const filters = [
    { op: 'range', column: 'd', min: 0 },
    { op: 'in', column: 'd', values: [1.5] },
    { op: 'contains', column: 'word', text: 'i' },
    { op: 'range', column: 'huge', max: 0 },
    {
      op: 'polygon',
      x: 'd',
      y: 'i',
      points: [
        [-10, -10],
        [10, -10],
        [10, 10],
        [-10, 10],
      ],
    },
    { op: 'null', column: 'd' },
  ];
  for (const filter of filters) {
    const found = new Set(await rowsOf(filter));
    expect(await rowsOf({ op: 'not', filter })).toEqual(where((r) => !found.has(r)));
    expect(await rowsOf({ op: 'not', filter: { op: 'not', filter } })).toEqual([...found]);
    if (filter.op === 'in')
      expect(await rowsOf({ ...filter, exclude: true })).toEqual(where((r) => !found.has(r)));
  }
});

describe('ranges: both ends inclusive, either may be absent, either may be exclusive', () => {
  const bounds = [-Infinity, -1.5, -0, 0, 0.1, 5e-324, 1.5, 1e300, Infinity];
  test('of doubles', async () => {
    for (const min of bounds) {
      for (const minExclusive of [false, true]) {
        const wanted = valued('d', (v) => (minExclusive ? v > min : v >= min));
        expect(await rowsOf({ op: 'range', column: 'd', min: json(min), minExclusive })).toEqual(
          wanted,
        );
        const below = valued('d', (v) => (minExclusive ? v < min : v <= min));
        expect(
          await rowsOf({ op: 'range', column: 'd', max: json(min), maxExclusive: minExclusive }),
        ).toEqual(below);
      }
    }
  });
  test('of integers above 2^53, told apart to the last digit', async () => {
    for (const bound of BIGS.filter((v) => v !== null)) {
      const b = BigInt(bound);
      expect(await rowsOf({ op: 'range', column: 'big', min: bound })).toEqual(
        valued('big', (v) => BigInt(v) >= b),
      );
      expect(await rowsOf({ op: 'range', column: 'big', max: bound, maxExclusive: true })).toEqual(
        valued('big', (v) => BigInt(v) < b),
      );
      expect(
        await rowsOf({ op: 'range', column: 'big', min: bound, max: bound, maxExclusive: true }),
      ).toEqual([]);
      expect(await rowsOf({ op: 'in', column: 'big', values: [bound] })).toEqual(
        valued('big', (v) => BigInt(v) === b),
      );
    }
    for (const bound of HUGES.filter((v) => v !== null)) {
      const b = BigInt(bound);
      expect(await rowsOf({ op: 'range', column: 'huge', min: bound })).toEqual(
        valued('huge', (v) => BigInt(v) >= b),
      );
      expect(await rowsOf({ op: 'range', column: 'huge', max: bound, maxExclusive: true })).toEqual(
        valued('huge', (v) => BigInt(v) < b),
      );
      expect(await rowsOf({ op: 'in', column: 'huge', values: [bound, null] })).toEqual(
        of('huge', (v) => v === null || BigInt(v) === b),
      );
    }
  });
  test('of decimals, as strings and as numbers', async () => {
    for (const bound of ['0.1', 0.1, 0.105, '-0.005', 9999999.99]) {
      const b = Number(bound);
      expect(await rowsOf({ op: 'range', column: 'cents', min: bound })).toEqual(
        valued('cents', (v) => Number(v) >= b),
      );
      expect(
        await rowsOf({ op: 'range', column: 'cents', max: bound, maxExclusive: true }),
      ).toEqual(valued('cents', (v) => Number(v) < b));
      expect(await rowsOf({ op: 'in', column: 'cents', values: [bound] })).toEqual(
        valued('cents', (v) => Number(v) === b),
      );
    }
  });
  test('of integers, with ends between them', async () => {
    for (const b of [-3, 0.5, 1, 1.5, 1e300, -1e300]) {
      expect(await rowsOf({ op: 'range', column: 'i', min: b })).toEqual(
        valued('i', (v) => v >= b),
      );
      expect(await rowsOf({ op: 'range', column: 'i', min: b, minExclusive: true })).toEqual(
        valued('i', (v) => v > b),
      );
      expect(await rowsOf({ op: 'range', column: 'i', max: b })).toEqual(
        valued('i', (v) => v <= b),
      );
      expect(await rowsOf({ op: 'range', column: 'i', max: b, maxExclusive: true })).toEqual(
        valued('i', (v) => v < b),
      );
      expect(await rowsOf({ op: 'in', column: 'i', values: [b] })).toEqual(
        valued('i', (v) => v === b),
      );
    }
  });
  test('of times: ISO 8601, with any zone, without one UTC', async () => {
    const micros = (text: string): bigint => {
      const [head, fraction = ''] = text.split('.');
      return (
        BigInt(Date.parse(`${head!.replace(' ', 'T')}Z`)) * 1000n +
        BigInt(fraction.padEnd(6, '0') || 0)
      );
    };
    const bounds: [string, bigint][] = [
      ['2000-01-01', micros('2000-01-01 00:00:00')],
      ['2000-01-01T00:00:00Z', micros('2000-01-01 00:00:00')],
      ['2000-01-01T02:00:00+02:00', micros('2000-01-01 00:00:00')],
      ['1999-12-31T19:00-05:00', micros('2000-01-01 00:00:00')],
      ['2000-01-01T00:00:00.000001', micros('2000-01-01 00:00:00.000001')],
      ['1969-12-31T23:59:59.999999Z', -1n],
    ];
    for (const [text, b] of bounds) {
      for (const name of ['t', 'z'] as const) {
        expect(await rowsOf({ op: 'range', column: name, min: text })).toEqual(
          valued(name, (v) => micros(v) >= b),
        );
        expect(await rowsOf({ op: 'range', column: name, max: text, maxExclusive: true })).toEqual(
          valued(name, (v) => micros(v) < b),
        );
        expect(await rowsOf({ op: 'in', column: name, values: [text] })).toEqual(
          valued(name, (v) => micros(v) === b),
        );
      }
    }
    expect(await rowsOf({ op: 'range', column: 't', min: '2000-01-01T00:00:00.0000005' })).toEqual(
      valued('t', (v) => micros(v) > bounds[0]![1]),
    );
    expect(
      await rowsOf({
        op: 'range',
        column: 'ns',
        min: '2000-01-01T00:00:00.000000001',
        max: '2000-01-01T00:00:00.000000999',
      }),
    ).toEqual(of('ns', (v) => v === NANOS[1]));
    expect(await rowsOf({ op: 'range', column: 'day', min: '2000-01-01T00:00:01Z' })).toEqual(
      of('day', (v) => v === '2000-01-02'),
    );
    expect(
      await rowsOf({ op: 'range', column: 'clock', min: '12:30', max: '12:30:00.0000005' }),
    ).toEqual(of('clock', (v) => v === '12:30:00'));
  });
  test('NaN is no bound, and a reversed range is refused', async () => {
    for (const column of ['d', 'i']) {
      for (const end of ['min', 'max']) {
        const { status, detail } = await halftone.refusal({
          mark: 'rows',
          filters: [{ op: 'range', column, [end]: 'NaN' }],
        });
        expect(status).toBe(400);
        expect(detail).toMatch(/NaN/);
        expect(detail).not.toMatch(/reversed/);
      }
    }
    for (const [column, min, max] of [
      ['d', 2, 1],
      ['i', 2, 1],
      ['t', '2001-01-01', '2000-01-01'],
      ['clock', '10:00', '09:00'],
      ['huge', '2', '1'],
    ]) {
      const { status, detail } = await halftone.refusal({
        mark: 'rows',
        filters: [{ op: 'range', column, min, max }],
      });
      expect(status).toBe(400);
      expect(detail).toMatch(/reversed/);
    }
  });
});

test('values compare by value: -0 is 0, NaN finds NaN, infinities themselves; a value given twice is one', async () => {
  expect(await rowsOf({ op: 'in', column: 'd', values: [0] })).toEqual(of('d', (v) => v === 0));
  expect(await rowsOf({ op: 'in', column: 'd', values: [-0, 0, 0] })).toEqual(
    of('d', (v) => v === 0),
  );
  expect(await rowsOf({ op: 'in', column: 'd', values: ['NaN'] })).toEqual(
    of('d', (v) => Number.isNaN(v)),
  );
  expect(await rowsOf({ op: 'in', column: 'd', values: ['NaN', null] })).toEqual(
    of('d', (v) => v === null || Number.isNaN(v)),
  );
  expect(
    await rowsOf({ op: 'in', column: 'd', values: ['Infinity', '-Infinity', 1.5, 1.5] }),
  ).toEqual(of('d', (v) => v === 1.5 || Math.abs(v!) === Infinity));
  expect(await rowsOf({ op: 'in', column: 'flag', values: [true, true] })).toEqual(
    of('flag', (v) => v === true),
  );
  expect(
    await rowsOf({ op: 'in', column: 'word', values: ['', 'null', 'Kelvin', 'Kelvin'] }),
  ).toEqual(of('word', (v) => v === '' || v === 'null' || v === 'Kelvin'));
  expect(await rowsOf({ op: 'in', column: 'unique', values: ['u7', 'u300', 'U7'] })).toEqual([
    7, 300,
  ]);
});

describe('contains compares by Unicode simple case folding unless caseSensitive', () => {
  // Simple case folding of what stands in these words, from CaseFolding.txt (C and S).
  const FOLD: Record<string, string> = {
    '\u212A': 'k',
    ſ: 's',
    ẞ: 'ß',
    Σ: 'σ',
    ς: 'σ',
    Ί: 'ί',
    Ύ: 'ύ',
    Υ: 'υ',
    Φ: 'φ',
    Ο: 'ο',
    ǅ: 'ǆ',
  };
  const fold = (text: string): string =>
    Array.from(text, (c) => FOLD[c] ?? (/[A-Z]/.test(c) ? c.toLowerCase() : c)).join('');
  const needles = [
    'k',
    'K',
    '\u212A',
    'ss',
    'SS',
    'ſs',
    'ß',
    'ẞ',
    'i',
    'I',
    'İ',
    'ı',
    'σ',
    'ς',
    'Σ',
    'ΊΣ',
    'ǆ',
    'ǅ',
    'ff',
    'ﬀ',
    '',
    ' ',
    'stanbul',
    'x',
  ];
  test.each(needles)('%s', async (text) => {
    expect(await rowsOf({ op: 'contains', column: 'word', text })).toEqual(
      valued('word', (v) => fold(v).includes(fold(text))),
    );
    expect(await rowsOf({ op: 'contains', column: 'word', text, caseSensitive: true })).toEqual(
      valued('word', (v) => v.includes(text)),
    );
  });
});

test('filters nest', async () => {
  const filter = {
    op: 'any',
    filters: [
      {
        op: 'not',
        filter: {
          op: 'any',
          filters: [
            { op: 'null', column: 'd' },
            { op: 'range', column: 'd', max: 0 },
          ],
        },
      },
      { op: 'in', column: 'flag', values: [null] },
    ],
  };
  const wanted = where((r) => {
    const d = data.d[r]!;
    return !(d === null || d <= 0) || data.flag[r] === null;
  });
  expect(await rowsOf(filter, { op: 'range', column: 'i', min: 0 })).toEqual(
    wanted.filter((r) => data.i[r] !== null && data.i[r]! >= 0),
  );
});

test('filters over an empty table give an empty frame', async () => {
  const { metadata, column } = await halftone.frame({
    dataset: 'none',
    mark: 'rows',
    filters: [
      { op: 'not', filter: { op: 'contains', column: 'word', text: 'a' } },
      { op: 'range', column: 'd', min: 1 },
    ],
  });
  expect(metadata.rows).toEqual({ total: 0, matched: 0, drawn: 0, outside: 0, dropped: 0 });
  expect(column('row')).toEqual([]);
});

describe('what does not fit gets a clear answer, never a guess', () => {
  const cases: [string, object][] = [
    ['COLUMN_UNKNOWN', { op: 'null', column: 'wrod' }],
    ['TYPE_MISMATCH', { op: 'in', column: 'i', values: ['one'] }],
    ['TYPE_MISMATCH', { op: 'in', column: 'i', values: [true] }],
    ['TYPE_MISMATCH', { op: 'in', column: 'word', values: [1] }],
    ['TYPE_MISMATCH', { op: 'in', column: 'flag', values: ['true'] }],
    ['TYPE_MISMATCH', { op: 'in', column: 't', values: [0] }],
    ['TYPE_MISMATCH', { op: 'in', column: 't', values: ['2000-13-01'] }],
    ['TYPE_MISMATCH', { op: 'range', column: 'word', min: 'a' }],
    ['TYPE_MISMATCH', { op: 'range', column: 'flag', min: 0 }],
    ['TYPE_MISMATCH', { op: 'range', column: 't', min: 5 }],
    ['TYPE_MISMATCH', { op: 'contains', column: 'i', text: '1' }],
    [
      'TYPE_MISMATCH',
      {
        op: 'polygon',
        x: 'word',
        y: 'i',
        points: [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
      },
    ],
    [
      'QUERY_INVALID',
      {
        op: 'polygon',
        x: 'd',
        y: 'i',
        points: [
          [0, 0],
          [1, 0],
        ],
      },
    ],
    ['QUERY_INVALID', { op: 'between', column: 'i' }],
    ['QUERY_INVALID', { op: 'in', column: 'i' }],
    ['QUERY_INVALID', { op: 'in', column: 'i', values: [[1]] }],
    ['QUERY_INVALID', { op: 'contains', column: 'word', text: 1 }],
    ['QUERY_INVALID', { op: 'not' }],
    ['QUERY_INVALID', { op: 'any' }],
    ['QUERY_INVALID', { op: 'null', column: 'i', where: 1 }],
  ];
  test.each(cases)('%s: %j', async (code, filter) => {
    const problem = await halftone.refusal({ mark: 'rows', filters: [filter] });
    expect(problem.code).toBe(code);
    expect(problem.status).toBe(400);
    expect(problem.detail.length).toBeGreaterThan(10);
  });
});

function json(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

export type { Literal };
