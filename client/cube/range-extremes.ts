/** Writes the extremes of the pixels from `a` up to `b` (exclusive), one a bin, NaN where there is no value. */
export type RangeExtremes = (a: number, b: number, out: Float64Array) => void;

export interface ExtremesShape {
  op: 'min' | 'max';
  bins: number;
  /** Numbers of one pixel. */
  stride: number;
  pixels: number;
}

/** Pixels of a block. */
const BLOCK = 16;

/**
 * Makes ready to answer the extremes of any stretch of pixels. Stretches of a block are read pixel by pixel; longer ones are
 * the end of one block, the start of another, and what lies between, which two overlapping stretches of whole blocks cover
 * (a sparse table, Bender and Farach-Colton 2000). `values` has those of each pixel, NaN where it has none.
 */
export function rangeExtremes(
  values: Float64Array,
  { op, bins, stride, pixels }: ExtremesShape,
): RangeExtremes {
  const better = op === 'min' ? lesser : greater;
  const blocks = Math.ceil(pixels / BLOCK);
  // Of each pixel the extremes from the start of its block, and up to its end.
  const fromStart = new Float64Array(pixels * bins);
  const toEnd = new Float64Array(pixels * bins);
  for (let p = 0; p < pixels; p++) {
    const isFirst = p % BLOCK === 0;
    for (let k = 0; k < bins; k++) {
      const own = values[p * stride + k]!;
      fromStart[p * bins + k] = isFirst ? own : better(fromStart[(p - 1) * bins + k]!, own);
    }
  }
  for (let p = pixels - 1; p >= 0; p--) {
    const isLast = p % BLOCK === BLOCK - 1 || p === pixels - 1;
    for (let k = 0; k < bins; k++) {
      const own = values[p * stride + k]!;
      toEnd[p * bins + k] = isLast ? own : better(own, toEnd[(p + 1) * bins + k]!);
    }
  }
  // levels[l]: of each block the extremes of the 2^l blocks that begin with it.
  const levels: Float64Array[] = [];
  const first = new Float64Array(blocks * bins);
  for (let block = 0; block < blocks; block++) {
    const start = block * BLOCK * bins;
    first.set(toEnd.subarray(start, start + bins), block * bins);
  }
  levels.push(first);
  for (let span = 1; 2 * span <= blocks; span *= 2) {
    const level = levels.at(-1)!;
    const next = new Float64Array(level.length);
    for (let i = 0; i < (blocks - 2 * span + 1) * bins; i++) {
      next[i] = better(level[i]!, level[i + span * bins]!);
    }
    levels.push(next);
  }

  return (a, b, out) => {
    if (a >= b) {
      out.fill(NaN, 0, bins);
      return;
    }
    const firstBlock = Math.floor(a / BLOCK);
    const lastBlock = Math.floor((b - 1) / BLOCK);
    if (firstBlock === lastBlock) {
      for (let k = 0; k < bins; k++) out[k] = values[a * stride + k]!;
      for (let p = a + 1; p < b; p++) {
        for (let k = 0; k < bins; k++) out[k] = better(out[k]!, values[p * stride + k]!);
      }
      return;
    }
    const [head, tail] = [a * bins, (b - 1) * bins];
    for (let k = 0; k < bins; k++) out[k] = better(toEnd[head + k]!, fromStart[tail + k]!);
    const between = lastBlock - firstBlock - 1;
    if (between === 0) return;
    const l = 31 - Math.clz32(between);
    const level = levels[l]!;
    const [left, right] = [(firstBlock + 1) * bins, (lastBlock - 2 ** l) * bins];
    for (let k = 0; k < bins; k++) {
      out[k] = better(out[k]!, better(level[left + k]!, level[right + k]!));
    }
  };
}

// NaN stands for nothing: whatever there is is better.
function lesser(a: number, b: number): number {
  return b < a || a !== a ? b : a;
}

function greater(a: number, b: number): number {
  return b > a || a !== a ? b : a;
}
