import { aggregateSql } from '../aggregate-sql.js';
import { columnOf, oneRow, type Claim } from '../claim.js';
import { checkRowCounts } from '../places.js';

/** One number. */
export async function proveValue(claim: Claim): Promise<void> {
  const { query, frame, where, found } = claim;
  const aggregate = query.aggregate ?? { op: 'count' };
  const measure = aggregate.column === undefined ? undefined : columnOf(claim, aggregate.column);
  const seen =
    measure === undefined
      ? 'true'
      : measure.logical.kind === 'float'
        ? `(${measure.id} IS NOT NULL AND NOT isnan(${measure.id}))`
        : `(${measure.id} IS NOT NULL)`;
  await checkRowCounts(claim, { placeable: seen, inside: 'true' });
  const { value, slack, tolerance } = aggregateSql(aggregate, measure);
  const [sql, count, bound] = await oneRow(
    claim,
    `SELECT ${value}, (count(*) FILTER (${seen}))::DOUBLE, ${slack} FROM t WHERE ${where}`,
  );
  found.tolerate(tolerance);
  found.same(frame.rows, 1, () => 'rows of the frame');
  const [ours] = frame.plain('value');
  found.same(ours, sql as number | null, () => 'the value', (bound as number | null) ?? 0);
  found.same(frame.numbers('count')[0], count as number, () => 'its count');
}
