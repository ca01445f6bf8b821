import {
  hasColumn,
  isCategorical,
  numbersOf,
  numbersWithGaps,
  type DecodedFrame,
} from '../../data/frame.js';
import { rgbOf, type Theme } from '../../theme.js';
import { valueAt, type Span } from '../axis.js';
import { cellsOf, positionsOf } from '../cells.js';
import { packHex, rampOf, seriesOf, type Series } from '../colors.js';
import { markStyle, type MarkStyle } from '../mark-style.js';
import {
  pixelX,
  pixelY,
  type Found,
  type Picture,
  type PictureParts,
  type Stage,
} from '../picture.js';
import { createColorGrid, crowdOf, type Grid } from '../render/grid.js';
import type { RasterStyle } from '../render/raster.js';
import { placementOf, sameView, type View } from '../view.js';

/** How far from the pointer a point is still meant, in CSS pixels. */
const REACH = 12;
/** A pointer is coarser than a pixel: rows are counted in a disc of at least so many CSS pixels. */
const POINTER = 3;

export interface ScatterParts extends PictureParts {
  view: View;
  style?: { opacity?: number; radius?: number } | undefined;
}

/** Points or counts, drawn as the discs of all rows. */
export function scatterPicture(parts: ScatterParts): Picture {
  const { frame, axes, theme, view, ratio } = parts;
  const { metadata } = frame;
  const points = metadata.method === 'points' ? pointsOf(frame, theme) : undefined;
  const grid = points === undefined ? densityGrid(frame, theme) : pointGrid(frame, points);
  const { width, height } = grid;
  const style = styleOf(parts, grid);
  const rasterStyle: RasterStyle = { ...style, color: rgbOf(theme.mark) };
  // What was drawn last, to be moved about until the next frame is there.
  let drawn: HTMLCanvasElement | undefined;
  let index: Int32Array | undefined;

  return {
    view,
    axes,
    style,
    ...(metadata.color?.kind === 'number' && metadata.color.min !== null
      ? {
          ramp: {
            title: metadata.color.column,
            min: metadata.color.min,
            max: metadata.color.max!,
            scale: 'linear',
          },
        }
      : {}),
    paint(context, stage, raster) {
      if (style.crisp && points !== undefined) {
        paintDiscs(context, stage, points, style);
        return;
      }
      drawn ??= raster.draw(grid, rasterStyle);
      if (stage.width === width && stage.height === height && sameView(stage.view, view)) {
        context.drawImage(drawn, 0, 0);
        return;
      }
      const { scaleX, scaleY, offsetX, offsetY } = placementOf(
        view,
        stage.view,
        stage.width,
        stage.height,
      );
      context.imageSmoothingEnabled = scaleX < 4 && scaleY < 4;
      context.drawImage(drawn, offsetX, offsetY, scaleX * stage.width, scaleY * stage.height);
    },
    find(x, y, stage) {
      const place = placementOf(view, stage.view, stage.width, stage.height);
      const column = ((x - place.offsetX) / place.scaleX) * (width / stage.width);
      const line = ((y - place.offsetY) / place.scaleY) * (height / stage.height);
      const at = { x: Math.floor(column), y: height - 1 - Math.floor(line) };
      if (points === undefined) {
        const rows = rowsWithin(grid, at, Math.max(style.radius, POINTER * ratio));
        return rows > 0 ? { kind: 'rows', rows } : undefined;
      }
      index ??= indexOf(points.cells, width * height);
      const nearest = nearestIn(index, width, height, at, REACH * ratio);
      return nearest < 0 ? undefined : describe(nearest, points, frame, axes, view, stage);
    },
  };
}

interface Points {
  /** Positions along the axes. */
  x: Float64Array;
  y: Float64Array;
  /** Where each point stands in the grid; -1 for none. */
  cells: Int32Array;
  rows: ArrayLike<number>;
  /** The packed color of each point; absent where all are alike. */
  colors: Uint32Array | undefined;
  color: { series: Series[]; codes: ArrayLike<number> } | ArrayLike<number> | undefined;
  mark: string;
}

function pointsOf(frame: DecodedFrame, theme: Theme): Points {
  const { metadata, length } = frame;
  const { width, height } = metadata;
  const xs = numbersWithGaps(frame, 'x');
  const ys = numbersWithGaps(frame, 'y');
  const cellX = cellsOf(metadata, 'x', width);
  const cellY = cellsOf(metadata, 'y', height);
  const positionX = positionsOf(metadata, 'x');
  const positionY = positionsOf(metadata, 'y');
  const x = new Float64Array(length);
  const y = new Float64Array(length);
  const cells = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    x[i] = positionX(xs[i]!);
    y[i] = positionY(ys[i]!);
    const column = cellX(xs[i]!);
    const line = cellY(ys[i]!);
    cells[i] = column < 0 || line < 0 ? -1 : line * width + column;
  }
  const rows = numbersOf(frame, 'row') as ArrayLike<number>;
  return { x, y, cells, rows, mark: theme.mark, ...pointColors(frame, theme) };
}

function pointColors(frame: DecodedFrame, theme: Theme): Pick<Points, 'colors' | 'color'> {
  if (!hasColumn(frame, 'color')) return { colors: undefined, color: undefined };
  const colors = new Uint32Array(frame.length);
  if (isCategorical(frame, 'color')) {
    const color = seriesOf(frame, 'color', theme);
    const packed = color.series.map((series) => packHex(series.color));
    for (let i = 0; i < colors.length; i++) colors[i] = packed[color.codes[i]!]!;
    return { colors, color };
  }
  const color = numbersWithGaps(frame, 'color');
  const ramp = rampOf(frame.metadata, theme);
  for (let i = 0; i < colors.length; i++) colors[i] = ramp(color[i]!);
  return { colors, color };
}

