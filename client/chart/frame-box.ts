import type { ChartSpec } from './types.js';

/** The size of a chart and the margins around its plot area, in CSS pixels. */
export interface Frame {
  width: number;
  height: number;
  margin: { l: number; r: number; t: number; b: number };
}

/** The plot area in CSS pixels within the chart, and its size in device pixels. */
export interface PlotArea {
  left: number;
  top: number;
  width: number;
  height: number;
  pixelWidth: number;
  pixelHeight: number;
}

/** The most that the labels of bars may take of the width. */
const MAX_LABEL_SHARE = 0.38;

/** What is left free at the right of a plot without legend or ramp, in CSS pixels. */
const END = 18;

/** How wide the plot area of bars is whose widest label has `barLabels` pixels, in CSS pixels. */
export const barPlotWidth = (width: number, barLabels: number): number =>
  Math.max(1, width - barMargin(width, barLabels) - END);

/** The room for labels grows by so much: others than those before seldom move the axis, which Plotly plots everything anew for. */
const LABEL_STEP = 12;

const inSteps = (pixels: number): number => Math.ceil(pixels / LABEL_STEP) * LABEL_STEP;

const barMargin = (width: number, barLabels: number): number =>
  Math.min(inSteps(barLabels) + 18, Math.round(width * 0.45));

/** What labels of bars and of categories need beside the plot area and below it, in CSS pixels. */
export interface LabelRoom {
  labelWidth?: number | undefined;
  labelHeight?: number | undefined;
}

/** What labels of categories are taken to need before they are known, and a title beside them; below they get a share of the height. */
const USUAL_LABELS = { labelWidth: 72, labelHeight: 40 };
const TITLE = 22;
const MAX_BELOW_SHARE = 0.3;

/**
 * The margins follow from what is to be shown, not from what Plotly finds out while it draws: so the size of the
 * plot area is known, and asked for, before there is an axis on the screen.
 */
export function frameOf(
  width: number,
  height: number,
  spec: ChartSpec | undefined,
  { legend, ...known }: LabelRoom & { legend: boolean },
): Frame {
  const mark = spec?.query.mark;
  const { x, y } = spec?.categories ?? {};
  const { labelWidth = y ? USUAL_LABELS.labelWidth : 0 } = known;
  const { labelHeight = x ? USUAL_LABELS.labelHeight : 0 } = known;
  const isNamed = mark === 'bar' || labelWidth > 0;
  const withRamp = mark === 'heatmap';
  const withLegend = legend && spec?.query.color !== undefined;
  return {
    width,
    height,
    margin: {
      l: isNamed
        ? barMargin(width, labelWidth + (mark === 'bar' ? 0 : TITLE))
        : Math.min(66, Math.round(width * 0.45)),
      r: withLegend ? Math.min(170, Math.round(width * 0.3)) : withRamp ? 92 : END,
      t: 14,
      b: 56 + Math.min(inSteps(labelHeight), Math.round(height * MAX_BELOW_SHARE)),
    },
  };
}

/** A chart narrower than this, in CSS pixels, has no room for a legend. */
const LEGEND_WIDTH = 480;

/** True where the chart shows the legend of its colors. */
export const hasLegend = (spec: ChartSpec | undefined, width: number): boolean =>
  (spec?.legend ?? true) && width > LEGEND_WIDTH;

/** The most pixels that the label of a bar gets. */
export const maxBarLabel = (width: number): number => Math.round(width * MAX_LABEL_SHARE);

/** The plot area; never smaller than a pixel. */
export function plotArea({ width, height, margin }: Frame, ratio: number): PlotArea {
  const plotWidth = Math.max(1, width - margin.l - margin.r);
  const plotHeight = Math.max(1, height - margin.t - margin.b);
  return {
    left: margin.l,
    top: margin.t,
    width: plotWidth,
    height: plotHeight,
    pixelWidth: Math.max(1, Math.min(8192, Math.round(plotWidth * ratio))),
    pixelHeight: Math.max(1, Math.min(8192, Math.round(plotHeight * ratio))),
  };
}
