import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHalftone, tableSql, type Halftone, type Literal } from './halftone.js';

const ROWS = 900;
const cycle = <T>(pool: readonly T[], step: number): T[] =>
  Array.from({ length: ROWS }, (_, i) => pool[(i * step + (i >> 5)) % pool.length]!);

const WORDS = [
  'b',
  'B',
  'a',
  'aa',
  '',
  'Z',
  'ä',
  '\uFFFD',
  '\u{1F600}',
  'zz',
  '\u00E9',
  'e\u0301',
  null,
];
const columns: Record<string, [type: string, values: Literal[]]> = {
  word: ['VARCHAR', cycle(WORDS, 5)],
  long: [
    'VARCHAR',
    cycle(WORDS, 7).map((word, i) => (word === null ? null : `a common beginning ${word}${i % 3}`)),
  ],
  unique: ['VARCHAR', Array.from({ length: ROWS }, (_, i) => `u${(i * 7919) % ROWS}`)],
  letter: ["ENUM('z', 'a', 'm')", cycle(['z', 'a', 'm', null], 3)],
  d: [
    'DOUBLE',
    cycle(['NaN', 'Infinity', '-Infinity', '0', '-0.0', '1.5', '-1.5', '5e-324', '1e300', null], 3),
  ],
  i: ['SMALLINT', cycle([3, -3, 0, 32767, -32768, null], 5)],
  big: [
    'BIGINT',
    cycle(
      [
        '9223372036854775807',
        '-9223372036854775808',
        '9007199254740993',
        '9007199254740992',
        '0',
        null,
      ],
      5,
    ),
  ],
  ubig: ['UBIGINT', cycle(['18446744073709551615', '9223372036854775808', '1', null], 3)],
  huge: [
    'HUGEINT',
    cycle(
      [
        '170141183460469231731687303715884105727',
        '-170141183460469231731687303715884105728',
        '18446744073709551616',
        '18446744073709551615',
        '-1',
        null,
      ],
      5,
    ),
  ],
  cents: ['DECIMAL(38,2)', cycle(['0.10', '0.09', '-1.00', '1e30', null], 3)],
  flag: ['BOOLEAN', cycle([true, false, null], 2)],
  day: ['DATE', cycle(['2000-01-01', '1969-12-31', '2000-01-02', null], 3)],
  time: [
    'TIMESTAMP_NS',
    cycle(
      ['2000-01-01 00:00:00.000000002', '2000-01-01 00:00:00.000000001', '1969-01-01', null],
      3,
    ),
  ],
  clock: ['TIME', cycle(['10:00:00', '09:59:59.999999', '00:00:00', null], 3)],
  nothing: ['INTEGER', cycle([null], 1)],
};

let halftone: Halftone;
beforeAll(async () => {
  halftone = await startHalftone({
    t: tableSql(columns),
    named: tableSql({ row: ['INTEGER', [7, 8]], x: ['INTEGER', [1, 2]] }),
    none: tableSql({ x: ['INTEGER', []] }),
  });
});
afterAll(() => halftone.close());

/** Below 0 where `a` comes first; by value, text by UTF-8 bytes, NaN above all numbers. */
function compare(name: string, a: Literal, b: Literal): number {
  const type = columns[name]![0];
  if (
    type === 'VARCHAR' ||
    type.startsWith('ENUM') ||
    name === 'day' ||
    name === 'time' ||
    name === 'clock'
  ) {
    return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
  }
  if (['big', 'ubig', 'huge'].includes(name)) {
    const [x, y] = [BigInt(a as string), BigInt(b as string)];
    return x < y ? -1 : Number(x > y);
  }
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
  return x < y ? -1 : Number(x > y);
}