function pointGrid({ metadata }: DecodedFrame, { cells, colors }: Points): Grid {
  const { width, height } = metadata;
  if (colors !== undefined) {
    const grid = createColorGrid(width, height);
    for (let i = 0; i < cells.length; i++) if (cells[i]! >= 0) grid.add(cells[i]!, 1, colors[i]!);
    return grid.grid();
  }
  const counts = new Uint32Array(width * height);
  for (let i = 0; i < cells.length; i++) if (cells[i]! >= 0) counts[cells[i]!]!++;
  return { width, height, counts };
}

function densityGrid(frame: DecodedFrame, theme: Theme): Grid {
  const { width, height, layout } = frame.metadata;
  const counts = numbersOf(frame, 'count') as Uint32Array;
  const cells = layout === 'sparse' ? (numbersOf(frame, 'cell') as Uint32Array) : undefined;
  if (!hasColumn(frame, 'color')) {
    const grid = new Uint32Array(width * height);
    if (cells === undefined) grid.set(counts);
    else for (let i = 0; i < cells.length; i++) grid[cells[i]!] = counts[i]!;
    return { width, height, counts: grid };
  }
  const grid = createColorGrid(width, height);
  if (isCategorical(frame, 'color')) {
    const { series, codes } = seriesOf(frame, 'color', theme);
    const packed = series.map(({ color }) => packHex(color));
    for (let i = 0; i < counts.length; i++) {
      grid.add(cells === undefined ? i : cells[i]!, counts[i]!, packed[codes[i]!]!);
    }
  } else {
    const means = numbersWithGaps(frame, 'color');
    const ramp = rampOf(frame.metadata, theme);
    for (let i = 0; i < counts.length; i++) {
      if (counts[i]! > 0)
        grid.add(cells === undefined ? i : cells[i]!, counts[i]!, ramp(means[i]!));
    }
  }
  return grid.grid();
}

function styleOf({ style, ratio, frame }: ScatterParts, grid: Grid): MarkStyle {
  const { width, height } = grid;
  const crowd = crowdOf(grid);
  const usual = markStyle({ ...crowd, width, height, ratio });
  return {
    radius: style?.radius === undefined ? usual.radius : style.radius * ratio,
    opacity: style?.opacity ?? usual.opacity,
    crisp: usual.crisp && frame.metadata.method === 'points',
  };
}

function paintDiscs(
  context: CanvasRenderingContext2D,
  stage: Stage,
  { x, y, colors, mark }: Points,
  { radius, opacity }: MarkStyle,
): void {
  context.globalAlpha = opacity;
  context.fillStyle = mark;
  let last = -1;
  for (let i = 0; i < x.length; i++) {
    const color = colors?.[i];
    if (color !== undefined && color !== last) {
      context.fillStyle = `rgb(${color & 255} ${(color >> 8) & 255} ${(color >> 16) & 255})`;
      last = color;
    }
    context.beginPath();
    context.arc(pixelX(x[i]!, stage), pixelY(y[i]!, stage), radius + 0.25, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** The last point of each cell: the one that is on top. */
export function indexOf(cells: Int32Array, size: number): Int32Array {
  const index = new Int32Array(size).fill(-1);
  for (let i = 0; i < cells.length; i++) if (cells[i]! >= 0) index[cells[i]!] = i;
  return index;
}

/** The entry of `index` nearest to the cell `at`, at most `reach` cells away; -1 without one. */
export function nearestIn(
  index: Int32Array,
  width: number,
  height: number,
  at: { x: number; y: number },
  reach: number,
): number {
  let found = -1;
  let best = reach * reach;
  const whole = Math.floor(reach);
  for (let y = Math.max(0, at.y - whole); y <= Math.min(height - 1, at.y + whole); y++) {
    for (let x = Math.max(0, at.x - whole); x <= Math.min(width - 1, at.x + whole); x++) {
      const entry = index[y * width + x]!;
      if (entry < 0) continue;
      const distance = (x - at.x) ** 2 + (y - at.y) ** 2;
      if (distance > best || (distance === best && entry < found)) continue;
      best = distance;
      found = entry;
    }
  }
  return found;
}

function rowsWithin(
  { counts, width, height }: Grid,
  at: { x: number; y: number },
  radius: number,
): number {
  const whole = Math.floor(radius);
  let rows = 0;
  for (let y = Math.max(0, at.y - whole); y <= Math.min(height - 1, at.y + whole); y++) {
    for (let x = Math.max(0, at.x - whole); x <= Math.min(width - 1, at.x + whole); x++) {
      if ((x - at.x) ** 2 + (y - at.y) ** 2 <= radius * radius) rows += counts[y * width + x]!;
    }
  }
  return rows;
}

function describe(
  point: number,
  { x, y, rows, color }: Points,
  { metadata }: DecodedFrame,
  axes: Picture['axes'],
  view: View,
  { width, height }: Stage,
): Found {
  const step = (span: Span, pixels: number): number => (span[1] - span[0]) / (pixels * 16);
  return {
    kind: 'row',
    row: rows[point]!,
    x: valueAt(x[point]!, axes.x, step(view.x, width)),
    y: valueAt(y[point]!, axes.y, step(view.y, height)),
    ...(color === undefined || metadata.color === undefined
      ? {}
      : {
          color:
            'series' in color ? (color.series[color.codes[point]!]?.label ?? null) : color[point]!,
        }),
  };
}
