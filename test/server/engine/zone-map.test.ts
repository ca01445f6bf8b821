import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../protocol/column.js';
import type { Filter } from '../../../protocol/query.js';
import { ColumnZones, zonedColumns } from '../../../server/engine/column-zones.js';
import { ColumnScope } from '../../../server/engine/columns.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import { resolveFilters } from '../../../server/engine/resolve-filter.js';
import { mayMatch, verdictOf } from '../../../server/engine/zone-map.js';
import { BLOCK_ROWS } from '../../../workers/columns.js';
import { jsonValue } from '../../../workers/json-value.js';
import { Verdict } from '../../../workers/scan/verdict.js';
import { bitBytes, fillBits } from '../../../workers/select/fill-bits.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type Stored, type TestColumn } from '../../helpers/memory-snapshot.js';
import { randomNumbers, testColumn, TEST_KINDS } from '../../helpers/test-columns.js';

const ROWS = 36_001;
const BATCH = 16_384;
const FILTERED = TEST_KINDS.filter((kind) => !['flag', 'word', 'text'].includes(kind));

/** A column as tables often have them: more or less in order, with stretches of nulls. */
function nearlySorted(kind: string): TestColumn {
  const column = testColumn(kind, ROWS, { nullEvery: 0 });
  const random = randomNumbers(kind.length);
  const values = [...column.values].sort((a, b) => (a! < b! ? -1 : a! > b! ? 1 : 0));
  for (let i = 0; i < 20; i++) {
    const [a, b] = [random() % ROWS, random() % ROWS];
    [values[a], values[b]] = [values[b]!, values[a]!];
  }
  const nulls = (row: number): boolean => row % 10_000 < 4000 && random() % 50 === 0;
  return {
    ...column,
    values: values.map((value, row) => (nulls(row) || row >= 32_000 ? null : value)),
  };
}

function asJson({ logical }: TestColumn, value: Stored): JsonValue {
  return jsonValue(logical, value as number | bigint);
}

/** The verdict of the zones on each block, and that of a look at its rows. */
async function verdicts(columns: readonly TestColumn[], filters: readonly Filter[], log = false) {
  const { snapshot, table } = memorySnapshot(columns, BATCH);
  const scope = new ColumnScope(snapshot);
  // In the order of the table, as the predicate names columns by their places there.
  for (const { name } of columns) scope.use(name, 'test');
  const predicate = resolveFilters(filters, scope, log ? { x: 'log' } : {})!;
  const batches = table.batchRows.map((_, batch) => batch);
  const zones = new ColumnZones(inlinePool());
  const wanted = zonedColumns(predicate, scope.used);
  const zoneOf = await zones.of({ scope, table, columns: wanted, batches });
  const slab = new SharedArrayBuffer(2 ** 16);
  const beside = { ...table, slabs: [...table.slabs, slab] };
  const found: { zone: Verdict; exact: Verdict; batch: number }[] = [];
  for (const [batch, rows] of table.batchRows.entries()) {
    const span = { slab: table.slabs.length, offset: 0, length: bitBytes(rows) };
    const filled = fillBits({ table: beside, predicate, into: [{ batch, span }] });
    if (filled.withdrawn) throw new Error('Nobody has withdrawn it.');
    for (let block = 0; block * BLOCK_ROWS < rows; block++) {
      const zone = verdictOf(predicate, scope.used, (column) => zoneOf(column, batch, block));
      found.push({ zone, exact: filled.verdicts[0]![block] as Verdict, batch });
    }
  }
  for (const { zone, exact, batch } of found) {
    if (zone !== Verdict.SOME) expect(exact).toBe(zone);
    // What the manifest says of the batch holds for its blocks.
    if (!mayMatch(predicate, scope.used, batch)) expect(exact).toBe(Verdict.NONE);
  }
  return found;
}

const decided = (found: { zone: Verdict }[]) =>
  found.filter(({ zone }) => zone !== Verdict.SOME).length;

