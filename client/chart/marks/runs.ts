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
