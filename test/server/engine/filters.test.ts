import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../protocol/column.js';
import type { Filter } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import { jsonValue } from '../../../workers/json-value.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type Stored, type TestColumn } from '../../helpers/memory-snapshot.js';
import { doubleOf, testColumn, TEST_KINDS } from '../../helpers/test-columns.js';

// More than a block and a batch, with a tail.
const ROWS = 9001;
const index: TestColumn = {
  name: 'row',
  storage: 'uint16',
  logical: { kind: 'integer', bits: 32, signed: true },
  values: Array.from({ length: ROWS }, (_, i) => i),
};

/** The rows that pass: the same whether filters are run by every scan, or once for all of them. */
async function passing(
  columns: readonly TestColumn[],
  filters: readonly Filter[],
  scale?: 'log',
): Promise<number[]> {
  const found = await passingBy(columns, filters, scale, () => false);
  expect(await passingBy(columns, filters, scale, () => true)).toEqual(found);
  return found;
}

async function passingBy(
  columns: readonly TestColumn[],
  filters: readonly Filter[],
  scale: 'log' | undefined,
  isWorthKeeping: () => boolean,
): Promise<number[]> {
  const { snapshot, store } = memorySnapshot([index, ...columns], 8192);
  const engine = createEngine({ store, pool: inlinePool(), isWorthKeeping, leastZonedRows: 0 });
  const { values } = await engine.values(snapshot, { column: 'row', filters, limit: ROWS });
  const frame = await engine.frame(snapshot, {
    dataset: 'test',
    mark: 'histogram',
    x: 'row',
    filters: [...filters],
    ...(scale && { scale: { y: scale } }),
  });
  expect(frame.metadata.rows.matched).toBe(values.length);
  return values.map(({ value }) => value as number);
}

function rowsWhere<T extends Stored = number | bigint | null>(
  column: TestColumn,
  passes: (value: T, row: number) => boolean,
): number[] {
  return column.values.flatMap((value, row) => (passes(value as T, row) ? [row] : []));
}

function asJson({ logical }: TestColumn, value: Stored): JsonValue {
  if (value === null || typeof value === 'string') return value;
  return jsonValue(logical, value as number | bigint);
}

const RANGED = TEST_KINDS.filter((kind) => !['flag', 'word', 'text'].includes(kind));

describe.each(TEST_KINDS)('on %s', (kind) => {
  const column = testColumn(kind, ROWS);
  const sample = [...new Set(column.values.slice(0, 60).filter((value) => value !== null))];

  test('"in" finds its values, "exclude" all the others with the nulls', async () => {
    const wanted = sample.slice(0, 5);
    const values = wanted.map((value) => asJson(column, value));
    const equals = (value: Stored): boolean =>
      wanted.some((one) => one === value || (Number.isNaN(one) && Number.isNaN(value)));
    expect(await passing([column], [{ op: 'in', column: kind, values }])).toEqual(
      rowsWhere(column, equals),
    );
    expect(await passing([column], [{ op: 'in', column: kind, values, exclude: true }])).toEqual(
      rowsWhere(column, (value) => !equals(value)),
    );
    expect(
      await passing([column], [{ op: 'in', column: kind, values: [...values, null] }]),
    ).toEqual(rowsWhere(column, (value) => value === null || equals(value)));
    expect(await passing([column], [{ op: 'in', column: kind, values: [values[0]!] }])).toEqual(
      rowsWhere(
        column,
        (value) => value === wanted[0] || (Number.isNaN(wanted[0]) && Number.isNaN(value)),
      ),
    );
    expect(await passing([column], [{ op: 'in', column: kind, values: [] }])).toEqual([]);
  });

  test('"null" finds the nulls, "not" the others', async () => {
    const filter: Filter = { op: 'null', column: kind };
    expect(await passing([column], [filter])).toEqual(rowsWhere(column, (value) => value === null));
    expect(await passing([column], [{ op: 'not', filter }])).toEqual(
      rowsWhere(column, (value) => value !== null),
    );
  });

  test.runIf(RANGED.includes(kind))('"range" is closed unless it says otherwise', async () => {
    const ends = sample
      .filter((value) => !Number.isNaN(value))
      .slice(0, 2)
      .toSorted((a, b) => (a! < b! ? -1 : 1)) as (number | bigint)[];
    const [min, max] = ends.map((end) => asJson(column, end) as string | number);
    const [low, high] = ends;
    const number = (value: Stored): value is number | bigint =>
      value !== null && !Number.isNaN(value);
    const filter = { op: 'range', column: kind, min: min!, max: max! } as const;
    expect(await passing([column], [filter])).toEqual(
      rowsWhere(column, (value) => number(value) && value >= low! && value <= high!),
    );
    expect(
      await passing([column], [{ ...filter, minExclusive: true, maxExclusive: true }]),
    ).toEqual(rowsWhere(column, (value) => number(value) && value > low! && value < high!));
    expect(await passing([column], [{ op: 'range', column: kind, min: min! }])).toEqual(
      rowsWhere(column, (value) => number(value) && value >= low!),
    );
    expect(
      await passing([column], [{ op: 'range', column: kind, max: max!, maxExclusive: true }]),
    ).toEqual(rowsWhere(column, (value) => number(value) && value < high!));
    expect(await passing([column], [{ op: 'not', filter }])).toEqual(
      rowsWhere(column, (value) => !(number(value) && value >= low! && value <= high!)),
    );
    expect(await passing([column], [{ op: 'range', column: kind }])).toEqual(
      rowsWhere(column, number),
    );
  });
});

