import type { TestColumn } from './memory-snapshot.js';

/** By value, text by UTF-8 bytes, NaN above all numbers, null last either way. */
export function compareRows(
  column: TestColumn,
  descending: boolean,
): (a: number, b: number) => number {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const [x, y] = [column.values[a]!, column.values[b]!];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    if (typeof x === 'string')
      return sign * Buffer.compare(Buffer.from(x), Buffer.from(y as string));
    if (x < y) return -sign;
    if (x > y) return sign;
    return sign * (Number(x !== x) - Number(y !== y));
  };
}

/** Rows in the order of some columns, by a sort of all. */
export function sortedRows(
  rows: readonly number[],
  by: readonly (readonly [TestColumn, boolean])[],
): number[] {
  const compares = by.map(([column, descending]) => compareRows(column, descending));
  return rows.toSorted((a, b) => {
    for (const one of compares) if (one(a, b) !== 0) return one(a, b);
    return a - b;
  });
}
