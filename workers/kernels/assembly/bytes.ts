// Counts of a byte each.

/** into[i] += other[i]; returns 1 where a sum did not fit, and what it then left means nothing. */
export function addBytes(into: usize, other: usize, length: i32): i32 {
  let lost = i8x16.splat(0);
  let i = 0;
  for (; i + 16 <= length; i += 16, into += 16, other += 16) {
    const a = v128.load(into);
    const b = v128.load(other);
    const sum = i8x16.add(a, b);
    lost = v128.or(lost, v128.xor(sum, i8x16.add_sat_u(a, b)));
    v128.store(into, sum);
  }
  let isLost = v128.any_true(lost);
  for (; i < length; i++, into++, other++) {
    const sum = <i32>load<u8>(into) + <i32>load<u8>(other);
    isLost = isLost || sum > 255;
    store<u8>(into, <u8>sum);
  }
  return <i32>isLost;
}

/** How many are not 0, times 256, and the largest. */
export function tallyBytes(counts: usize, length: i32): i32 {
  const zero = i8x16.splat(0);
  let most = zero;
  let empty = 0;
  let i = 0;
  for (; i + 16 <= length; i += 16, counts += 16) {
    const own = v128.load(counts);
    most = i8x16.max_u(most, own);
    empty += popcnt(i8x16.bitmask(i8x16.eq(own, zero)));
  }
  most = i8x16.max_u(most, v128.shuffle<i8>(most, most, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  most = i8x16.max_u(most, v128.shuffle<i8>(most, most, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  most = i8x16.max_u(most, v128.shuffle<i8>(most, most, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  most = i8x16.max_u(most, v128.shuffle<i8>(most, most, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
  let largest = <i32>i8x16.extract_lane_u(most, 0);
  for (; i < length; i++, counts++) {
    const own = <i32>load<u8>(counts);
    largest = max(largest, own);
    empty += <i32>(own == 0);
  }
  return ((length - empty) << 8) | largest;
}
