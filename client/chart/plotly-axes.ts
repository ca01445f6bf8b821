import { DRAG_MODES } from './figure.js';
import type { Figure } from './figure-parts.js';
import { rangesOf, steadyPart, ticksOf } from './figure-changes.js';
import type { PlotArea } from './frame-box.js';
import type { Hide } from './hidden.js';
import { legendClicks } from './legend-clicks.js';
import { loadPlotly, type ImageOptions, type PlotlyElement, type PlotlyModule } from './plotly.js';
import {
  forgetClicks,
  isAsExpected,
  isBoxing,
  isSameView,
  layerHost,
  liveView,
  settledView,
  showWholeLabels,
} from './plotly-adapter.js';
import { takeTurn } from './take-turn.js';
import { TOOLS, type Tool } from './types.js';
import type { View } from './view.js';

export interface AxesEvents {
  /** The axes show another view; `isFinal` when the person has let go. */
  onMove(view: View, isFinal: boolean): void;
  /** The button for all that matches was pressed. */
  onFit(): void;
  onDoubleClick(): void;
  /** The person clicked at the legend: `hide` tells which categories are hidden from then on. */
  onLegend(hide: Hide): void;
  /** The person took another tool by Plotly's own buttons. */
  onTool(tool: Tool): void;
  /** Plotly is not the version we know: the canvas cannot be laid on its axes. */
  onUnknown(): void;
}

/** The axes on the screen. */
export interface PlotlyAxes {
  element: HTMLElement;
  /** Draws the figure, whose axes show `view`; while the person drags, it waits. */
  show(figure: Figure, view: View, area: PlotArea): void;
  /** Resolves when the figure that was shown last is on the screen. */
  drawn(): Promise<unknown>;
  /** The figure as a data address. */
  toImage(figure: Figure, options: ImageOptions): Promise<string>;
  destroy(): void;
}

const CONFIG = {
  scrollZoom: true,
  doubleClick: false,
  displaylogo: false,
  showTips: false,
  responsive: false,
};
/** As far apart two clicks are no double click: of a row and of another one. Fingers come down less exactly. */
const DOUBLE_PX = { mouse: 6, touch: 40 };
const BUTTONS = ['zoom2d', 'pan2d', 'zoomIn2d', 'zoomOut2d'];
const SELECTING = ['select2d', 'lasso2d'];

