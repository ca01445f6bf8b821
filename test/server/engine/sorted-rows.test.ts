import { tableFromIPC } from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import type { Engine, Frame } from '../../../server/engine/engine.js';
import type { Indexes } from '../../../server/indexes/indexes.js';
import type { ColumnStore } from '../../../server/memory/lease.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type TestColumn } from '../../helpers/memory-snapshot.js';
import { sortedRows } from '../../helpers/sorted-rows.js';
import { withSorts } from '../../helpers/sorts.js';
import { testColumn, TEST_KINDS } from '../../helpers/test-columns.js';

const ROWS = 20_000;
const ALL = Array.from({ length: ROWS }, (_, row) => row);

/** An engine that has the sort index of the first column, and one that scans. */
function enginesOf(columns: readonly TestColumn[]) {
  const { snapshot, store, table } = memorySnapshot(columns, 4_096);
  const sorted = withSorts(table, 0);
  const beside: ColumnStore = {
    async lease(...asked) {
      const lease = await store.lease(...asked);
      const { slabs } = sorted.table;
      return { ...lease, table: { ...lease.table, slabs }, parts: sorted.parts };
    },
  };
  const indexes: Indexes = {
    find: (_, { kind, columns: [column] }) =>
      Promise.resolve(kind.name === 'sort' && column === 0 ? { parts: [] } : { missing: 'no' }),
    build: () => Promise.resolve(),
    extend: () => Promise.resolve(),
    keepOnly: () => undefined,
    drop: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const byIndex = createEngine({ store: beside, pool: inlinePool(2), indexes });
  const byScan = createEngine({ store, pool: inlinePool(2) });
  const ask =
    (engine: Engine) =>
    (query: Partial<Query>): Promise<Frame> =>
      engine.frame(snapshot, { dataset: 'test', mark: 'rows', ...query });
  return { byIndex: ask(byIndex), byScan: ask(byScan) };
}

const rowsIn = ({ bytes }: Frame): number[] => [
  ...(tableFromIPC(bytes).getChild('row').toArray() as Iterable<number>),
];

describe('a sorted page by an index', () => {
  test.each(TEST_KINDS)(
    'by %s is the same bytes as by scans, with filters and without',
    async (kind) => {
      const other = testColumn(kind === 'cents' ? 'int16' : 'cents', ROWS, { seed: 9 });
      const { byIndex, byScan } = enginesOf([testColumn(kind, ROWS), other]);
      const filters: Query['filters'] = [{ op: 'range', column: other.name, max: 40 }];
      for (const order of ['asc', 'desc'] as const) {
        for (const offset of [0, 4_900, 9_999, 19_990]) {
          for (const filter of [{}, { filters }]) {
            const query = { sort: [{ column: kind, order }], offset, limit: 25, ...filter };
            const frame = await byIndex(query);
            expect(frame.plan.tier).toBe('sub-index');
            expect(frame.plan.reason).toContain(`the order of "${kind}"`);
            expect(Buffer.from(frame.bytes).equals((await byScan(query)).bytes)).toBe(true);
          }
        }
      }
    },
  );

  test('has the ties of its column in the order of the next, or is scanned where they are too many', async () => {
    const [cents, flag, int16] = [
      testColumn('cents', ROWS),
      testColumn('flag', ROWS),
      testColumn('int16', ROWS),
    ];
    const sort: Query['sort'] = [
      { column: 'cents', order: 'desc' },
      { column: 'int16', order: 'asc' },
    ];
    const truth = sortedRows(ALL, [
      [cents, true],
      [int16, false],
    ]);
    const { byIndex } = enginesOf([cents, int16]);
    for (const offset of [0, 7_777, 18_500, 19_980]) {
      const frame = await byIndex({ sort, offset, limit: 30 });
      expect(rowsIn(frame)).toEqual(truth.slice(offset, offset + 30));
      expect(frame.plan.tier).toBe('sub-index');
    }
    const flags = enginesOf(
      [flag, int16].map((column) => ({
        ...column,
        values: [...column.values, ...column.values, ...column.values],
      })),
    );
    const query: Partial<Query> = {
      sort: [{ column: 'flag' }, { column: 'int16' }],
      offset: 5_000,
    };
    const frame = await flags.byIndex(query);
    expect(frame.plan.tier).toBe('scan');
    expect(Buffer.from(frame.bytes).equals((await flags.byScan(query)).bytes)).toBe(true);
  });

  test('of filters that nothing or everything passes is empty or whole', async () => {
    const { byIndex } = enginesOf([testColumn('int16', ROWS)]);
    const sort: Query['sort'] = [{ column: 'int16' }];
    const none = await byIndex({ sort, filters: [{ op: 'range', column: 'int16', min: 30_000 }] });
    expect(none.metadata.rows).toMatchObject({ matched: 0, drawn: 0 });
    const all = await byIndex({
      sort,
      limit: 3,
      filters: [
        {
          op: 'any',
          filters: [
            { op: 'null', column: 'int16' },
            { op: 'range', column: 'int16' },
          ],
        },
      ],
    });
    expect(all.metadata.rows).toMatchObject({ matched: ROWS, drawn: 3 });
  });
});

describe('the first page without an index', () => {
  test.each(TEST_KINDS)('by %s takes one scan', async (kind) => {
    const column = testColumn(kind, ROWS);
    const { byScan } = enginesOf([column, testColumn('int16', ROWS)]);
    for (const descending of [false, true]) {
      const frame = await byScan({
        sort: [{ column: kind, order: descending ? 'desc' : 'asc' }],
        limit: 60,
        offset: 40,
      });
      const truth = sortedRows(ALL, [[column, descending]]);
      expect(rowsIn(frame)).toEqual(truth.slice(40, 100));
      expect(frame.plan.reason).toContain('one scan of the rows');
    }
  });

  test('of rows that stand in the opposite order is right', async () => {
    for (const values of [
      ALL,
      ALL.toReversed(),
      ALL.map((i) => i % 7),
      ALL.map((i) => (i % 2 ? null : i)),
    ]) {
      const column: TestColumn = { ...testColumn('int32', 0), values };
      const { byScan } = enginesOf([column]);
      for (const descending of [false, true]) {
        const frame = await byScan({
          sort: [{ column: 'int32', order: descending ? 'desc' : 'asc' }],
          limit: 500,
        });
        expect(rowsIn(frame)).toEqual(sortedRows(ALL, [[column, descending]]).slice(0, 500));
      }
    }
  });

  test('by a column of which many rows are null puts these in order by the next one', async () => {
    const few = ALL.map((i) => (i % 5000 === 7 ? i : null));
    for (const values of [few, ALL.map(() => null)]) {
      const first: TestColumn = { ...testColumn('int32', 0), values };
      const second = testColumn('int16', ROWS);
      const { byScan } = enginesOf([first, second]);
      for (const filters of [[], [{ op: 'range', column: 'int16', min: -900 } as const]]) {
        const { bytes } = await byScan({
          sort: [{ column: 'int32' }, { column: 'int16', order: 'desc' }],
          limit: 30,
          filters,
        });
        const rows = ALL.filter(
          (row) => filters.length === 0 || Number(second.values[row] ?? NaN) >= -900,
        );
        const truth = sortedRows(rows, [
          [first, false],
          [second, true],
        ]);
        expect(rowsIn({ bytes } as Frame)).toEqual(truth.slice(0, 30));
      }
    }
  });

  test('of a large dictionary is right, also where few of its texts pass a filter', async () => {
    const texts: TestColumn = {
      ...testColumn('word', 0),
      storage: 'dict32',
      values: Array.from({ length: 60_000 }, (_, i) =>
        i % 17 === 3 ? null : `label ${(i * 7919) % 40_009}`,
      ),
    };
    const cents = {
      ...testColumn('int32', 0),
      values: texts.values.map((_, i) => (i * 37) % 1000),
    };
    const { byScan } = enginesOf([texts, cents]);
    const rows = texts.values.map((_, row) => row);
    for (const [min, count] of [
      [0, 60_000],
      [970, 1_800],
      [999, 60],
    ] as const) {
      const kept = rows.filter((row) => (cents.values[row] as number) >= min);
      expect(kept).toHaveLength(count);
      for (const descending of [false, true]) {
        const frame = await byScan({
          sort: [{ column: 'word', order: descending ? 'desc' : 'asc' }],
          filters: [{ op: 'range', column: 'int32', min }],
          limit: 50,
        });
        expect(rowsIn(frame)).toEqual(sortedRows(kept, [[texts, descending]]).slice(0, 50));
      }
    }
  });
});
