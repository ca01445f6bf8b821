/**
 * The part of a sort index that belongs to one batch: the positions of its rows in ascending order of the column, in
 * little-endian uint32, padded to a multiple of 64 bytes. Values come first, by what they are (numbers by value, -0 as 0, NaN above all
 * of them; texts by UTF-8 bytes; false before true), equal ones by row; then the nulls, by row.
 */
export function sortPartBytes(rows: number): number {
  return Math.ceil((rows * 4) / 64) * 64;
}