/** Axes that Plotly draws into an element of its own; the canvas is put among its layers. */
export function createPlotlyAxes(
  canvas: () => HTMLCanvasElement,
  events: AxesEvents,
  {
    withButtons,
    canSelect,
    who,
  }: {
    withButtons: boolean;
    canSelect: boolean;
    /** Whose turn it is when the axes are drawn: the chart's, whose picture comes in the same task. */
    who: object;
  },
): PlotlyAxes {
  const configOf = ({ Icons }: PlotlyModule) => ({
    ...CONFIG,
    displayModeBar: withButtons ? 'hover' : false,
    modeBarButtons: [
      [
        ...(canSelect ? SELECTING : []),
        ...BUTTONS,
        { name: 'fit', title: 'Fit', icon: Icons.autoscale, click: () => events.onFit() },
      ],
    ],
  });
  const element = document.createElement('div');
  // What Plotly measures concerns this element alone; where it draws lines, their corners are as round as ours.
  Object.assign(element.style, {
    position: 'absolute',
    inset: '0',
    contain: 'layout style',
    strokeLinejoin: 'round',
  });
  let plotly: PlotlyModule | undefined;
  /** Made once: where another is given Plotly plots everything anew, and then once more. */
  let config: ReturnType<typeof configOf> | undefined;
  let shown: PlotlyElement | undefined;
  /** What is to be drawn, and the view that the axes had when it was asked for. */
  let wanted: { figure: Figure; view: View; area: PlotArea; from: View | undefined } | undefined;
  /** What the figure on the screen is but for the view, which the person moves, and its ticks. */
  let drawn = '';
  let drawnTicks = '';
  let drawing: Promise<unknown> = Promise.resolve();
  let isHeld = false;
  /** Where the pointer went down last, and how far from there it was before. */
  let down: Pick<PointerEvent, 'clientX' | 'clientY' | 'pointerType'> = {
    clientX: 0,
    clientY: 0,
    pointerType: '',
  };
  let apart = 0;
  let isDestroyed = false;
  /** While the ranges that Plotly tells of are those that it was just given. */
  let isMovingAxes = false;
  /** False where Plotly is not the version we know: then only what it says publicly counts. */
  let isKnown = true;

  /** True where the pointer went down about where it did before. */
  const isNear = (): boolean =>
    apart < (down.pointerType === 'touch' ? DOUBLE_PX.touch : DOUBLE_PX.mouse);
  const release = (): void => {
    if (!isHeld) return;
    isHeld = false;
    // Plotly's own listener ends the drag in the same task.
    setTimeout(flush);
  };
  const hold = (event: PointerEvent): void => {
    isHeld = true;
    apart = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY);
    down = event;
    if (!isNear() && shown !== undefined) forgetClicks(shown);
  };
  element.addEventListener('pointerdown', hold, true);
  window.addEventListener('pointerup', release);
  window.addEventListener('pointercancel', release);

  function attach(): void {
    if (shown === undefined || !isKnown) return;
    const host = layerHost(shown);
    if (host === undefined || canvas().parentElement === host) return;
    host.append(canvas());
    showWholeLabels(shown);
  }

  const viewNow = (element: PlotlyElement): View | undefined =>
    isKnown ? liveView(element) : settledView(element);

  function moved(isFinal: boolean): void {
    if (shown === undefined || isBoxing(shown)) return;
    const view = viewNow(shown);
    if (view === undefined) return;
    if (wanted !== undefined && !isSameView(view, wanted.view)) {
      // Plotly tells of a move after a double click too, when only what waits for its turn will move the axes.
      if (isSameView(wanted.from, view)) {
        // A drag ends so as well, where the answer to its last move came before it was let go.
        if (isFinal) events.onMove(wanted.view, true);
        return;
      }
      // What waits for its turn shows a view that the person has left.
      wanted = undefined;
    }
    events.onMove(view, isFinal);
  }

  /** True where something is to be drawn. What is on the screen already is not wanted any more. */
  function isWanting(): boolean {
    if (isDestroyed || isHeld || wanted === undefined) return false;
    const { figure, view } = wanted;
    const isSame = steadyPart(figure) === drawn && JSON.stringify(ticksOf(figure)) === drawnTicks;
    if (shown === undefined || !isSame || !isSameView(viewNow(shown), view)) return true;
    // Another picture on the same axes: Plotly would take longer to draw them again than the picture took.
    wanted = undefined;
    return false;
  }

  /** Ranges and ticks take a tenth of the time of the whole figure, and Plotly sees other ticks no other way. */
  async function relayout(module: PlotlyModule, update: Record<string, unknown>): Promise<void> {
    if (Object.keys(update).length === 0) return;
    isMovingAxes = true;
    try {
      await module.relayout(element, update);
    } finally {
      isMovingAxes = false;
    }
  }

  async function draw(): Promise<void> {
    plotly ??= await loadPlotly();
    if (!isWanting()) return;
    // Linked charts have their pictures in one task, and would have their axes in one that takes too long.
    await takeTurn(who);
    if (!isWanting()) return;
    const { figure, area } = wanted!;
    wanted = undefined;
    const next = steadyPart(figure);
    const ticks = JSON.stringify(ticksOf(figure));
    const newTicks = ticks === drawnTicks ? {} : ticksOf(figure);
    if (shown !== undefined && next === drawn) {
      await relayout(plotly, { ...rangesOf(figure), ...newTicks });
      drawnTicks = ticks;
      return;
    }
    // Plotly keeps and changes what it is given.
    const { data, layout } = structuredClone(figure);
    // Without a name for its data it would take copies for other data, and plot everything anew where ranges alone are others.
    layout['datarevision'] = JSON.stringify(data);
    config ??= configOf(plotly);
    if (shown === undefined) {
      shown = await plotly.newPlot(element, data, layout, config);
      shown.on('plotly_relayouting', () => isKnown && moved(false));
      shown.on('plotly_relayout', () => {
        if (isMovingAxes) return;
        const mode = shown?.layout['dragmode'];
        const tool = TOOLS.find((each) => DRAG_MODES[each] === mode);
        if (tool !== undefined) events.onTool(tool);
        moved(true);
      });
      // The browser's own dblclick never comes: Plotly covers the page while a button is down. Any two quick clicks are one to it.
      shown.on('plotly_doubleclick', () => {
        if (isNear()) events.onDoubleClick();
      });
      shown.on('plotly_afterplot', attach);
      shown.on(
        'plotly_legendclick',
        legendClicks((hide) => events.onLegend(hide)),
      );
      isKnown = isAsExpected(shown, new DOMRect(area.left, area.top, area.width, area.height));
      if (!isKnown) events.onUnknown();
    } else {
      await plotly.react(element, data, layout, config);
      await relayout(plotly, newTicks);
    }
    drawn = next;
    drawnTicks = ticks;
    attach();
  }

  function flush(): void {
    drawing = drawing.then(draw).catch((error: unknown) => {
      // The marks are there without their axes; what is wrong belongs into the console.
      console.error(error);
    });
  }

  return {
    element,
    show(figure, view, area) {
      wanted = { figure, view, area, from: shown && viewNow(shown) };
      flush();
    },
    drawn: () => drawing,
    async toImage({ data, layout }, options) {
      plotly ??= await loadPlotly();
      return plotly.toImage(structuredClone({ data, layout }), options);
    },
    destroy() {
      isDestroyed = true;
      window.removeEventListener('pointerup', release);
      window.removeEventListener('pointercancel', release);
      if (shown !== undefined) plotly?.purge(element);
      element.remove();
    },
  };
}
