import fc from 'fast-check';
import type { ColumnValues } from '../../protocol/options.js';
import { filterArbitrary, type OracleFilter } from './filters.js';
import { mustBe, mustList } from './must.js';
import type { ValuesRequest } from '../../server/engine/engine.js';
import type { Stage } from './stage.js';
import type { OracleTable } from './table.js';

/** What a dropdown asks, with its other filters in SQL. */
export interface ValuesCase {
  query: ValuesRequest;
  where: string;
}

const SEARCHES = [undefined, '', 'a', 'Ü', 'K1', '1', 'zz', 'ελ'] as const;
const COLUMNS = [
  'flag',
  'letter',
  'word',
  'color',
  'many',
  'uuid',
  'unique',
  'few',
  'tiny',
  'cents',
  'wide',
  'nothing',
];

export function valuesArbitrary(table: OracleTable): fc.Arbitrary<ValuesCase> {
  const filters = fc.option(
    fc.oneof<fc.Arbitrary<OracleFilter>[]>(
      filterArbitrary(table, table.columns.get('letter')!, 'in'),
      filterArbitrary(table, table.columns.get('price')!, 'range'),
      filterArbitrary(table, table.columns.get('zoned')!, 'range'),
    ),
    { nil: undefined },
  );
  return fc
    .tuple(
      fc.constantFrom(...COLUMNS),
      fc.constantFrom(...SEARCHES),
      fc.constantFrom(1, 10, 1000),
      filters,
    )
    .map(([column, search, limit, filter]) => ({
      query: {
        column,
        limit,
        ...(search !== undefined && { search }),
        filters: filter === undefined ? [] : [filter.filter],
      },
      where: filter?.sql ?? 'true',
    }));
}

/** The most frequent values first, ties in the order of the values, null after all of its count. */
export async function runValuesCase(
  { product, snapshot, table }: Stage,
  { query, where }: ValuesCase,
): Promise<void> {
  const answer: ColumnValues = await product.values(snapshot, query);
  const { kind, type } = table.columns.get(query.column)!;
  const name = `"${query.column}"`;
  const text = `${name}::VARCHAR`;
  const needle = `'${(query.search ?? '').replaceAll("'", "''")}'`;
  const isFound = query.search
    ? `COALESCE(contains(lower(${text}), lower(${needle})), false)`
    : 'true';
  const byValue = type.startsWith('ENUM') || type === 'UUID' ? text : name;
  const groups = await table.all(
    `SELECT ${text} AS value, count(*)::DOUBLE AS count, ${isFound} AS found FROM t WHERE ${where}
     GROUP BY ${name} ORDER BY count DESC, ${byValue} NULLS LAST`,
  );
  const matching = groups.filter(({ found }) => found === true);
  mustBe(answer.total, groups.length, 'total');
  mustBe(answer.matching, matching.length, 'matching');
  const page = matching.slice(0, query.limit);
  const shown = (value: unknown): unknown =>
    value === null ? null : kind === 'number' ? Number(value) : String(value as string | boolean);
  mustList(
    answer.values.map(({ count }) => count),
    page.map(({ count }) => count),
    'count',
  );
  mustList(
    answer.values.map(({ value }) => shown(value)),
    page.map(({ value }) => shown(value)),
    'value',
  );
}