test('bounds between the values of a column are exact', async () => {
  const decimal = testColumn('decimal', ROWS);
  const day = testColumn('day', ROWS);
  const tiny = testColumn('int8', ROWS);
  const found = (filter: Filter): Promise<number[]> => passing([decimal, day, tiny], [filter]);
  expect(await found({ op: 'range', column: 'decimal', min: 0.1, max: 0.3 })).toEqual(
    rowsWhere(decimal, (v) => v !== null && v >= 10 && v <= 30),
  );
  expect(await found({ op: 'range', column: 'decimal', min: '0.095', max: '0.305' })).toEqual(
    rowsWhere(decimal, (v) => v !== null && v >= 10 && v <= 30),
  );
  expect(
    await found({
      op: 'range',
      column: 'decimal',
      min: 0.1,
      minExclusive: true,
      max: 0.3,
      maxExclusive: true,
    }),
  ).toEqual(rowsWhere(decimal, (v) => v !== null && v >= 11 && v <= 29));
  const noon = '2001-09-09T12:00:00Z';
  expect(await found({ op: 'range', column: 'day', min: noon })).toEqual(
    rowsWhere(day, (v) => v !== null && v >= 11_575),
  );
  expect(await found({ op: 'range', column: 'day', max: noon })).toEqual(
    rowsWhere(day, (v) => v !== null && v <= 11_574),
  );
  expect(await found({ op: 'in', column: 'int8', values: [1.5, '7', 1e300] })).toEqual(
    rowsWhere(tiny, (v) => v === 7),
  );
  expect(await found({ op: 'range', column: 'int8', min: -1e300, max: '1e300' })).toEqual(
    rowsWhere(tiny, (v) => v !== null),
  );
});

test('"contains" folds case unless it is told not to', async () => {
  for (const kind of ['word', 'text']) {
    const column = testColumn(kind, ROWS);
    expect(await passing([column], [{ op: 'contains', column: kind, text: 'AIR' }])).toEqual(
      rowsWhere(column, (v: string | null) => v !== null && v.toLowerCase().includes('air')),
    );
    expect(
      await passing([column], [{ op: 'contains', column: kind, text: 'Air', caseSensitive: true }]),
    ).toEqual(rowsWhere(column, (v: string | null) => v !== null && v.includes('Air')));
  }
});

test('"any" is a union, a list is an intersection, and both nest', async () => {
  const tiny = testColumn('int8', ROWS);
  const word = testColumn('word', ROWS);
  const filters: Filter[] = [
    {
      op: 'any',
      filters: [
        { op: 'range', column: 'int8', max: -50 },
        { op: 'null', column: 'word' },
        { op: 'not', filter: { op: 'in', column: 'word', values: ['a', 'ATL', null] } },
      ],
    },
    { op: 'not', filter: { op: 'range', column: 'int8', min: 0, max: 20 } },
  ];
  expect(await passing([tiny, word], filters)).toEqual(
    rowsWhere(tiny, (v, row) => {
      const w = word.values[row]!;
      const first = (v !== null && v <= -50) || w === null || (w !== 'a' && w !== 'ATL');
      return first && !(v !== null && v >= 0 && v <= 20);
    }),
  );
  expect(await passing([tiny], [{ op: 'any', filters: [] }])).toEqual([]);
});

test('a polygon holds what is inside and on its edges, and nothing without a place', async () => {
  const x = testColumn('int8', ROWS);
  // Eighths, and edges of whole and half slopes: doubles tell exactly what is on an edge.
  const y = testColumn('float32', ROWS);
  const points: [number, number][] = [
    [-100, -10],
    [100, -10],
    [100, 70],
    [0, 20],
    [-100, 70],
  ];
  const inside = (px: number, py: number): boolean => {
    if (!(px >= -100 && px <= 100 && py >= -10 && py <= 70)) return false;
    // The polygon is a box without a triangle that hangs from its upper side down to (0, 20).
    return py <= 20 + 0.5 * Math.abs(px);
  };
  expect(await passing([x, y], [{ op: 'polygon', x: 'int8', y: 'float32', points }])).toEqual(
    rowsWhere(x, (_, row) => inside(doubleOf(x, row), doubleOf(y, row))),
  );
});

describe('refuses what does not fit a column', () => {
  const columns = ['int8', 'word', 'day', 'flag', 'decimal'].map((kind) => testColumn(kind, 10));
  test.each<[Filter, string, string]>([
    [{ op: 'null', column: 'wrod' }, 'COLUMN_UNKNOWN', 'The dataset "test" has no column "wrod".'],
    [
      { op: 'in', column: 'int8', values: ['x'] },
      'TYPE_MISMATCH',
      'The column "int8" is INTEGER, and "x" does not fit it.',
    ],
    [
      { op: 'in', column: 'flag', values: ['true'] },
      'TYPE_MISMATCH',
      'The column "flag" is BOOLEAN, and "true" does not fit it.',
    ],
    [
      { op: 'range', column: 'word', min: 'a' },
      'TYPE_MISMATCH',
      'The column "word" is TEXT, and "range" does not fit it.',
    ],
    [
      { op: 'range', column: 'day', min: '2001-02-30' },
      'TYPE_MISMATCH',
      'The column "day" is TIME, and "2001-02-30" does not fit it.',
    ],
    [
      { op: 'range', column: 'decimal', min: 2, max: 1 },
      'QUERY_INVALID',
      'The range of "decimal" is reversed: filters[0].min is 2, above max, 1.',
    ],
    [
      { op: 'contains', column: 'int8', text: '1' },
      'TYPE_MISMATCH',
      'The column "int8" is INTEGER, and "contains" does not fit it.',
    ],
  ])('%j', async (filter, code, message) => {
    await expect(passing(columns, [filter])).rejects.toMatchObject({ code, message });
  });
});
