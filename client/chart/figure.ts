import type { ColorInfo } from '../../protocol/frame.js';
import type { Mark } from '../../protocol/query.js';
import { categoryColor, type Theme } from '../theme.js';
import type { Axis } from './axis.js';
import type { Frame } from './frame-box.js';
import { escapeMarkup } from './marks/bar.js';
import type { Picture, Ramp } from './picture.js';
import type { PlotlyTrace } from './plotly.js';
import type { ChartSpec } from './types.js';
import type { View } from './view.js';

export interface Figure {
  data: PlotlyTrace[];
  layout: Record<string, unknown>;
}

export interface FigureParts {
  spec: ChartSpec;
  picture: Picture;
  color: ColorInfo | undefined;
  view: View;
  theme: Theme;
  frame: Frame;
  withLegend: boolean;
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Which axes a person may move: what a query can be asked for. */
export const MOVABLE: Readonly<Record<Mark, { x: boolean; y: boolean }>> = {
  scatter: { x: true, y: true },
  heatmap: { x: true, y: true },
  line: { x: true, y: false },
  histogram: { x: true, y: false },
  bar: { x: false, y: false },
  value: { x: false, y: false },
  rows: { x: false, y: false },
};

/** Axes, legend and ramp as Plotly takes them. No row is in it: the marks stand on a canvas of ours. */
export function figureOf(parts: FigureParts): Figure {
  const { spec, picture, view, theme, frame } = parts;
  const movable = MOVABLE[spec.query.mark];
  // Bars lie: what is measured stands along the bottom.
  const isBar = spec.query.mark === 'bar';
  const { xaxis, yaxis, ...rest } = (picture.layout ?? {}) as Record<
    string,
    Record<string, unknown> | undefined
  >;
  const layout = {
    width: frame.width,
    height: frame.height,
    margin: { ...frame.margin, pad: 0, autoexpand: false },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: theme.font, size: 12, color: theme.muted },
    dragmode: movable.x ? 'pan' : false,
    hovermode: false,
    showlegend: false,
    modebar: {
      bgcolor: 'rgba(0,0,0,0)',
      color: theme.axis,
      activecolor: theme.text,
      orientation: 'h',
    },
    xaxis: {
      ...axisLayout(picture.axes.x, view.x, theme, isBar ? spec.labels?.y : spec.labels?.x),
      fixedrange: !movable.x,
      showgrid: spec.query.mark !== 'histogram',
      ...xaxis,
    },
    yaxis: {
      ...axisLayout(picture.axes.y, view.y, theme, isBar ? undefined : spec.labels?.y),
      fixedrange: !movable.y,
      ...yaxis,
    },
    ...rest,
    ...(parts.withLegend ? legendLayout(parts) : {}),
  };
  const data: PlotlyTrace[] = [
    ...(picture.traces ?? [NOTHING]),
    ...(parts.withLegend ? legendTraces(parts) : []),
    ...rampTraces(parts),
  ];
  return { data, layout };
}

const NOTHING: PlotlyTrace = {
  type: 'scatter',
  mode: 'markers',
  x: [null],
  y: [null],
  hoverinfo: 'skip',
  showlegend: false,
};

function axisLayout(
  axis: Axis,
  span: readonly [number, number],
  theme: Theme,
  label: string | undefined,
): Record<string, unknown> {
  const isTime = axis.kind === 'time' || axis.kind === 'clock';
  return {
    type: isTime ? 'date' : axis.scale,
    range: [...span],
    autorange: false,
    automargin: false,
    title: {
      text: escapeMarkup(label ?? ''),
      standoff: 10,
      font: { size: 12, color: theme.muted },
    },
    gridcolor: theme.grid,
    linecolor: theme.axis,
    showline: true,
    zeroline: false,
    ticks: 'outside',
    ticklen: 4,
    tickcolor: theme.axis,
    tickfont: { size: 11, color: theme.muted },
    exponentformat: 'SI',
    ...(axis.kind === 'clock' ? { tickformat: '%H:%M' } : {}),
    // Of every decade 1, 2 and 5 are named as long as there is room for them.
    ...(axis.scale === 'log' ? { dtick: span[1] - span[0] <= 4 ? 'D2' : 1 } : {}),
  };
}

function legendTraces({ color, theme }: FigureParts): PlotlyTrace[] {
  if (color?.kind !== 'category') return [];
  return color.categories.map(({ label, count, role }, index) => ({
    ...NOTHING,
    showlegend: true,
    name: [
      escapeMarkup(cut(legendLabel(label, role, color.others))),
      count && compact.format(count),
    ]
      .filter(Boolean)
      .join('  '),
    marker: { color: categoryColor(theme, index, role), size: 9 },
  }));
}

/** A legend has a column of so many characters; the page beside it can show more. */
const LEGEND_CHARACTERS = 15;
const cut = (label: string): string =>
  label.length > LEGEND_CHARACTERS ? `${label.slice(0, LEGEND_CHARACTERS - 1).trimEnd()}…` : label;

/** What a legend calls a category. */
function legendLabel(label: string, role: string, others: number): string {
  if (role === 'null') return '(null)';
  if (role === 'other') return `other (${others.toLocaleString('en')})`;
  return label === '' ? '(empty)' : label;
}

function legendLayout({ color, theme }: FigureParts): Record<string, unknown> {
  if (color?.kind !== 'category') return {};
  return {
    showlegend: true,
    legend: {
      x: 1.02,
      y: 1,
      xanchor: 'left',
      yanchor: 'top',
      itemclick: false,
      itemdoubleclick: false,
      title: { text: escapeMarkup(color.column), font: { size: 12, color: theme.muted } },
      font: { size: 12, color: theme.text },
    },
  };
}

function rampTraces({ picture, color, theme, withLegend, spec }: FigureParts): PlotlyTrace[] {
  const { ramp } = picture;
  if (ramp === undefined || (color !== undefined && !withLegend)) return [];
  const tones = spec.query.mark === 'heatmap' ? theme.heat : theme.ramp;
  const last = tones.length - 1;
  const isLog = ramp.scale === 'log';
  const [low, high] = isLog ? [Math.log10(ramp.min), Math.log10(ramp.max)] : [ramp.min, ramp.max];
  return [
    {
      ...NOTHING,
      marker: {
        color: [low],
        cmin: low,
        cmax: high > low ? high : low + 1,
        colorscale: tones.map((tone, at) => [at / last, tone]),
        showscale: true,
        colorbar: {
          title: { text: escapeMarkup(ramp.title), side: 'right', font: { size: 12 } },
          thickness: 10,
          len: 1,
          outlinewidth: 0,
          ticks: 'outside',
          ticklen: 4,
          tickcolor: theme.axis,
          tickfont: { size: 11, color: theme.muted },
          exponentformat: 'SI',
          ...(isLog ? rampTicks(ramp) : {}),
        },
      },
    },
  ];
}

/** The whole numbers 1, 2 and 5 of every decade between the ends, or the decades alone where there are many. */
function rampTicks({ min, max }: Ramp): { tickvals: number[]; ticktext: string[] } {
  const decades = Math.log10(max / min);
  const steps = decades > 3 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power++) {
    for (const step of steps) {
      const value = step * 10 ** power;
      if (value >= min && value <= max) ticks.push(value);
    }
  }
  // A ramp of less than one step has its ends alone.
  const shown = ticks.length > 1 ? ticks : [min, max];
  return {
    tickvals: shown.map((value) => Math.log10(value)),
    ticktext: shown.map((value) => compact.format(value)),
  };
}
