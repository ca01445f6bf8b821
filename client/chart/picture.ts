import type { DecodedFrame } from '../data/frame.js';
import type { JsonValue } from '../../protocol/column.js';
import type { Shade } from '../../protocol/view/shading.js';
import type { Theme } from '../theme.js';
import type { Axis } from './axis.js';
import type { Hidden } from './colors.js';
import type { PlotlyTrace } from './plotly.js';
import type { BarBox, BarNumbers } from './marks/bar-boxes.js';
import type { MarkStyle } from './mark-style.js';
import type { Raster } from './render/raster.js';
import type { WorkerRaster } from './render/worker-raster.js';
import type { Hover } from './types.js';
import type { View } from './view.js';

/** The part of the screen that a picture is painted on: the plot area, in device pixels. */
export interface Stage {
  width: number;
  height: number;
  /** Device pixels of a CSS pixel. */
  ratio: number;
  /** What the axes show now; while a person moves it, not what the frame was asked for. */
  view: View;
}

/** `Hover` without its place on the page. */
export type Found = Hover extends infer H
  ? H extends unknown
    ? Omit<H, 'left' | 'top'>
    : never
  : never;

/** A value and its place on a ramp, 0 to 1. */
export interface RampStop {
  share: number;
  value: number;
}

/** What the colors of a picture mean: a name and two ends, with equal steps, factors or ranks between them. */
export interface Ramp {
  title: string;
  min: number;
  max: number;
  scale: Shade;
  /** From low to high. */
  tones: readonly string[];
  /** Where `scale` is `equal`. */
  stops?: readonly RampStop[];
  /** It lies below the axis, where there is no margin for it at the side. */
  isBelow?: boolean;
  /** Signed differences: zero is in the middle. */
  isSigned?: boolean;
}

/** A frame made ready to be seen. */
export interface Picture {
  /** What the frame shows; where the query leaves an axis open, what suits the frame. */
  view: View;
  axes: { x: Axis; y: Axis };
  /** How rows are drawn; absent where rows are not drawn one by one. */
  style?: MarkStyle;
  /** Puts the marks on the canvas, which is clear. Works at any view: exact at its own, a stand-in elsewhere. */
  paint(context: CanvasRenderingContext2D, stage: Stage, raster: Raster): void;
  /**
   * Has a worker draw what `paint` would draw at its own view. False where the picture is lost with the worker, and has to be
   * made anew; undefined where `paint` will do it all, now or because nothing takes long.
   */
  drawAhead?(worker: WorkerRaster): Promise<boolean> | undefined;
  /** What is at (x, y), in device pixels from the top left of the plot area. */
  find(x: number, y: number, stage: Stage): Found | undefined;
  /** The marks as an image of `view`, top row first; absent where they are shapes. */
  pixels?(): ImageData;
  /** Marks that Plotly draws. */
  traces?: PlotlyTrace[];
  /** What Plotly's layout says differently for them. */
  layout?: Record<string, unknown>;
  /** The room that labels at the left need, in CSS pixels. */
  labelWidth?: number;
  /** What labels below need more than one line. */
  labelHeight?: number;
  ramp?: Ramp;
  /** Lying bars, and the numbers behind them, for a back end that draws them its own way. */
  bars?: { boxes: readonly BarBox[]; numbers: BarNumbers | undefined };
  /** The values along axes of categories, in the order of their positions. */
  categories?: { x?: readonly JsonValue[]; y?: readonly JsonValue[] };
  /** The values behind bars, from the top, as a query names them. */
  keys?: readonly JsonValue[];
}

/** What every kind of picture is made from. */
export interface PictureParts {
  frame: DecodedFrame;
  axes: { x: Axis; y: Axis };
  theme: Theme;
  ratio: number;
  /** Categories of the color that are not shown. */
  hidden?: Hidden;
}

/** A position in device pixels of the plot area: x to the right. */
export const pixelX = (position: number, { view, width }: Stage): number =>
  ((position - view.x[0]) / (view.x[1] - view.x[0])) * width;

/** y downward. */
export const pixelY = (position: number, { view, height }: Stage): number =>
  ((view.y[1] - position) / (view.y[1] - view.y[0])) * height;

/** The positions of a pixel. */
export const positionAt = (
  x: number,
  y: number,
  { view, width, height }: Stage,
): { x: number; y: number } => ({
  x: view.x[0] + (x / width) * (view.x[1] - view.x[0]),
  y: view.y[1] - (y / height) * (view.y[1] - view.y[0]),
});
