/** The little of Plotly that a chart uses. Its packages carry no types. */
export interface PlotlyTrace {
  type?: string;
  [attribute: string]: unknown;
}

/** A trace that shows nothing: Plotly draws axes for traces only. */
export const EMPTY_TRACE: PlotlyTrace = {
  type: 'scatter',
  mode: 'markers',
  x: [null],
  y: [null],
  hoverinfo: 'skip',
  showlegend: false,
};

export interface PlotlyElement extends HTMLElement {
  layout: Record<string, unknown>;
  data: PlotlyTrace[];
  on(event: string, listener: (event: never) => unknown): void;
  removeAllListeners(event: string): void;
}

/** The size is in CSS pixels; a PNG has `scale` times as many pixels. */
export interface ImageOptions {
  format: 'png' | 'svg';
  width: number;
  height: number;
  scale?: number;
}

export interface PlotlyModule {
  /** The drawings of its buttons. */
  Icons: Record<'autoscale', object>;
  newPlot(
    element: HTMLElement,
    data: PlotlyTrace[],
    layout: Record<string, unknown>,
    config?: Record<string, unknown>,
  ): Promise<PlotlyElement>;
  react(
    element: HTMLElement,
    data: PlotlyTrace[],
    layout: Record<string, unknown>,
    config?: Record<string, unknown>,
  ): Promise<PlotlyElement>;
  relayout(element: HTMLElement, update: Record<string, unknown>): Promise<PlotlyElement>;
  purge(element: HTMLElement): void;
  toImage(
    figure: { data: PlotlyTrace[]; layout: Record<string, unknown> },
    options: ImageOptions,
  ): Promise<string>;
}

let loading: Promise<PlotlyModule> | undefined;

/** Loads Plotly, once: it is larger than everything else and nothing waits for it but the axes. */
export function loadPlotly(): Promise<PlotlyModule> {
  loading ??= import('plotly.js-basic-dist-min').then((module) => module.default);
  return loading;
}
