// Sums by cell, each with what rounding lost of it: Knuth's two-sum. See ../../aggregate/exact-sum.ts.

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
