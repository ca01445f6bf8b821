/**
 * Chooses of each bucket of points the first that makes the largest triangle with the point chosen before it and the mean of the
 * next bucket. Bucket b holds the points from starts[b] to starts[b + 1] - 1; there is one bucket more than are chosen
 * of. `last` has x and y of the point chosen before, and gets those of the last one. `means` has room for two doubles a bucket.
 */
export function triangles(
  xs: usize,
  ys: usize,
  starts: usize,
  buckets: i32,
  last: usize,
  means: usize,
  out: usize,
): void {
  meansOf(xs, ys, starts, buckets + 1, means);
  let fromX = load<f64>(last);
  let fromY = load<f64>(last, 8);
  for (let b = 0; b < buckets; b++) {
    const mean = means + (<usize>(b + 1) << 4);
    const best = largest(
      xs,
      ys,
      load<i32>(starts + (<usize>b << 2)),
      load<i32>(starts + (<usize>b << 2), 4),
      fromX,
      fromY,
      load<f64>(mean),
      load<f64>(mean, 8),
    );
    fromX = load<f64>(xs + (<usize>best << 3));
    fromY = load<f64>(ys + (<usize>best << 3));
    store<i32>(out + (<usize>b << 2), best);
  }
  store<f64>(last, fromX);
  store<f64>(last, fromY, 8);
}

/** The means of all buckets but the first. Each adds its points in their order: four at a time, for an addition waits for the one before. */
function meansOf(xs: usize, ys: usize, starts: usize, buckets: i32, means: usize): void {
  let b = 1;
  for (; b + 4 <= buckets; b += 4) {
    const at = starts + (<usize>b << 2);
    const s0 = load<i32>(at);
    const s1 = load<i32>(at, 4);
    const s2 = load<i32>(at, 8);
    const s3 = load<i32>(at, 12);
    const s4 = load<i32>(at, 16);
    const common = min(min(s1 - s0, s2 - s1), min(s3 - s2, s4 - s3)) & ~1;
    let x01 = f64x2.splat(0);
    let y01 = x01;
    let x23 = x01;
    let y23 = x01;
    for (let i = 0; i < common; i += 2) {
      const a = <usize>(s0 + i) << 3;
      const b = <usize>(s1 + i) << 3;
      const c = <usize>(s2 + i) << 3;
      const d = <usize>(s3 + i) << 3;
      const xa = v128.load(xs + a);
      const xb = v128.load(xs + b);
      const xc = v128.load(xs + c);
      const xd = v128.load(xs + d);
      x01 = f64x2.add(f64x2.add(x01, v128.shuffle<f64>(xa, xb, 0, 2)), v128.shuffle<f64>(xa, xb, 1, 3));
      x23 = f64x2.add(f64x2.add(x23, v128.shuffle<f64>(xc, xd, 0, 2)), v128.shuffle<f64>(xc, xd, 1, 3));
      const ya = v128.load(ys + a);
      const yb = v128.load(ys + b);
      const yc = v128.load(ys + c);
      const yd = v128.load(ys + d);
      y01 = f64x2.add(f64x2.add(y01, v128.shuffle<f64>(ya, yb, 0, 2)), v128.shuffle<f64>(ya, yb, 1, 3));
      y23 = f64x2.add(f64x2.add(y23, v128.shuffle<f64>(yc, yd, 0, 2)), v128.shuffle<f64>(yc, yd, 1, 3));
    }
    const mean = means + (<usize>b << 4);
    writeMean(xs, ys, s0, s0 + common, s1, f64x2.extract_lane(x01, 0), f64x2.extract_lane(y01, 0), mean);
    writeMean(xs, ys, s1, s1 + common, s2, f64x2.extract_lane(x01, 1), f64x2.extract_lane(y01, 1), mean + 16);
    writeMean(xs, ys, s2, s2 + common, s3, f64x2.extract_lane(x23, 0), f64x2.extract_lane(y23, 0), mean + 32);
    writeMean(xs, ys, s3, s3 + common, s4, f64x2.extract_lane(x23, 1), f64x2.extract_lane(y23, 1), mean + 48);
  }
  for (; b < buckets; b++) {
    const start = load<i32>(starts + (<usize>b << 2));
    writeMean(xs, ys, start, start, load<i32>(starts + (<usize>b << 2), 4), 0, 0, means + (<usize>b << 4));
  }
}

