import { pointGrid } from '../../client/chart/marks/scatter-grid.js';
import { markStyle, type MarkStyle } from '../../client/chart/mark-style.js';
import { shade } from '../../client/chart/render/cpu.js';
import { crowdOf, type Grid } from '../../client/chart/render/grid.js';
import type { FrameMetadata } from '../../protocol/frame.js';
import { linearCell } from '../../protocol/cells.js';

/** Points in pixels from the top left, as the page draws them as counts: the opacity of each pixel, and the style. */
export function drawScatter(
  x: Float64Array,
  y: Float64Array,
  { width, height, ratio }: { width: number; height: number; ratio: number },
): { cover: Float64Array; style: MarkStyle } {
  const cells = Int32Array.from(x, (px, i) => {
    const column = linearCell(px, 0, width, width);
    return linearCell(height - y[i]!, 0, height, height) * width + column;
  });
  const metadata = { width, height } as FrameMetadata;
  const grid: Grid = pointGrid({ metadata }, { cells, shading: undefined });
  const style = markStyle({ ...crowdOf(grid), width, height, ratio });
  const pixels = new Uint32Array(width * height);
  shade(grid, { ...style, color: [0, 0, 0] }, pixels);
  return { cover: Float64Array.from(pixels, (pixel) => (pixel >>> 24) / 255), style };
}
