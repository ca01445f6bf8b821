import type { TableView } from '../../columns.js';
import type { DeclaredValues } from '../../declared/column.js';
import { rowOrder, takeValues } from '../../declared/take.js';
import { compareStrings } from '../../text/rank.js';

/** A column that rows are ordered by. */
export interface SortColumn {
  column: number;
  descending: boolean;
}

/**
 * Rows in order: by the values of the columns, text by UTF-8 bytes, NaN above all numbers, nulls last in either
 * direction, ties by row. `rows` must ascend.
 */
export function sortRows(
  table: TableView,
  rows: Uint32Array<ArrayBuffer>,
  sort: readonly SortColumn[],
  check: () => void,
): Uint32Array<ArrayBuffer> {
  const order = rowOrder(rows, table);
  const compares = sort.map(({ column, descending }) => {
    check();
    return comparison(takeValues(table, column, order), descending);
  });
  const places = Uint32Array.from(rows.keys()).sort((a, b) => {
    for (const compare of compares) {
      const difference = compare(a, b);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
  return Uint32Array.from(places, (place) => rows[place]!);
}

function comparison(
  { valid, stored, strings }: DeclaredValues,
  descending: boolean,
): (a: number, b: number) => number {
  const sign = descending ? -1 : 1;
  const compare =
    strings !== undefined
      ? (a: number, b: number) => compareStrings(strings, a, b)
      : (a: number, b: number) => compareNumbers(stored!(a), stored!(b));
  return (a, b) => {
    if (valid[a] === 0 || valid[b] === 0) return valid[b]! - valid[a]!;
    return sign * compare(a, b);
  };
}

function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(a !== a) - Number(b !== b);
}
