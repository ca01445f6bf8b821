import type { Shade } from '../../../protocol/view/shading.js';
import type { DecodedFrame } from '../../data/frame.js';
import { rgbOf } from '../../theme.js';
import { rampOver } from '../colors.js';
import { shownAt, type Span } from '../axis.js';
import { markStyle, type MarkStyle } from '../mark-style.js';
import { indexOf, nearestIn, rowsWithin } from '../nearest.js';
import type { Found, Picture, PictureParts, Stage } from '../picture.js';
import { shadedImage } from '../render/cpu.js';
import { isQuick } from '../render/draw-cost.js';
import { crowdOf, type Grid } from '../render/grid.js';
import { canvasOf } from '../render/image-canvas.js';
import type { RasterStyle } from '../render/raster.js';
import type { ChartStyle } from '../types.js';
import { placementOf, sameView, type View } from '../view.js';
import { rampEnds } from './color-scale.js';
import { paintDiscs } from './paint-discs.js';
import { densityGrid, pointGrid } from './scatter-grid.js';
import { pointsOf, type Points } from './scatter-points.js';
import { shadeCounts } from './shade-counts.js';

/** How far from the pointer a point is still meant, in CSS pixels. */
const REACH = 12;
/** A pointer is coarser than a pixel: rows are counted in a disc of at least so many CSS pixels. */
const POINTER = 3;
/** Of the tones of areas, the first that stands out from the surface. */
const LEAST_TONE = 2;

export interface ScatterParts extends PictureParts {
  view: View;
  style?: ChartStyle | undefined;
}

/** Points or counts, drawn as the discs of all rows. */
export function scatterPicture(parts: ScatterParts): Picture {
  const { frame, axes, theme, view, ratio, hidden } = parts;
  const { metadata } = frame;
  const points = metadata.method === 'points' ? pointsOf(frame, theme, hidden) : undefined;
  const grid = points === undefined ? densityGrid(frame, theme, hidden) : pointGrid(frame, points);
  const { width, height } = grid;
  const style = styleOf(parts, grid);
  const shade = shadeOf(grid, parts.style);
  // The lowest tones are nearly the surface: a single row has to be seen.
  const tones = theme.heat.slice(LEAST_TONE);
  const shaded = shade && shadeCounts(frame, grid, { radius: style.radius, shade, tones });
  const rasterStyle: RasterStyle = { ...style, color: rgbOf(theme.mark) };
  // What was drawn last, to be moved about until the next frame is there.
  let drawn: CanvasImageSource | undefined;
  let index: Int32Array | undefined;
  const { color } = metadata;
  const [min, max] =
    color?.kind === 'number' && color.min !== null ? rampOver(theme, color.min, color.max!) : [];

  return {
    view,
    axes,
    style,
    ...(min === undefined || max === undefined
      ? {}
      : { ramp: { title: color!.column, min, max, scale: 'linear', tones: theme.ramp } }),
    ...(shaded ? { ramp: { title: 'rows', tones, isBelow: true, ...rampEnds(shaded.scale) } } : {}),
    ...(style.crisp && points !== undefined
      ? {}
      : { pixels: () => shaded?.image() ?? shadedImage(grid, rasterStyle) }),
    drawAhead(worker) {
      if (shaded !== undefined || (style.crisp && points !== undefined)) return undefined;
      if (isQuick(grid, rasterStyle)) return undefined;
      return worker.draw(grid, rasterStyle)?.then((bitmap) => {
        drawn = bitmap;
        return bitmap !== undefined;
      });
    },
    paint(context, stage, raster) {
      if (style.crisp && points !== undefined) {
        paintDiscs(context, stage, points, style);
        return;
      }
      drawn ??= shaded ? canvasOf(shaded.image()) : raster.draw(grid, rasterStyle);
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
      index ??= indexOf(points, width * height);
      const nearest = nearestIn(index, width, height, at, REACH * ratio);
      return nearest < 0 ? undefined : describe(nearest, points, frame, axes, view, stage);
    },
  };
}

/** Rows with a color of their own keep it. */
const shadeOf = ({ colors }: Grid, style: ChartStyle | undefined): Shade | undefined =>
  colors === undefined ? style?.shade : undefined;

function styleOf({ style, ratio, frame }: ScatterParts, grid: Grid): MarkStyle {
  const { width, height } = grid;
  // The picture of a sample is to look as that of all rows will.
  const crowd = crowdOf(grid, frame.metadata.share);
  const usual = markStyle({ ...crowd, width, height, ratio });
  return {
    radius: style?.radius === undefined ? usual.radius : style.radius * ratio,
    opacity: style?.opacity ?? usual.opacity,
    crisp: usual.crisp && frame.metadata.method === 'points' && shadeOf(grid, style) === undefined,
  };
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
    x: shownAt(x(point), axes.x, step(view.x, width)),
    y: shownAt(y(point), axes.y, step(view.y, height)),
    ...(color === undefined || metadata.color === undefined
      ? {}
      : {
          color:
            'series' in color ? (color.series[color.codes[point]!]?.label ?? null) : color[point]!,
        }),
  };
}
