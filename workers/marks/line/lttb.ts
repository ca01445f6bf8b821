/**
 * Returns the positions of those points that best keep the visual shape of `y` over `x`: ascending, `budget` at
 * most, the first and the last among them. `x` must not descend, both must be finite. `check` is called before each bucket.
 * Follows Steinarsson, "Downsampling Time Series for Visual Representation" (2013), largest triangle three buckets:
 * of each bucket the point that makes the largest triangle with the point kept before it and the mean of the next bucket.
 */
export function lttb(
  x: Float64Array,
  y: Float64Array,
  budget: number,
  check: () => void = () => undefined,
): Uint32Array<ArrayBuffer> {
  const count = x.length;
  if (count <= budget) return Uint32Array.from({ length: count }, (_, i) => i);
  if (budget < 3) return Uint32Array.from([0, count - 1].slice(0, budget));
  const kept = new Uint32Array(budget);
  // The first and the last point are always kept, so the buckets share the points between them.
  const size = (count - 2) / (budget - 2);
  let before = 0;
  for (let bucket = 0; bucket < budget - 2; bucket++) {
    check();
    const start = Math.floor(bucket * size) + 1;
    const end = Math.floor((bucket + 1) * size) + 1;
    const nextEnd = bucket === budget - 3 ? count : Math.floor((bucket + 2) * size) + 1;
    let meanX = 0;
    let meanY = 0;
    for (let i = end; i < nextEnd; i++) {
      meanX += x[i]!;
      meanY += y[i]!;
    }
    meanX /= nextEnd - end;
    meanY /= nextEnd - end;
    const fromX = x[before]!;
    const fromY = y[before]!;
    let largest = -1;
    let best = start;
    for (let i = start; i < end; i++) {
      // Twice the area of the triangle.
      const area = Math.abs((fromX - meanX) * (y[i]! - fromY) - (fromX - x[i]!) * (meanY - fromY));
      if (area > largest) {
        largest = area;
        best = i;
      }
    }
    kept[bucket + 1] = best;
    before = best;
  }
  kept[budget - 1] = count - 1;
  return kept;
}
