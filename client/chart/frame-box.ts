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

/** The room for labels of bars grows by so much: others than those before seldom move the axis, which Plotly plots everything anew for. */
const LABEL_STEP = 12;

const barMargin = (width: number, barLabels: number): number =>
  Math.min(Math.ceil(barLabels / LABEL_STEP) * LABEL_STEP + 18, Math.round(width * 0.45));

/**
 * The margins follow from what is to be shown, not from what Plotly finds out while it draws: so the size of the
 * plot area is known, and asked for, before there is an axis on the screen.
 */
export function frameOf(
  width: number,
  height: number,
  spec: ChartSpec | undefined,
  { legend, barLabels = 0 }: { legend: boolean; barLabels?: number },
): Frame {
  const mark = spec?.query.mark;
  const withRamp = mark === 'heatmap';
  const withLegend = legend && spec?.query.color !== undefined;
  return {
    width,
    height,
    margin: {
      l: mark === 'bar' ? barMargin(width, barLabels) : Math.min(66, Math.round(width * 0.45)),
      r: withLegend ? Math.min(170, Math.round(width * 0.3)) : withRamp ? 92 : END,
      t: 14,
      b: 56,
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
