import { expect, test } from 'vitest';
import { gatherDoubles } from '../../../workers/scan/gather.js';
import { memorySnapshot } from '../../helpers/memory-snapshot.js';
import { doubleOf, randomNumbers, testColumn } from '../../helpers/test-columns.js';

const ROWS = 9000;
const BATCH = 4096;

/** Some rows of all, ascending. */
function someRows(share: number, seed: number): Uint32Array {
  const random = randomNumbers(seed);
  return Uint32Array.from({ length: ROWS }, (_, row) => row).filter(
    () => random() < share * 2 ** 32,
  );
}

function columnOf(kind: string) {
  const column = { ...testColumn(kind, ROWS, { seed: 3 }), name: 'y' };
  const { table } = memorySnapshot([column], BATCH);
  const expected = column.values.map((_, row) => doubleOf(column, row));
  return { table, expected };
}

// Few and many of each batch: what is read together is left over in part.
test.each(
  ['int16', 'float32', 'odd', 'int64', 'cents', 'decimal'].flatMap((kind) =>
    [0.0005, 0.01, 0.5, 1].map((share) => [kind, share] as const),
  ),
)('values of %s are those of the rows, a share of %d of them', (kind, share) => {
  const { table, expected } = columnOf(kind);
  const rows = someRows(share, 7);
  expect([...gatherDoubles(table, 0, rows)]).toEqual([...rows].map((row) => expected[row]));
});

test.each(
  ['int16', 'float32', 'int64', 'cents'].flatMap((kind) =>
    [0.0005, 0.3, 1].map((share) => [kind, share] as const),
  ),
)('of %s only what is not known is read, of a share of %d of the rows', (kind, share) => {
  const { table, expected } = columnOf(kind);
  const rows = someRows(share, 8);
  const random = randomNumbers(9);
  // A value that no row has shows that it was left as it is.
  const known = Float64Array.from(rows, () => (random() % 3 === 0 ? 1e300 : NaN));
  const wanted = [...rows].map((row, k) => (known[k] === 1e300 ? 1e300 : expected[row]));
  const gathered = [...gatherDoubles(table, 0, rows, known)];
  const isNull = (k: number): boolean => Number.isNaN(expected[rows[k]!]!);
  expect(gathered.filter((_, k) => !isNull(k))).toEqual(wanted.filter((_, k) => !isNull(k)));
});
