import { aggregateSql, mustBeAggregate } from './aggregate.js';
import type { Checked } from './checks.js';
import { mustBe } from './must.js';
import { numbersOf, valuesOf } from './read-frame.js';

/** One number, and it is DuckDB's. */
export async function checkValue({ table, query, where, frame, matched }: Checked): Promise<void> {
  const aggregate = query.aggregate ?? { op: 'count' };
  const measure = aggregate.column === undefined ? undefined : table.columns.get(aggregate.column)!;
  const [truth] = await table.all(
    `SELECT ${aggregateSql(aggregate, measure)} AS value FROM t WHERE ${where}`,
  );
  const found = valuesOf<number>(frame, 'value');
  mustBe(found.length, 1, 'the number of rows');
  mustBeAggregate(found[0]!, truth!['value'] as number | null, aggregate, measure, 'the value');
  let seen = matched.length;
  if (measure !== undefined) {
    seen = 0;
    for (const row of matched) if (!Number.isNaN(measure.doubles[row])) seen++;
  }
  mustBe(numbersOf(frame, 'count')[0], seen, 'count');
  mustBe(frame.metadata.rows.drawn, seen, 'rows.drawn');
  mustBe(frame.metadata.rows.outside, 0, 'rows.outside');
}
