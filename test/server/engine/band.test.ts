import { tableFromIPC } from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { checkQuery } from '../../../server/engine/check-query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type TestColumn } from '../../helpers/memory-snapshot.js';
import { testColumn } from '../../helpers/test-columns.js';

const ROWS = 4_000;
const YEARS = { mark: 'line', x: { column: 'day', bin: 'year' } } as const;
const BAND = [0.1, 0.9] satisfies Query['band'];

const named = (column: TestColumn, name: string): TestColumn => ({ ...column, name });
const few = named(testColumn('cents', ROWS, { seed: 9 }), 'few');
const source = memorySnapshot(
  [
    testColumn('day', ROWS),
    testColumn('int16', ROWS),
    testColumn('flag', ROWS),
    testColumn('word', ROWS),
    named(testColumn('odd', ROWS, { seed: 4, nullEvery: 4 }), 'odd'),
    testColumn('decimal', ROWS),
    testColumn('huge', ROWS),
    { ...few, values: few.values.map((value) => value && Math.round(Number(value) / 40)) },
    { ...few, name: 'nothing', values: few.values.map(() => null) },
  ],
  1_536,
);

async function columnsOf(query: Partial<Query>, threads: number): Promise<Record<string, unknown>> {
  const engine = createEngine({ store: source.store, pool: inlinePool(threads) });
  const { bytes, metadata } = await engine.frame(source.snapshot, {
    dataset: 'test',
    ...YEARS,
    ...query,
  });
  const table = tableFromIPC(bytes);
  const columns = table.schema.fields.map(({ name }) => [
    name,
    [...(table.getChild(name).toArray() as Iterable<unknown>)],
  ]);
  return { ...(Object.fromEntries(columns) as object), rows: metadata.rows };
}

describe('a line with a band', () => {
  const mean = (column: string): Partial<Query> => ({ aggregate: { op: 'mean', column } });
  test.each<[string, Partial<Query>]>([
    ['of doubles of every kind', mean('odd')],
    ['of integers', mean('int16')],
    ['of decimals', mean('decimal')],
    ['of integers that are wider than a double', mean('huge')],
    ['of values that are mostly equal', mean('few')],
    ['of nulls alone', mean('nothing')],
    ['of the rows with a finite y', { ...mean('odd'), y: 'odd' }],
    ['around a median', { aggregate: { op: 'median', column: 'odd' } }],
    ['around a count', { aggregate: { op: 'count', column: 'few' } }],
    ['for each category', { ...mean('few'), color: 'word' }],
    ['for each of several columns', { aggregate: { op: 'mean' }, y: ['few', 'odd', 'int16'] }],
    ['over bins of a width', { ...mean('odd'), x: { column: 'int16', bin: 7 } }],
    [
      'of the rows that pass filters',
      { ...mean('odd'), filters: [{ op: 'range', column: 'int16', min: -300, max: 900 }] },
    ],
    ['of a domain', { ...mean('odd'), domain: { x: ['1980-02-03', '1995-06-07'] } }],
    ['of no rows', { ...mean('odd'), filters: [{ op: 'in', column: 'word', values: [] }] }],
  ])('%s has the very numbers of three lines', async (_, query) => {
    for (const threads of [1, 3]) {
      const { op: __, ...of } = query.aggregate!;
      const end = async (p: number): Promise<unknown> =>
        (await columnsOf({ ...query, aggregate: { ...of, op: 'quantile', p } }, threads))['value'];
      expect(await columnsOf({ ...query, band: BAND }, threads)).toEqual({
        ...(await columnsOf(query, threads)),
        low: await end(0.1),
        high: await end(0.9),
      });
    }
  });

  test('is of a column of numbers', async () => {
    const of = (query: Partial<Query>) => columnsOf({ band: BAND, ...query }, 1);
    await expect(of({})).rejects.toMatchObject({ code: 'QUERY_INVALID' });
    await expect(of({ aggregate: { op: 'distinct', column: 'word' } })).rejects.toMatchObject({
      code: 'TYPE_MISMATCH',
    });
  });

  test('is refused where there is none, and where its ends do not ascend', () => {
    const ask = (query: object) => () => checkQuery({ dataset: 'test', band: BAND, ...query });
    const invalid = expect.objectContaining({ code: 'QUERY_INVALID' }) as Error;
    expect(ask(YEARS)).not.toThrow();
    expect(ask({ mark: 'line', x: 'day', y: 'odd' })).toThrow(invalid);
    expect(ask({ mark: 'bar', x: YEARS.x })).toThrow(invalid);
    expect(ask({ ...YEARS, against: { filters: [] } })).toThrow(invalid);
    for (const band of [[0.9, 0.1], [0.5, 0.5], [0.1], [0, 0.5, 1], [-0.1, 0.5], true])
      expect(ask({ ...YEARS, band })).toThrow(invalid);
    expect(ask({ ...YEARS, band: [0.5, 1.1] })).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }) as Error,
    );
  });
});
