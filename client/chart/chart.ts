import { canonicalJson } from '../../protocol/canonical.js';
import { withPalette } from '../palettes.js';
import { createAsking, type Asked } from './asking.js';
import type { BuildParts } from './build-picture.js';
import { createCanvasLayer } from './canvas-layer.js';
import { isRefresh, keyOf, planeKeyOf, sameShades, withShadesOf, wordsOf } from './chart-spec.js';
import { figureOf, loadFor } from './figure.js';
import { frameOf, hasLegend, maxBarLabel, plotArea } from './frame-box.js';
import { trackHover } from './hover.js';
import { createLateNowLine } from './late-now-line.js';
import { domainOfView, movedView, viewOf } from './moved-view.js';
import { pictureAhead, pictureOf, type Ahead } from './picture-ahead.js';
import { createPlotlyAxes } from './plotly-axes.js';
import { type Answer, barsIn, questionOf } from './question.js';
import { rendererOfAddress } from './renderer-choice.js';
import type { Shown } from './shown.js';
import { factsOf, rendererFacts, writeStateAttributes } from './status.js';
import { summaryOf } from './summary.js';
import { groundOf } from './select/ground.js';
import { createLateSelection } from './select/late-selection.js';
import { createTextMeasure } from './text-measure.js';
import type {
  Chart,
  ChartDomain,
  ChartOptions,
  ChartSpec,
  ChartState,
  ChartStatus,
  Tool,
} from './types.js';
import { sameView, type View } from './view.js';

export type * from './types.js';

/** After a person stops moving for so long, the exact picture is asked for; while moving, that often at most. */
const SETTLE_MS = 80;
const WHILE_MOVING_MS = 250;
/** What a move has asked is withdrawn by no later step of it before this: that would be work for nothing. */
const MOST_MOVING_MS = 1000;