function sorted(
  sort: readonly { column: string; order?: string }[],
  rows: readonly number[],
): number[] {
  return rows.toSorted((a, b) => {
    for (const { column, order } of sort) {
      const [x, y] = [columns[column]![1][a]!, columns[column]![1][b]!];
      const difference =
        x === null || y === null
          ? Number(x === null) - Number(y === null)
          : compare(column, x, y) * (order === 'desc' ? -1 : 1);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
}

const ALL = Array.from({ length: ROWS }, (_, i) => i);

describe('order: by value, text by UTF-8 bytes, nulls last either way, ties by row', () => {
  test.each(
    Object.keys(columns).flatMap((name) => [
      [name, 'asc'],
      [name, 'desc'],
    ]),
  )('%s %s', async (name, order) => {
    const sort = [{ column: name, order }];
    const { column, metadata } = await halftone.frame({
      mark: 'rows',
      columns: [name],
      sort,
      limit: ROWS,
    });
    expect(column('row')).toEqual(sorted(sort, ALL));
    expect(metadata.rows).toEqual({
      total: ROWS,
      matched: ROWS,
      drawn: ROWS,
      outside: 0,
      dropped: 0,
    });
    const page = await halftone.frame({ mark: 'rows', columns: [], sort, offset: 433, limit: 21 });
    expect(page.column('row')).toEqual(sorted(sort, ALL).slice(433, 454));
  });
  test('by several columns', async () => {
    for (const sort of [
      [{ column: 'flag', order: 'desc' }, { column: 'word' }, { column: 'd', order: 'desc' }],
      [{ column: 'letter' }, { column: 'huge', order: 'desc' }, { column: 'nothing' }],
      [{ column: 'nothing' }, { column: 'long', order: 'desc' }],
    ]) {
      const { column } = await halftone.frame({ mark: 'rows', columns: [], sort, limit: ROWS });
      expect(column('row')).toEqual(sorted(sort, ALL));
    }
  });
});

test('offset and limit: 100 rows by default, none beyond the end', async () => {
  const page = async (query: object): Promise<unknown[]> =>
    (await halftone.frame({ mark: 'rows', columns: [], ...query })).column('row');
  expect(await page({})).toEqual(ALL.slice(0, 100));
  for (const sort of [[], [{ column: 'i' }]]) {
    for (const filters of [[], [{ op: 'range', column: 'i', min: 0 }]]) {
      const rows = sorted(
        sort,
        ALL.filter((r) => filters.length === 0 || ((columns['i']![1][r] ?? -1) as number) >= 0),
      );
      for (const [offset, limit] of [
        [0, 0],
        [0, 1],
        [rows.length - 1, 5],
        [rows.length, 5],
        [rows.length + 1, 1],
        [5_000_000_000, 3],
        [Number.MAX_SAFE_INTEGER, 100_000],
        [0, 100_000],
      ] as const) {
        const { column, metadata } = await halftone.frame({
          mark: 'rows',
          columns: [],
          sort,
          filters,
          offset,
          limit,
        });
        expect(column('row')).toEqual(rows.slice(offset, offset + limit));
        const drawn = rows.slice(offset, offset + limit).length;
        expect(metadata.rows).toEqual({
          total: ROWS,
          matched: rows.length,
          drawn,
          outside: rows.length - drawn,
          dropped: 0,
        });
        expect(metadata.marks).toBe(drawn);
        expect(metadata.exact).toBe(true);
      }
    }
  }
});

test('row numbers are the order of the source; all columns are the default', async () => {
  const { table, column } = await halftone.frame({
    mark: 'rows',
    filters: [{ op: 'in', column: 'unique', values: ['u0', 'u7919', 'u5'] }],
  });
  expect(table.names).toEqual([...Object.keys(columns), 'row']);
  const wanted = ALL.filter((r) =>
    ['u0', 'u7919', 'u5'].includes(columns['unique']![1][r] as string),
  );
  expect(column('row')).toEqual(wanted);
});

test('columns come in the order that the query names them, one named again only once', async () => {
  const sort = [{ column: 'i' }, { column: 'i', order: 'desc' }];
  const { table, column } = await halftone.frame({
    mark: 'rows',
    columns: ['word', 'd', 'big', 'd'],
    sort,
  });
  expect(table.names).toEqual(['word', 'd', 'big', 'row']);
  expect(column('row')).toEqual(sorted([{ column: 'i' }], ALL).slice(0, 100));
});

test('a column that is itself called "row" keeps its name, and the number of the row stands last', async () => {
  const { table } = await halftone.frame({ dataset: 'named', mark: 'rows' });
  expect(table.names).toEqual(['row', 'x', 'row']);
  expect([...table.getChildAt(2)]).toEqual([0, 1]);
});

test.each([
  [{ columns: ['wrod'] }, 'COLUMN_UNKNOWN'],
  [{ sort: [{ column: 'wrod' }] }, 'COLUMN_UNKNOWN'],
  [{ sort: [{ column: 'word', order: 'down' }] }, 'QUERY_INVALID'],
  [{ sort: 'word' }, 'QUERY_INVALID'],
  [{ offset: -1 }, 'QUERY_INVALID'],
  [{ offset: 0.5 }, 'QUERY_INVALID'],
  [{ limit: -1 }, 'QUERY_INVALID'],
  [{ limit: 100_001 }, 'LIMIT_EXCEEDED'],
])('%j is refused', async (query, code) => {
  expect(await halftone.refusal({ mark: 'rows', ...query })).toMatchObject({ code, status: 400 });
});
