/** The vertices of one series in order of x, of equal x in order of rows. */
export interface SeriesRows {
  /** Which series. */
  s: number;
  rows: Uint32Array<ArrayBuffer>;
  /** Less the origin. */
  x: Float64Array;
  y: Float64Array;
  /** 0 where there is no place for y, and the line breaks. */
  isPoint: Uint8Array<ArrayBuffer>;
}