/** A chart that fills `element`. It asks for what it shows, and belongs to the caller until `destroy`. */
export function createChart(element: HTMLElement, options: ChartOptions): Chart {
  const { ask, onDomain, onHover, onState, onSelect, onTool, onHidden } = options;
  const choice = options.renderer ?? rendererOfAddress();
  let { theme } = options;
  let spec: ChartSpec | undefined;
  /** The domain that the next question asks for; an axis that is absent is fitted. */
  let wanted: ChartDomain = {};
  let view: View | undefined;
  let shown: Shown | undefined;
  let status: ChartStatus = {
    state: 'loading',
    bytes: 0,
    elapsedMs: 0,
    renderer: 'cpu',
    rendererReason: '',
  };
  /** The size of the element when the last question was asked. */
  let askedSize = '';
  /** How often the person has moved the axes. A question follows each time. */
  let moves = 0;
  let movingSince: number | undefined;
  let tool: Tool = 'move';
  /** Resolves when all is there that the figure is made with. */
  let figureReady: Promise<void> | undefined;

  const nowLine = createLateNowLine(element);
  const measure = createTextMeasure(() => `11px ${theme.font}`);
  const layer = createCanvasLayer(choice, () => {
    if (layer.renderer().name === 'plotly') reshade();
    else paint();
    setState(status.state);
  });
  const axes = createPlotlyAxes(
    () => layer.canvas,
    {
      onMove,
      onFit: () => chart.fit(),
      onDoubleClick() {
        if (!rows.takesClicks()) chart.fit();
      },
      onTool(next) {
        if (next === tool) return;
        chart.setTool(next);
        onTool?.(next);
      },
      onUnknown: () => void layer.usePlotly('this version of Plotly is not known to us'),
      onLegend(hide) {
        if (spec === undefined) return;
        const hidden = hide(shown?.answer.frame.metadata.color, spec.hidden ?? []);
        chart.update({ ...spec, domain: wanted, hidden });
        onHidden?.(hidden);
      },
    },
    { withButtons: options.withButtons ?? true, canSelect: onSelect !== undefined, who: element },
  );
  if (getComputedStyle(element).position === 'static') element.style.position = 'relative';
  element.replaceChildren(axes.element, layer.canvas);

  const ratio = (): number => globalThis.devicePixelRatio || 1;
  const box = () =>
    frameOf(element.clientWidth, element.clientHeight, shown?.spec ?? spec, {
      legend: hasLegend(spec, element.clientWidth),
      barLabels: shown?.picture.labelWidth ?? 0,
    });
  const area = () => plotArea(box(), ratio());

  function nextQuestion(): Asked | undefined {
    // An element that is hidden has no size: the observer asks once it has one again.
    askedSize = sizeOf(element);
    const { clientWidth, clientHeight } = element;
    if (spec === undefined || clientWidth === 0 || clientHeight === 0) return undefined;
    movingSince = undefined;
    const frame = frameOf(clientWidth, clientHeight, spec, {
      legend: hasLegend(spec, clientWidth),
    });
    const question = questionOf(spec, wanted, plotArea(frame, ratio()));
    return { spec, domain: wanted, question, moves, startedAt: performance.now() };
  }

  /** What an answer is shown as: what was chosen since about the shades needs no other frame. */
  const madeOf = (asked: Asked, frames: Answer): Omit<Shown, 'picture'> => ({
    spec: withShadesOf(asked.spec, spec ?? asked.spec),
    domain: asked.domain,
    question: asked.question,
    answer: frames,
  });

  /** Shows an answer. True where the person has moved the axes since: another is on its way. */
  function put(asked: Asked, frames: Answer, ahead?: Ahead): boolean {
    // Not what the view is: shades that are chosen meanwhile may fit it anew, and ask for no other frame.
    const hasMoved = moves !== asked.moves;
    show(madeOf(asked, frames), hasMoved, ahead);
    status = {
      ...factsOf(frames),
      state: status.state,
      elapsedMs: performance.now() - asked.startedAt,
      ...rendererFacts(layer),
    };
    if (movingSince !== undefined) askAtPace(movingSince);
    return hasMoved;
  }

  const asking = createAsking<Ahead | undefined>(element, {
    ask,
    next: nextQuestion,
    ready: () => layer.ready,
    onEstimate(asked, estimate) {
      put(asked, estimate);
      setState('moving');
    },
    prepare: (asked, frames) => pictureAhead(partsOf(madeOf(asked, frames)), layer),
    onAnswer(asked, frames, ahead) {
      const hasMoved = put(asked, frames, ahead);
      const { drawn } = frames.frame.metadata.rows;
      setState(hasMoved ? 'moving' : drawn === 0 ? 'empty' : 'exact');
      if (shown?.picture.style?.crisp === false) layer.calibrate();
    },
    onError(asked, error) {
      // What was there of an earlier snapshot is better than nothing.
      if (shown?.spec.query !== asked.spec.query && !isRefresh(shown?.spec, asked.spec)) {
        shown = undefined;
        paint();
      }
      status = { ...status, error };
      setState('error');
    },
  });

  const partsOf = (made: Omit<Shown, 'picture'>): BuildParts => ({
    ...made,
    theme,
    ratio: ratio(),
    barLabels: maxBarLabel(element.clientWidth),
    mostBarLabels: barsIn(area()),
    measure,
  });

  /** Puts an answer on the screen; where the person has moved on meanwhile, as a stand-in at their view. */
  function show(made: Omit<Shown, 'picture'>, hasMoved: boolean, ahead?: Ahead): void {
    const isNewKind = shown?.spec.query.mark !== made.spec.query.mark;
    const parts = partsOf(made);
    const picture = layer.adapt(pictureOf(parts, ahead), parts);
    shown = { ...made, picture };
    if (!hasMoved || isNewKind || view === undefined) view = picture.view;
    redraw();
  }

  /** Makes another picture of the frame on the screen: nothing is asked. */
  function reshade(): void {
    if (shown === undefined) return;
    show(shown, view !== undefined && !sameView(view, shown.picture.view));
    setState(status.state);
  }

  /** Axes and marks, in the size that the element has now. */
  function redraw(): void {
    if (shown === undefined || view === undefined || spec === undefined) return;
    figureReady = loadFor(shown.picture)?.then(redraw) ?? figureReady;
    const frame = box();
    const plot = plotArea(frame, ratio());
    layer.place(plot, ratio());
    paint();
    const { metadata } = shown.answer.frame;
    const figure = figureOf({
      spec: { ...shown.spec, ...wordsOf(spec) },
      picture: shown.picture,
      color: metadata.color,
      view,
      theme: withPalette(theme, shown.spec.style?.palette),
      frame,
      withLegend: hasLegend(spec, element.clientWidth),
      tool,
    });
    axes.show(figure, view, plot);
    layer.canvas.setAttribute('aria-label', summaryOf(shown.spec, metadata));
  }

  function paint(): void {
    layer.paint(shown?.picture, view);
    nowLine.place(
      spec?.now && shown && view
        ? { view, axis: shown.picture.axes.x, area: area(), theme }
        : undefined,
    );
    rows.draw();
  }

  function setState(state: ChartState): void {
    const { error: _, ...rest } = status;
    status = {
      ...(state === 'error' ? status : rest),
      state,
      ...rendererFacts(layer),
    };
    writeStateAttributes(element, status, shown?.picture);
    onState?.(status, shown?.answer.frame);
  }

  /** Asks for the view of a move that goes on, once the view that was asked for before is answered. */
  function askAtPace(since: number): void {
    const leftMs = (paceMs: number): number => Math.max(0, since + paceMs - performance.now());
    asking.schedule(
      asking.isWaiting() ? leftMs(MOST_MOVING_MS) : Math.min(SETTLE_MS, leftMs(WHILE_MOVING_MS)),
    );
  }

  /** The person moves the axes: the old picture moves with them in the same task, the exact one follows. */
  function onMove(moved: View, isFinal: boolean): void {
    if (shown === undefined || view === undefined) return;
    const { picture } = shown;
    const { mark } = shown.spec.query;
    const next = movedView(mark, view, moved);
    if (!sameView(next, view)) {
      view = next;
      moves++;
      paint();
      wanted = { ...wanted, ...domainOfView(mark, next, picture, area()) };
      movingSince ??= performance.now();
      hover.clear();
      if (status.state !== 'moving') setState('moving');
      askAtPace(movingSince);
      isUnsaid = true;
    }
    if (isFinal && isUnsaid) {
      isUnsaid = false;
      asking.schedule(0);
      onDomain?.(wanted, 'user');
    }
  }
  let isUnsaid = false;

  const rows = createLateSelection(
    element,
    () =>
      shown === undefined || view === undefined
        ? undefined
        : groundOf(shown, { view, area: area(), theme }),
    onSelect,
  );
  const hover = trackHover(
    element,
    (left, top) => {
      if (shown === undefined || view === undefined) return undefined;
      const { canvas } = layer;
      const plot = area();
      const x = ((left - plot.left) / plot.width) * canvas.width;
      const y = ((top - plot.top) / plot.height) * canvas.height;
      if (x < 0 || y < 0 || x >= canvas.width || y >= canvas.height) return undefined;
      const found = shown.picture.find(x, y, layer.stage(view));
      return found && { ...found, left, top };
    },
    onHover,
  );

  async function image(format: 'png' | 'svg', scale: number): Promise<Blob> {
    const { exportImage } = await import('./export-image.js');
    if (shown === undefined || view === undefined) throw new Error('The chart has no picture yet.');
    return exportImage({
      shown,
      view,
      frame: box(),
      theme,
      format,
      scale,
      ask,
      axes,
      layer,
      measure,
    });
  }

  const observer = new ResizeObserver(() => {
    // The first call comes without any change.
    if (sizeOf(element) === askedSize) return;
    redraw();
    // Until its own picture comes the new size has the old one, drawn out.
    if (shown !== undefined) setState('moving');
    if (spec !== undefined) asking.schedule(shown === undefined ? 0 : SETTLE_MS);
  });
  observer.observe(element);

  const chart: Chart = {
    update(next) {
      const before = spec;
      // What was hidden by the chart's own legend stays so until the owner says otherwise, or colors by another column.
      const keepsHidden = next.hidden === undefined && before?.query.color === next.query.color;
      spec = keepsHidden && before?.hidden ? { ...next, hidden: before.hidden } : next;
      // Other columns on the axes: what was marked means nothing any more.
      if (before !== undefined && planeKeyOf(before) !== planeKeyOf(spec)) rows.clear();
      const domain = spec.domain ?? {};
      const isSameQuestion = before !== undefined && keyOf(before) === keyOf(spec);
      if (isSameQuestion && shown !== undefined && !sameShades(shown.spec, spec)) {
        shown = { ...shown, spec: withShadesOf(shown.spec, spec) };
        reshade();
      }
      if (isSameQuestion && canonicalJson(domain) === canonicalJson(wanted)) {
        redraw();
        return;
      }
      const isNewer = isRefresh(before, spec);
      // New rows do not take the axes out of the hand that is moving them.
      if (!isNewer || !isUnsaid) wanted = domain;
      if (isSameQuestion && shown !== undefined && view !== undefined) {
        view = viewOf(domain, shown.picture, view);
        redraw();
        setState('moving');
      } else setState(isNewer && shown !== undefined ? 'moving' : 'loading');
      asking.schedule(0);
    },
    setTheme(next) {
      if (next === theme) return;
      theme = next;
      reshade();
    },
    fit() {
      if (spec === undefined) return;
      wanted = onDomain === undefined ? {} : (spec.domain ?? {});
      const before = asking.count();
      onDomain?.(null, 'fit');
      if (asking.count() === before) asking.schedule(0);
    },
    setTool(next) {
      if (next === tool) return;
      tool = next;
      rows.setTool(next);
      redraw();
    },
    select: (filters) => rows.set(filters),
    key: (event) => rows.key(event),
    toPng: ({ scale = 2 } = {}) => image('png', scale),
    toSvg: ({ scale = 2 } = {}) => image('svg', scale),
    status: () => ({ ...status, ...rendererFacts(layer) }),
    async drawn() {
      await figureReady;
      await axes.drawn();
    },
    destroy() {
      asking.stop();
      observer.disconnect();
      rows.destroy();
      nowLine.destroy();
      hover.destroy();
      axes.destroy();
      layer.destroy();
      element.replaceChildren();
    },
  };
  setState('loading');
  return chart;
}

const sizeOf = ({ clientWidth, clientHeight }: HTMLElement): string =>
  `${clientWidth} × ${clientHeight}`;
