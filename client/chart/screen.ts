import { withPalette } from '../palettes.js';
import type { Theme } from '../theme.js';
import type { BuildParts } from './build-picture.js';
import type { CanvasLayer } from './canvas-layer.js';
import { wordsOf } from './chart-spec.js';
import { figureOf, loadFor } from './figure.js';
import { frameOf, hasLegend, plotArea, type Frame, type PlotArea } from './frame-box.js';
import type { FigureParts } from './figure-parts.js';
import { createLatePart } from './late-part.js';
import type { NowPlace } from './now-line.js';
import type { Found } from './picture.js';
import { pictureOf, type Ahead } from './picture-ahead.js';
import type { PlotlyAxes } from './plotly-axes.js';
import type { Shown } from './shown.js';
import { summaryOf } from './summary.js';
import { createTextMeasure } from './text-measure.js';
import type { ChartSpec, Tool } from './types.js';
import { sameView, type View } from './view.js';

/** What is shown before its picture is made. */
export type Made = Omit<Shown, 'picture'>;

/** What a chart shows now: a picture, the view of it, and the axes around it. */
export interface Screen {
  shown(): Shown | undefined;
  /** Where the axes are: the picture's own view, unless they were moved since. */
  view(): View | undefined;
  /** The room of the plot with its margins, and the plot area in it. */
  box(): Frame;
  area(): PlotArea;
  ratio(): number;
  /** What a picture is made of. */
  partsOf(made: Made): BuildParts;
  /** Puts an answer on the screen; where the person has moved on meanwhile, as a stand-in at their view. */
  show(made: Made, hasMoved: boolean, ahead?: Ahead): void;
  /** Makes another picture of the frame on the screen: nothing is asked. */
  reshade(): void;
  /** Axes and marks, in the size that the element has now. */
  redraw(): void;
  /** The marks alone, where `view` has moved to. */
  paint(): void;
  /** Moves the axes without drawing. */
  moveTo(view: View): void;
  /** Takes other choices about the picture, without making it. */
  setSpec(spec: ChartSpec): void;
  /** Takes the picture away. */
  empty(): void;
  /** What stands at a place, in CSS pixels of the element. */
  found(left: number, top: number): Found | undefined;
  measure(text: string): number;
  /** Resolves when the axes on the screen are those of the last picture. */
  drawn(): Promise<void>;
  destroy(): void;
}

/** `wish` is what the owner of the chart wants to see now; `onPaint` is called when the marks were painted. */
export function createScreen(
  element: HTMLElement,
  {
    layer,
    axes,
    wish,
    onPaint,
  }: {
    layer: CanvasLayer;
    axes: PlotlyAxes;
    wish: () => { spec: ChartSpec | undefined; theme: Theme; tool: Tool };
    onPaint: () => void;
  },
): Screen {
  let shown: Shown | undefined;
  let view: View | undefined;
  /** Resolves when all is there that the figure is made with. */
  let figureReady: Promise<void> | undefined;
  const nowLine = createLatePart<NowPlace>(async () =>
    (await import('./now-line.js')).createNowLine(element),
  );
  const ramp = createLatePart<FigureParts>(async () =>
    (await import('./ramp-element.js')).createRampElement(element),
  );
  const measure = createTextMeasure(() => `11px ${wish().theme.font}`);

  const ratio = (): number => globalThis.devicePixelRatio || 1;
  const box = (): Frame => {
    const { spec } = wish();
    return frameOf(element.clientWidth, element.clientHeight, shown?.spec ?? spec, {
      legend: hasLegend(spec, element.clientWidth),
      labelWidth: shown?.picture.labelWidth,
      labelHeight: shown?.picture.labelHeight,
    });
  };
  const area = (): PlotArea => plotArea(box(), ratio());

  function partsOf(made: Made): BuildParts {
    const { clientWidth, clientHeight } = element;
    // The labels of the picture before take no room from this one.
    const frame = frameOf(clientWidth, clientHeight, made.spec, { legend: false });
    return {
      ...made,
      theme: wish().theme,
      ratio: ratio(),
      chartWidth: clientWidth,
      chartHeight: clientHeight,
      plotHeight: plotArea(frame, ratio()).height,
      measure,
    };
  }

  function show(made: Made, hasMoved: boolean, ahead?: Ahead): void {
    const isNewKind = shown?.spec.query.mark !== made.spec.query.mark;
    const parts = partsOf(made);
    const picture = layer.adapt(pictureOf(parts, ahead), parts);
    shown = { ...made, picture };
    if (!hasMoved || isNewKind || view === undefined) view = picture.view;
    redraw();
  }

  function redraw(): void {
    const { spec, theme, tool } = wish();
    if (shown === undefined || view === undefined || spec === undefined) return;
    figureReady = loadFor(shown.picture)?.then(redraw) ?? figureReady;
    const frame = box();
    const plot = plotArea(frame, ratio());
    layer.place(plot, ratio());
    paint();
    const { metadata } = shown.frame;
    const parts: FigureParts = {
      spec: { ...shown.spec, ...wordsOf(spec) },
      picture: shown.picture,
      color: metadata.color,
      view,
      theme: withPalette(theme, shown.spec.style),
      frame,
      withLegend: hasLegend(spec, element.clientWidth),
      tool,
    };
    ramp.place(shown.picture.ramp && parts);
    axes.show(figureOf(parts), view, plot);
    layer.canvas.setAttribute('aria-label', summaryOf(shown.spec, metadata));
  }

  function paint(): void {
    const { spec, theme } = wish();
    layer.paint(shown?.picture, view);
    nowLine.place(
      spec?.now && shown && view
        ? { view, axis: shown.picture.axes.x, area: area(), theme }
        : undefined,
    );
    onPaint();
  }

  return {
    shown: () => shown,
    view: () => view,
    box,
    area,
    ratio,
    partsOf,
    show,
    reshade() {
      if (shown === undefined) return;
      show(shown, view !== undefined && !sameView(view, shown.picture.view));
    },
    redraw,
    paint,
    moveTo(next) {
      view = next;
    },
    setSpec(spec) {
      if (shown !== undefined) shown = { ...shown, spec };
    },
    empty() {
      shown = undefined;
      ramp.place(undefined);
      paint();
    },
    found(left, top) {
      if (shown === undefined || view === undefined) return undefined;
      const { canvas } = layer;
      const plot = area();
      const x = ((left - plot.left) / plot.width) * canvas.width;
      const y = ((top - plot.top) / plot.height) * canvas.height;
      if (x < 0 || y < 0 || x >= canvas.width || y >= canvas.height) return undefined;
      return shown.picture.find(x, y, layer.stage(view));
    },
    measure,
    async drawn() {
      await figureReady;
      await ramp.loaded();
      await axes.drawn();
    },
    destroy() {
      nowLine.destroy();
      ramp.destroy();
    },
  };
}
