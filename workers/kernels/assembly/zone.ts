/** Writes the least and the greatest value that is no NaN, and how many are NaN; `rows` doubles. */
export function zone(values: usize, rows: i32, out: usize): void {
  let least = f64x2.splat(Infinity);
  let greatest = f64x2.splat(-Infinity);
  let counts = i64x2.splat(0);
  let i = 0;
  for (; i + 2 <= rows; i += 2, values += 16) {
    const two = v128.load(values);
    // The first operand stays where the second is NaN.
    least = f64x2.pmin(least, two);
    greatest = f64x2.pmax(greatest, two);
    counts = i64x2.sub(counts, f64x2.ne(two, two));
  }
  let low = min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1));
  let high = max(f64x2.extract_lane(greatest, 0), f64x2.extract_lane(greatest, 1));
  let nans = i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1);
  if (i < rows) {
    const value = load<f64>(values);
    if (value < low) low = value;
    if (value > high) high = value;
    if (value != value) nans++;
  }
  store<f64>(out, low);
  store<f64>(out, high, 8);
  store<f64>(out, <f64>nans, 16);
}
