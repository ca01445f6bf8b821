import type { TableView } from '../../columns.js';
import { batchOf, bigintsOf, numbersOf } from '../../scan/values.js';
import type { LinePlan } from './plan.js';
import type { CompareX } from './pixel-columns.js';

/** Compares 64-bit times exactly; doubles can tell all other forms of x apart. */
export function compareXOf({ x, xForm }: LinePlan, table: TableView): CompareX {
  if (xForm !== 'i64') return null;
  const at = integerReader(table, x.column);
  return (a, b) => {
    const xA = at(a);
    const xB = at(b);
    return xA < xB ? -1 : xA > xB ? 1 : 0;
  };
}

/** Where single rows stand in a table: see `placesOf`. */
function openPlaces({ picked }: TableView): (row: number) => number {
  if (picked === undefined) return (row) => row;
  const places = new Map(Array.from(picked, (row, place) => [row, place]));
  return (row) => places.get(row)!;
}

/** Reads single integers of a column by row; slow, and not for nulls. */
function integerReader(table: TableView, column: number): (row: number) => bigint {
  const placeOf = openPlaces(table);
  let batch = 0;
  let firstRow = 0;
  return (rowOfSnapshot) => {
    const row = placeOf(rowOfSnapshot);
    while (row < firstRow) firstRow -= table.batchRows[--batch]!;
    while (row >= firstRow + table.batchRows[batch]!) firstRow += table.batchRows[batch++]!;
    const source = batchOf(table, column, batch);
    const i = row - firstRow;
    const bigints = bigintsOf(table, source);
    return bigints === undefined ? BigInt(numbersOf(table, source)![i]!) : bigints[i]!;
  };
}