/** The mean of the points from `start` to `end` - 1, of which those before `i` are added up already. */
function writeMean(
  xs: usize,
  ys: usize,
  start: i32,
  i: i32,
  end: i32,
  sumX: f64,
  sumY: f64,
  out: usize,
): void {
  for (; i < end; i++) {
    sumX += load<f64>(xs + (<usize>i << 3));
    sumY += load<f64>(ys + (<usize>i << 3));
  }
  const count = <f64>(end - start);
  store<f64>(out, sumX / count);
  store<f64>(out, sumY / count, 8);
}

function largest(
  xs: usize,
  ys: usize,
  start: i32,
  end: i32,
  fromX: f64,
  fromY: f64,
  meanX: f64,
  meanY: f64,
): i32 {
  const x0 = f64x2.splat(fromX);
  const y0 = f64x2.splat(fromY);
  const dx = f64x2.splat(fromX - meanX);
  const dy = f64x2.splat(meanY - fromY);
  const four = f64x2.splat(4);
  // Each lane keeps its first; positions are doubles, as wide as the values.
  let most = f64x2.splat(-1);
  let otherMost = most;
  let mostAt = f64x2.splat(<f64>start);
  let otherMostAt = mostAt;
  let places = f64x2(<f64>start, <f64>(start + 1));
  let otherPlaces = f64x2(<f64>(start + 2), <f64>(start + 3));
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const at = <usize>i << 3;
    const area = f64x2.abs(
      f64x2.sub(
        f64x2.mul(dx, f64x2.sub(v128.load(ys + at), y0)),
        f64x2.mul(f64x2.sub(x0, v128.load(xs + at)), dy),
      ),
    );
    const otherArea = f64x2.abs(
      f64x2.sub(
        f64x2.mul(dx, f64x2.sub(v128.load(ys + at, 16), y0)),
        f64x2.mul(f64x2.sub(x0, v128.load(xs + at, 16)), dy),
      ),
    );
    // Not a number is not larger than anything.
    mostAt = v128.bitselect(places, mostAt, f64x2.gt(area, most));
    most = f64x2.pmax(most, area);
    otherMostAt = v128.bitselect(otherPlaces, otherMostAt, f64x2.gt(otherArea, otherMost));
    otherMost = f64x2.pmax(otherMost, otherArea);
    places = f64x2.add(places, four);
    otherPlaces = f64x2.add(otherPlaces, four);
  }
  const isOther = v128.or(
    f64x2.gt(otherMost, most),
    v128.and(f64x2.eq(otherMost, most), f64x2.lt(otherMostAt, mostAt)),
  );
  most = v128.bitselect(otherMost, most, isOther);
  mostAt = v128.bitselect(otherMostAt, mostAt, isOther);
  let best = f64x2.extract_lane(most, 0);
  let bestAt = f64x2.extract_lane(mostAt, 0);
  const second = f64x2.extract_lane(most, 1);
  const secondAt = f64x2.extract_lane(mostAt, 1);
  if (second > best || (second == best && secondAt < bestAt)) {
    best = second;
    bestAt = secondAt;
  }
  for (; i < end; i++) {
    const at = <usize>i << 3;
    const area = abs<f64>(
      (fromX - meanX) * (load<f64>(ys + at) - fromY) - (fromX - load<f64>(xs + at)) * (meanY - fromY),
    );
    if (area > best) {
      best = area;
      bestAt = <f64>i;
    }
  }
  return <i32>bestAt;
}
