import { pixelX, pixelY, type Stage } from '../picture.js';

/** A stretch of rows of one series. */
export interface Run {
  code: number;
  start: number;
  end: number;
}

/** The stretches of rows with the same code. */
export function runsOf(codes: ArrayLike<number>, length: number): Run[] {
  const runs: Run[] = [];
  let start = 0;
  for (let i = 1; i <= length; i++) {
    if (i < length && codes[i] === codes[start]) continue;
    runs.push({ code: codes[start]!, start, end: i });
    start = i;
  }
  return length === 0 ? [] : runs;
}

/** Draws a run, broken where y is not finite; a vertex alone is a dot, with `withDots` every one is. */
export function paintRun(
  context: CanvasRenderingContext2D,
  stage: Stage,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { start, end }: Run,
  withDots: boolean,
): void {
  const isDrawn = (i: number): boolean => i >= start && i < end && Number.isFinite(y[i]!);
  context.beginPath();
  let isDown = false;
  for (let i = start; i < end; i++) {
    if (!isDrawn(i)) {
      isDown = false;
      continue;
    }
    const px = pixelX(x[i]!, stage);
    const py = pixelY(y[i]!, stage);
    if (isDown) context.lineTo(px, py);
    else context.moveTo(px, py);
    isDown = true;
  }
  context.stroke();
  for (let i = start; i < end; i++) {
    const isAlone = isDrawn(i) && !isDrawn(i - 1) && !isDrawn(i + 1);
    if (!isAlone && !(withDots && isDrawn(i))) continue;
    context.beginPath();
    context.arc(pixelX(x[i]!, stage), pixelY(y[i]!, stage), 2 * stage.ratio, 0, 2 * Math.PI);
    context.fill();
  }
}

/** Fills what lies between the edges, wherever both are finite. */
export function paintBand(
  context: CanvasRenderingContext2D,
  stage: Stage,
  edges: { x: ArrayLike<number>; low: ArrayLike<number>; high: ArrayLike<number> },
  color: string,
): void {
  const { x, low, high } = edges;
  const length = Math.min(x.length, low.length, high.length);
  context.fillStyle = color;
  context.globalAlpha = 0.16;
  for (let start = 0; start < length;) {
    if (!Number.isFinite(low[start]! + high[start]!)) {
      start++;
      continue;
    }
    let end = start;
    while (end < length && Number.isFinite(low[end]! + high[end]!)) end++;
    context.beginPath();
    for (let i = start; i < end; i++) {
      context.lineTo(pixelX(x[i]!, stage), pixelY(high[i]!, stage));
    }
    for (let i = end - 1; i >= start; i--) {
      context.lineTo(pixelX(x[i]!, stage), pixelY(low[i]!, stage));
    }
    context.fill();
    start = end;
  }
  context.globalAlpha = 1;
}
