/**
 * Writes where the first least and the first greatest of values[from] to values[to - 1] stand, at `out` and
 * `out + 4`. There is at least one value, and none is NaN.
 */
export function extremes(values: usize, from: i32, to: i32, out: usize): void {
  const two = f64x2.splat(2);
  let places = f64x2(<f64>from, <f64>(from + 1));
  let least = f64x2.splat(load<f64>(values + (<usize>from << 3)));
  let greatest = least;
  let leastAt = f64x2.splat(<f64>from);
  let greatestAt = leastAt;
  let i = from;
  // Each lane keeps its first; positions are doubles, as wide as the values.
  for (; i + 2 <= to; i += 2) {
    const value = v128.load(values + (<usize>i << 3));
    const lower = f64x2.lt(value, least);
    const higher = f64x2.gt(value, greatest);
    least = v128.bitselect(value, least, lower);
    leastAt = v128.bitselect(places, leastAt, lower);
    greatest = v128.bitselect(value, greatest, higher);
    greatestAt = v128.bitselect(places, greatestAt, higher);
    places = f64x2.add(places, two);
  }
  let low = f64x2.extract_lane(least, 0);
  let lowAt = f64x2.extract_lane(leastAt, 0);
  const otherLow = f64x2.extract_lane(least, 1);
  const otherLowAt = f64x2.extract_lane(leastAt, 1);
  if (otherLow < low || (otherLow == low && otherLowAt < lowAt)) {
    low = otherLow;
    lowAt = otherLowAt;
  }
  let high = f64x2.extract_lane(greatest, 0);
  let highAt = f64x2.extract_lane(greatestAt, 0);
  const otherHigh = f64x2.extract_lane(greatest, 1);
  const otherHighAt = f64x2.extract_lane(greatestAt, 1);
  if (otherHigh > high || (otherHigh == high && otherHighAt < highAt)) {
    high = otherHigh;
    highAt = otherHighAt;
  }
  if (i < to) {
    const value = load<f64>(values + (<usize>i << 3));
    if (value < low) lowAt = <f64>i;
    if (value > high) highAt = <f64>i;
  }
  store<i32>(out, <i32>lowAt);
  store<i32>(out, <i32>highAt, 4);
}
