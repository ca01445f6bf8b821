import { addStretch, createOutline, SLICES, type Outline, type Reach } from './outline.js';

/** A line in pixels from the top left: `x` ascends, a `y` that is not finite breaks it. */
export interface Line {
  x: Float64Array;
  y: Float64Array;
}

export interface StrokeSize {
  /** Of the picture, in pixels. */
  width: number;
  height: number;
  /** Half the width of the stroke, in pixels. */
  radius: number;
}

/** Takes a pixel that a stroke touches: its number, from the top left line by line, and how much of it is covered, 0 to 1. */
export type Touch = (pixel: number, cover: number) => void;

/**
 * Tells the pixels that the stroke of a line covers, each once: the cover is the area of all that is within `radius`
 * of the line, so joins and caps are round, and parts of a line that lie over one another count once. A vertex
 * without neighbours leaves nothing. No browser has a part in this, so every one shows the same.
 */
export function strokeLine(line: Line, size: StrokeSize, touch: Touch): void {
  const { width, height, radius } = size;
  const whole = createOutline(width);
  const scratch = createOutline(width);
  const covered = createCoverage(width, height);
  for (const { start, end } of stretchesOf(line.y)) {
    const reach = addStretch(scratch, { ...line, start, end }, radius);
    join(whole, scratch, reach, covered);
  }
  for (let s = 0; s < whole.top.length; s++) covered.add(s, whole.top[s]!, whole.bottom[s]!);
  covered.tell(touch);
}

/** The stretches of at least two vertices with a finite y. */
export function* stretchesOf(y: Float64Array): Generator<{ start: number; end: number }> {
  for (let start = 0; start < y.length; start++) {
    if (!Number.isFinite(y[start]!)) continue;
    let end = start + 1;
    while (end < y.length && Number.isFinite(y[end]!)) end++;
    if (end - start > 1) yield { start, end };
    start = end;
  }
}

/**
 * Takes the slices of the next stretch into those of the ones before, and empties them. Where both meet a slice
 * they nearly always overlap and are one; else what was there is done, because stretches go from left to right.
 */
function join(into: Outline, from: Outline, reach: Reach, covered: Coverage): void {
  for (let s = reach.from; s < reach.to; s++) {
    const top = from.top[s]!;
    const bottom = from.bottom[s]!;
    from.top[s] = Infinity;
    from.bottom[s] = -Infinity;
    if (top > into.bottom[s]! || bottom < into.top[s]!) {
      covered.add(s, into.top[s]!, into.bottom[s]!);
      into.top[s] = top;
      into.bottom[s] = bottom;
      continue;
    }
    if (top < into.top[s]!) into.top[s] = top;
    if (bottom > into.bottom[s]!) into.bottom[s] = bottom;
  }
}

interface Coverage {
  /** Covers slice `s` from `top` to `bottom`. */
  add(s: number, top: number, bottom: number): void;
  tell(touch: Touch): void;
}

function createCoverage(width: number, height: number): Coverage {
  // By pixel column, from its top: what each pixel's cover is more than that of the pixel above, in slices.
  const stride = height + 2;
  const steps = new Float32Array(width * stride);
  const lowest = new Int32Array(width).fill(-1);
  const highest = new Int32Array(width).fill(stride);
  const stepAt = (base: number, y: number, sign: number): void => {
    const line = Math.floor(y);
    const below = y - line;
    steps[base + line]! += sign * (1 - below);
    steps[base + line + 1]! += sign * below;
  };
  return {
    add(s, top, bottom) {
      const from = Math.max(0, top);
      const to = Math.min(height, bottom);
      if (!(from < to)) return;
      const c = Math.floor(s / SLICES);
      stepAt(c * stride, from, 1);
      stepAt(c * stride, to, -1);
      highest[c] = Math.min(highest[c]!, Math.floor(from));
      lowest[c] = Math.max(lowest[c]!, Math.min(height - 1, Math.floor(to)));
    },
    tell(touch) {
      for (let c = 0; c < width; c++) {
        let cover = 0;
        for (let y = highest[c]!; y <= lowest[c]!; y++) {
          cover += steps[c * stride + y]!;
          // Of three stretches in one slice the first may be told before the last, which lies over it.
          touch(y * width + c, Math.min(1, cover / SLICES));
        }
      }
    },
  };
}
