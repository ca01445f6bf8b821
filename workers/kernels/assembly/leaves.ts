/**
 * Summarizes values by `size` rows, the last ones perhaps fewer: the first least and the first greatest of the finite
 * ones, where they stand (from the first of the rows), and how many are not finite. Without a finite one the least is
 * infinite, the greatest its opposite, both at 0. `size` is even, and at most 254.
 */
export function leaves(
  values: usize,
  rows: i32,
  size: i32,
  least: usize,
  greatest: usize,
  leastAt: usize,
  greatestAt: usize,
  gaps: usize,
): void {
  const two = f64x2.splat(2);
  const above = f64x2.splat(-Infinity);
  const below = f64x2.splat(Infinity);
  for (let from = 0; from < rows; from += size) {
    const count = min(size, rows - from);
    const start = values + (<usize>from << 3);
    let places = f64x2(0, 1);
    let low = below;
    let high = above;
    let lowAt = f64x2.splat(0);
    let highAt = lowAt;
    let placed = i64x2.splat(0);
    let i = 0;
    // Each lane keeps its first; positions are doubles, as wide as the values.
    for (; i + 2 <= count; i += 2) {
      const value = v128.load(start + (<usize>i << 3));
      // NaN is neither above nor below anything.
      const isPlaced = v128.and(f64x2.gt(value, above), f64x2.lt(value, below));
      const lower = v128.and(f64x2.lt(value, low), isPlaced);
      const higher = v128.and(f64x2.gt(value, high), isPlaced);
      low = v128.bitselect(value, low, lower);
      lowAt = v128.bitselect(places, lowAt, lower);
      high = v128.bitselect(value, high, higher);
      highAt = v128.bitselect(places, highAt, higher);
      // True is -1.
      placed = i64x2.sub(placed, isPlaced);
      places = f64x2.add(places, two);
    }
    let lowest = f64x2.extract_lane(low, 0);
    let lowestAt = f64x2.extract_lane(lowAt, 0);
    const otherLow = f64x2.extract_lane(low, 1);
    const otherLowAt = f64x2.extract_lane(lowAt, 1);
    if (otherLow < lowest || (otherLow == lowest && otherLowAt < lowestAt)) {
      lowest = otherLow;
      lowestAt = otherLowAt;
    }
    let highest = f64x2.extract_lane(high, 0);
    let highestAt = f64x2.extract_lane(highAt, 0);
    const otherHigh = f64x2.extract_lane(high, 1);
    const otherHighAt = f64x2.extract_lane(highAt, 1);
    if (otherHigh > highest || (otherHigh == highest && otherHighAt < highestAt)) {
      highest = otherHigh;
      highestAt = otherHighAt;
    }
    let points = <i32>(i64x2.extract_lane(placed, 0) + i64x2.extract_lane(placed, 1));
    if (i < count) {
      const value = load<f64>(start + (<usize>i << 3));
      if (value > -Infinity && value < Infinity) {
        points++;
        if (value < lowest) {
          lowest = value;
          lowestAt = <f64>i;
        }
        if (value > highest) {
          highest = value;
          highestAt = <f64>i;
        }
      }
    }
    store<f64>(least, lowest);
    store<f64>(greatest, highest);
    store<u8>(leastAt, <u8>lowestAt);
    store<u8>(greatestAt, <u8>highestAt);
    store<u8>(gaps, <u8>(count - points));
    least += 8;
    greatest += 8;
    leastAt++;
    greatestAt++;
    gaps++;
  }
}
