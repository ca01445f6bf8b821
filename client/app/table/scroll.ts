/**
 * The tallest element that browsers lay out: Chromium and Safari stop at 33,554,428 px, Firefox at 17,895,697.
 * A table of more rows has a shorter track, on which a pixel stands for more than a pixel.
 */
export const MAX_TRACK = 10_000_000;

/** The height of the table's track in pixels. */
export const trackHeight = (rows: number, rowHeight: number, viewHeight: number): number =>
  Math.max(viewHeight, Math.min(MAX_TRACK, rows * rowHeight));

/** The last position that the first visible row can have, in rows; a fraction, so that the last row is whole. */
export const lastTop = (rows: number, rowHeight: number, viewHeight: number): number =>
  Math.max(0, rows - viewHeight / rowHeight);

/** The first visible row, with its fraction, at a position of the scroll bar. */
export function rowAtScroll(
  scrollTop: number,
  rows: number,
  rowHeight: number,
  viewHeight: number,
): number {
  const range = trackHeight(rows, rowHeight, viewHeight) - viewHeight;
  return range <= 0 ? 0 : Math.min(1, scrollTop / range) * lastTop(rows, rowHeight, viewHeight);
}

/** The position of the scroll bar at which `row` is the first visible one. */
export function scrollAtRow(
  row: number,
  rows: number,
  rowHeight: number,
  viewHeight: number,
): number {
  const last = lastTop(rows, rowHeight, viewHeight);
  const range = trackHeight(rows, rowHeight, viewHeight) - viewHeight;
  return last <= 0 ? 0 : (Math.max(0, Math.min(last, row)) / last) * range;
}

/** The pages of `pageSize` rows that hold the rows from `first` to `last`. */
export function pagesOf(first: number, last: number, pageSize: number): number[] {
  const from = Math.floor(first / pageSize);
  const to = Math.floor(last / pageSize);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