describe.each(FILTERED)('the zones of %s', (kind) => {
  const column = nearlySorted(kind);
  const values = [...new Set(column.values)].filter(
    (value): value is number | bigint => value !== null && !Number.isNaN(value),
  );
  values.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const at = (share: number) => asJson(column, values[Math.floor(share * (values.length - 1))]!);

  test('say nothing false of ranges, their complements and unions', async () => {
    let all = 0;
    for (const [low, high] of [
      [0, 1],
      [0.2, 0.6],
      [0.5, 0.5],
      [0.9, 1],
    ] as const) {
      const range = { op: 'range', column: kind, min: at(low), max: at(high) } as Filter;
      const open = { ...range, minExclusive: true, maxExclusive: true } as Filter;
      for (const filter of [range, open]) {
        all += decided(await verdicts([column], [filter]));
        await verdicts([column], [{ op: 'not', filter }]);
        await verdicts([column], [{ op: 'any', filters: [filter, { op: 'null', column: kind }] }]);
        await verdicts([column], [filter, { op: 'not', filter: { op: 'null', column: kind } }]);
      }
    }
    // A zone that decides nothing says nothing false either. Wide integers have none.
    if (!['huge', 'decimal128', 'odd'].includes(kind)) expect(all).toBeGreaterThan(10);
  });

  test('say nothing false of lists', async () => {
    for (const shares of [[0], [0.1, 0.11, 0.9], []]) {
      const list = shares.map(at);
      await verdicts([column], [{ op: 'in', column: kind, values: list }]);
      await verdicts([column], [{ op: 'in', column: kind, values: [...list, null] }]);
      await verdicts([column], [{ op: 'in', column: kind, values: list, exclude: true }]);
    }
  });

  test('say nothing false of polygons', async () => {
    const other = nearlySorted('cents');
    const columns = kind === 'cents' ? [column] : [column, other];
    for (const [left, right] of [
      [0.1, 0.3],
      [0, 0.02],
      [0.6, 1],
    ] as const) {
      const [a, b] = [at(left), at(right)] as number[];
      if (kind === 'odd' && ![a, b].every((end) => Number.isFinite(end))) continue;
      const points: [number, number][] = [
        [a!, 0],
        [b!, 40],
        [a!, 90],
      ];
      await verdicts(columns, [{ op: 'polygon', x: kind, y: 'cents', points }]);
    }
  });
});

test('columns of NaN, infinities and nothing have zones that say nothing false', async () => {
  const odd: Stored[] = [NaN, Infinity, -Infinity, null, -0, 0, 5];
  const column: TestColumn = {
    name: 'odd',
    storage: 'float64',
    logical: { kind: 'float', bits: 64 },
    // Each block holds two of them at most.
    values: Array.from({ length: ROWS }, (_, row) => {
      const block = Math.floor(row / BLOCK_ROWS);
      return odd[(row % 2 === 0 ? block : block + 3) % odd.length]!;
    }),
  };
  for (const filter of [
    { op: 'range', column: 'odd' },
    { op: 'range', column: 'odd', min: '-Infinity', max: 0 },
    { op: 'range', column: 'odd', min: 6 },
    { op: 'range', column: 'odd', min: '-Infinity', minExclusive: true },
    { op: 'in', column: 'odd', values: ['NaN'] },
    { op: 'in', column: 'odd', values: ['Infinity', null] },
    { op: 'in', column: 'odd', values: [0], exclude: true },
    { op: 'null', column: 'odd' },
  ] as Filter[]) {
    await verdicts([column], [filter]);
    await verdicts([column], [{ op: 'not', filter }]);
  }
});

test('64-bit integers next to the ends of a range are not taken for others', async () => {
  // Doubles there are 256 apart.
  const first = 2n ** 60n;
  const column: TestColumn = {
    name: 'big',
    storage: 'int64',
    logical: { kind: 'integer', bits: 64, signed: true },
    values: Array.from({ length: ROWS }, (_, row) => first + BigInt(row)),
  };
  for (const edge of [0, 1, 8191, 8192, 8193, 16_384, 36_000]) {
    for (const shift of [-1n, 0n, 1n]) {
      const min = String(first + BigInt(edge) + shift);
      await verdicts([column], [{ op: 'range', column: 'big', min }]);
      await verdicts([column], [{ op: 'range', column: 'big', max: min }]);
      await verdicts([column], [{ op: 'in', column: 'big', values: [min] }]);
    }
  }
  const found = await verdicts([column], [{ op: 'range', column: 'big', min: String(first + 20_000n) }]); // prettier-ignore
  expect(found.length - decided(found)).toBeLessThan(3);
});

test('a range over an ascending column looks at its ends alone, and the frame is the same', async () => {
  const tick: TestColumn = {
    name: 'tick',
    storage: 'int32',
    logical: { kind: 'integer', bits: 32, signed: true },
    values: Array.from({ length: ROWS }, (_, row) => row),
  };
  const { snapshot, store } = memorySnapshot([tick, testColumn('cents', ROWS)], BATCH);
  const engine = createEngine({ store, pool: inlinePool(), leastZonedRows: 0 });
  const plain = createEngine({
    store: { lease: (...asked) => store.lease(...asked) },
    pool: inlinePool(),
  });
  const query = {
    dataset: 'test',
    mark: 'histogram',
    x: 'cents',
    filters: [{ op: 'range', column: 'tick', min: 10_000, max: 20_000 }],
  } as const;
  const { bytes, plan } = await engine.frame(snapshot, query as never);
  expect(bytes).toEqual((await plain.frame(snapshot, query as never)).bytes);
  // The first block, and the second of the second batch; the last batch is left out by its manifest.
  expect(plan.reason).toBe(
    '2 scans of the rows; 1 of 3 batches cannot match; 2 of 4 blocks cannot match',
  );
});
