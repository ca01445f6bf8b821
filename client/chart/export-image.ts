import type { Ask } from '../data/ask.js';
import type { DecodedFrame } from '../data/frame.js';
import type { Theme } from '../theme.js';
import { buildPicture } from './build-picture.js';
import { escapeMarkup } from './label-text.js';
import { figureOf } from './figure.js';
import type { FigureParts } from './figure-parts.js';
import { figureOfRamp } from './figure-ramp.js';
import { plotArea, type Frame, type PlotArea } from './frame-box.js';
import type { CanvasLayer } from './canvas-layer.js';
import type { Picture } from './picture.js';
import type { PlotlyAxes } from './plotly-axes.js';
import { answer, questionOf } from './question.js';
import { createCpuRaster } from './render/cpu.js';
import type { ChartDomain, ChartSpec } from './types.js';
import { summaryOf } from './summary.js';
import type { View } from './view.js';
import type { Query } from '../../protocol/query.js';

export interface ExportParts {
  shown: {
    spec: ChartSpec;
    question: Query;
    domain: ChartDomain;
    frame: DecodedFrame;
    picture: Picture;
  };
  view: View;
  frame: Frame;
  theme: Theme;
  scale: number;
  format: 'png' | 'svg';
  ask: Ask;
  axes: PlotlyAxes;
  layer: CanvasLayer;
  measure: (text: string) => number;
}

/** Room above for the title and below for the footer, in CSS pixels. */
const TITLE = 40;
const FOOTER = 22;

/**
 * The picture as a PNG or an SVG: Plotly draws axes and legend and lays the marks over them. The marks are asked for and
 * drawn anew at the size of the file, so they are as sharp as on a screen of that many pixels.
 */
export async function exportImage(parts: ExportParts): Promise<Blob> {
  const { frame, theme, scale, view, axes } = parts;
  const { spec } = parts.shown;
  const sharp = await sharpPicture(parts);
  const { metadata } = sharp.frame;
  const tall: Frame = {
    ...frame,
    height: frame.height + TITLE + FOOTER,
    margin: { ...frame.margin, t: frame.margin.t + TITLE, b: frame.margin.b + FOOTER },
  };
  const withLegend = metadata.color !== undefined;
  if (withLegend && tall.margin.r < 170) {
    tall.width += 170 - tall.margin.r;
    tall.margin.r = 170;
  }
  const figureParts: FigureParts = {
    spec,
    picture: sharp.picture,
    color: metadata.color,
    view,
    theme,
    frame: tall,
    withLegend,
  };
  const figure = figureOf(figureParts);
  const ramp = figureOfRamp(figureParts);
  const notes = [spec.footer, summaryOf({ ...spec, title: metadata.method }, metadata)];
  const layout = {
    ...figure.layout,
    ...ramp.layout,
    // A file ends where its picture does: a label that reaches over its edge is left out.
    xaxis: { ...(figure.layout['xaxis'] as object), ticklabeloverflow: 'hide past div' },
    paper_bgcolor: theme.surface,
    title: {
      text: escapeMarkup(spec.title ?? ''),
      font: { size: 16, color: theme.text },
      x: frame.margin.l / tall.width,
      xanchor: 'left',
      y: 1 - 26 / tall.height,
      yanchor: 'middle',
    },
    // Where Plotly draws the marks they are in the figure.
    ...(parts.layer.renderer().name === 'plotly'
      ? {}
      : { images: [paintedImage(sharp.picture, view, plotArea(frame, scale), scale)] }),
    annotations: [
      ...((ramp.layout['annotations'] ?? []) as object[]),
      {
        text: escapeMarkup(notes.filter(Boolean).join(' · ')),
        xref: 'paper',
        yref: 'paper',
        x: 0,
        y: 0,
        xanchor: 'left',
        yanchor: 'top',
        yshift: -(tall.margin.b - FOOTER - 2),
        showarrow: false,
        font: { size: 11, color: theme.muted },
      },
    ],
  };
  const size = { width: tall.width * scale, height: tall.height * scale };
  const address = await axes.toImage(
    { data: [...figure.data, ...ramp.data], layout },
    { format: 'svg', width: tall.width, height: tall.height, scale },
  );
  // Text after the first comma, percent-encoded; only the marks in it are pixels.
  const text = decodeURIComponent(address.slice(address.indexOf(',') + 1));
  // Plotly takes no style of the page into its drawing: corners are as round as on the page only where it says so.
  const svg = text.replace('<svg ', '<svg stroke-linejoin="round" ');
  return parts.format === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : pngOf(svg, size);
}

async function pngOf(svg: string, size: { width: number; height: number }): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), size);
  canvas.getContext('2d')!.drawImage(image, 0, 0, size.width, size.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('The picture is too large for this browser.'));
      else resolve(blob);
    }, 'image/png');
  });
}

/** The marks as an image over the whole plot area. */
function paintedImage(
  picture: Picture,
  view: View,
  area: PlotArea,
  ratio: number,
): Record<string, unknown> {
  const canvas = document.createElement('canvas');
  canvas.width = area.pixelWidth;
  canvas.height = area.pixelHeight;
  const raster = createCpuRaster();
  const stage = { width: canvas.width, height: canvas.height, ratio, view };
  picture.paint(canvas.getContext('2d')!, stage, raster);
  raster.destroy();
  return {
    source: canvas.toDataURL('image/png'),
    xref: 'x domain',
    yref: 'y domain',
    x: 0,
    y: 1,
    sizex: 1,
    sizey: 1,
    sizing: 'stretch',
    layer: 'above',
  };
}

async function sharpPicture({
  shown,
  frame,
  theme,
  scale,
  ask,
  layer,
  measure,
}: ExportParts): Promise<{ picture: Picture; frame: DecodedFrame }> {
  const { spec, domain } = shown;
  const area = plotArea(frame, scale);
  // As many cells as on the screen, where labels have taken their room.
  const { cells } = shown.question;
  const question = { ...questionOf(spec, domain, area), ...(cells && { cells }) };
  const labels = { chartWidth: frame.width, chartHeight: frame.height, plotHeight: area.height };
  const make = (decoded: DecodedFrame): { picture: Picture; frame: DecodedFrame } => {
    const build = { ...shown, question, frame: decoded, theme, ratio: scale, ...labels, measure };
    return { frame: decoded, picture: layer.adapt(buildPicture(build), build) };
  };
  try {
    return make(await answer(ask, question, new AbortController().signal));
  } catch {
    // Without the server the picture is saved as it stands on the screen.
    return make(shown.frame);
  }
}
