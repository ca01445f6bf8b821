// Sums, each with what rounding lost of it: Knuth's two-sum. See ../../aggregate/exact-sum.ts.

/** Adds the numbers of the rows that have a cell: the sum of a cell and its rest lie side by side. */
export function sumCells(cells: usize, values: usize, sums: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, cells += 4, values += 8) {
    const cell = load<i32>(cells);
    const value = load<f64>(values);
    if (cell < 0 || value != value) continue;
    const at = sums + (<usize>cell << 4);
    const sum = load<f64>(at);
    const total = sum + value;
    const part = total - sum;
    store<f64>(at, load<f64>(at, 8) + (sum - (total - part) + (value - part)), 8);
    store<f64>(at, total);
  }
}

/** Adds all numbers up, of the rows that pass where there is a mask: into a sum, its rest, and how many they are. */
export function sumValues(values: usize, mask: usize, into: usize, rows: i32): void {
  let sum = load<f64>(into);
  let rest = load<f64>(into, 8);
  let count: i32 = 0;
  for (let i = 0; i < rows; i++, values += 8) {
    const value = load<f64>(values);
    if (value != value || (mask != 0 && load<u8>(mask + i) == 0)) continue;
    const total = sum + value;
    const part = total - sum;
    rest += sum - (total - part) + (value - part);
    sum = total;
    count++;
  }
  store<f64>(into, sum);
  store<f64>(into, rest, 8);
  store<f64>(into, load<f64>(into, 16) + <f64>count, 16);
}
