import { canonicalJson } from '../../protocol/canonical.js';
import type { Query } from '../../protocol/query.js';
import { axisOf, domainOf, spanOf, type Span } from './axis.js';
import { buildPicture } from './build-picture.js';
import { createCanvasLayer } from './canvas-layer.js';
import { exportPng } from './export-png.js';
import { figureOf, MOVABLE } from './figure.js';
import { frameOf, maxBarLabel, plotArea } from './frame-box.js';
import type { Picture } from './picture.js';
import { createPlotlyAxes } from './plotly-axes.js';
import { answer, questionOf, type Answer } from './question.js';
import { summaryOf } from './summary.js';
import { createTextMeasure } from './text-measure.js';
import type {
  Chart,
  ChartDomain,
  ChartOptions,
  ChartSpec,
  ChartState,
  ChartStatus,
  Hover,
} from './types.js';
import { sameView, type View } from './view.js';

export type * from './types.js';

/** After a person stops moving for so long, the exact picture is asked for; while moving, that often at least. */
const SETTLE_MS = 80;
const WHILE_MOVING_MS = 250;

/** What is on the screen, and what it was made from. */
interface Shown {
  spec: ChartSpec;
  question: Query;
  domain: ChartDomain;
  answer: Answer;
  picture: Picture;
}

/** A chart that fills `element`. It asks for what it shows, and belongs to the caller until `destroy`. */
export function createChart(element: HTMLElement, options: ChartOptions): Chart {
  const { ask, onDomain, onHover, onState } = options;
  const choice = options.renderer ?? rendererOfAddress();
  let { theme } = options;
  let spec: ChartSpec | undefined;
  /** The domain that the next question asks for; an axis that is absent is fitted. */
  let wanted: ChartDomain = {};
  let view: View | undefined;
  let shown: Shown | undefined;
  let status: ChartStatus = { state: 'loading', bytes: 0, elapsedMs: 0, renderer: 'cpu' };
  let running: AbortController | undefined;
  /** The size of the element when the last question was asked. */
  let askedSize = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let movingSince: number | undefined;
  let lastHover: Hover | undefined;

  const measure = createTextMeasure(() => `11px ${theme.font}`);
  const layer = createCanvasLayer(choice, () => {
    paint();
    setState(status.state);
  });
  const axes = createPlotlyAxes(() => layer.canvas, { onMove, onFit: () => chart.fit() });
  if (getComputedStyle(element).position === 'static') element.style.position = 'relative';
  element.replaceChildren(axes.element, layer.canvas);

  const ratio = (): number => globalThis.devicePixelRatio || 1;
  const box = () =>
    frameOf(element.clientWidth, element.clientHeight, shown?.spec ?? spec, {
      legend: (spec?.legend ?? true) && element.clientWidth > 480,
      barLabels: shown?.picture.labelWidth ?? 0,
    });
  const area = () => plotArea(box(), ratio());

  /** Without a delay the question leaves in this very task, before the browser lays out what else has changed. */
  function schedule(delayMs: number): void {
    clearTimeout(timer);
    if (delayMs > 0) timer = setTimeout(() => void askNow(), delayMs);
    else void askNow();
  }

  async function askNow(): Promise<void> {
    if (spec === undefined || element.clientWidth === 0 || element.clientHeight === 0) return;
    running?.abort();
    const mine = new AbortController();
    running = mine;
    askedSize = sizeOf(element);
    movingSince = undefined;
    const asked = { spec, domain: wanted, view };
    const nextBox = plotArea(
      frameOf(element.clientWidth, element.clientHeight, spec, {
        legend: (spec.legend ?? true) && element.clientWidth > 480,
      }),
      ratio(),
    );
    const question = questionOf(spec, wanted, nextBox);
    const startedAt = performance.now();
    try {
      const [frames] = await Promise.all([
        answer(ask, asked.spec, question, mine.signal),
        layer.ready,
      ]);
      if (mine.signal.aborted) return;
      const hasMoved = view !== asked.view;
      show({ ...asked, question, answer: frames }, hasMoved);
      const { metadata, plan, timing } = frames.frame;
      const { low, high } = frames.band ?? {};
      status = {
        state: status.state,
        metadata,
        ...(plan === undefined ? {} : { plan }),
        timing,
        bytes: frames.frame.byteLength + (low?.byteLength ?? 0) + (high?.byteLength ?? 0),
        elapsedMs: performance.now() - startedAt,
        renderer: layer.renderer(),
      };
      setState(hasMoved ? 'moving' : metadata.rows.drawn === 0 ? 'empty' : 'exact');
      if (shown?.picture.style?.crisp === false) layer.calibrate();
    } catch (error) {
      if (mine.signal.aborted) return;
      if (shown?.spec.query !== asked.spec.query) {
        shown = undefined;
        paint();
      }
      status = { ...status, error };
      setState('error');
    }
  }

  /** Puts an answer on the screen; where the person has moved on meanwhile, as a stand-in at their view. */
  function show(made: Omit<Shown, 'picture'>, hasMoved: boolean): void {
    const isNewKind = shown?.spec.query.mark !== made.spec.query.mark;
    const picture = buildPicture({
      ...made,
      theme,
      ratio: ratio(),
      barLabels: maxBarLabel(element.clientWidth),
      measure,
    });
    shown = { ...made, picture };
    if (!hasMoved || isNewKind || view === undefined) view = picture.view;
    redraw();
  }

  /** Axes and marks, in the size that the element has now. */
  function redraw(): void {
    if (shown === undefined || view === undefined || spec === undefined) return;
    const frame = box();
    const plot = plotArea(frame, ratio());
    layer.place(plot, ratio());
    paint();
    const { metadata } = shown.answer.frame;
    const withLegend = (spec.legend ?? true) && element.clientWidth > 480;
    const parts = {
      spec: { ...shown.spec, ...wordsOf(spec) },
      picture: shown.picture,
      view,
      theme,
    };
    axes.show(figureOf({ ...parts, color: metadata.color, frame, withLegend }), view, plot);
    layer.canvas.setAttribute('aria-label', summaryOf(shown.spec, metadata));
  }

  function paint(): void {
    layer.paint(shown?.picture, view);
  }

  function setState(state: ChartState): void {
    const { metadata } = status;
    const { style } = shown?.picture ?? {};
    const { error: _, ...rest } = status;
    status = {
      ...(state === 'error' ? status : rest),
      state,
      renderer: layer.renderer(),
    };
    const attributes = {
      state,
      matched: metadata?.rows.matched,
      drawn: metadata?.rows.drawn,
      method: metadata?.method,
      renderer: status.renderer,
      radius: style?.radius,
      opacity: style?.opacity,
    };
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined) delete element.dataset[name];
      else element.dataset[name] = String(value);
    }
    onState?.(status, shown?.answer.frame);
  }

  /** The person moves the axes: the old picture moves with them in the same task, the exact one follows. */
  function onMove(moved: View, isFinal: boolean): void {
    if (shown === undefined || view === undefined) return;
    const { picture } = shown;
    const movable = MOVABLE[shown.spec.query.mark];
    const next = {
      x: movable.x && isWide(moved.x) ? moved.x : view.x,
      y: movable.y && isWide(moved.y) ? moved.y : view.y,
    };
    if (!sameView(next, view)) {
      view = next;
      paint();
      const { pixelWidth, pixelHeight } = area();
      wanted = {
        ...wanted,
        ...(movable.x ? { x: domainOf(next.x, picture.axes.x, pixelWidth) } : {}),
        ...(movable.y ? { y: domainOf(next.y, picture.axes.y, pixelHeight) } : {}),
      };
      movingSince ??= performance.now();
      setHover(undefined);
      if (status.state !== 'moving') setState('moving');
      const waited = performance.now() - movingSince;
      schedule(Math.max(0, Math.min(SETTLE_MS, WHILE_MOVING_MS - waited)));
      isUnsaid = true;
    }
    if (isFinal && isUnsaid) {
      isUnsaid = false;
      schedule(0);
      onDomain?.(wanted, 'user');
    }
  }
  let isUnsaid = false;

  function setHover(hover: Hover | undefined): void {
    if (hover === undefined && lastHover === undefined) return;
    lastHover = hover;
    onHover?.(hover);
  }

  const onPointerMove = (event: PointerEvent): void => {
    if (shown === undefined || view === undefined || event.buttons !== 0)
      return setHover(undefined);
    const bounds = element.getBoundingClientRect();
    const left = event.clientX - bounds.left;
    const top = event.clientY - bounds.top;
    const plot = area();
    const x = ((left - plot.left) / plot.width) * layer.canvas.width;
    const y = ((top - plot.top) / plot.height) * layer.canvas.height;
    const isInside = x >= 0 && y >= 0 && x < layer.canvas.width && y < layer.canvas.height;
    const found = isInside ? shown.picture.find(x, y, layer.stage(view)) : undefined;
    setHover(found === undefined ? undefined : { ...found, left, top });
  };
  const onPointerLeave = (): void => setHover(undefined);
  element.addEventListener('pointermove', onPointerMove);
  element.addEventListener('pointerleave', onPointerLeave);

  const observer = new ResizeObserver(() => {
    // The first call comes without any change.
    if (sizeOf(element) === askedSize) return;
    redraw();
    if (spec !== undefined) schedule(shown === undefined ? 0 : SETTLE_MS);
  });
  observer.observe(element);

  const chart: Chart = {
    update(next) {
      const before = spec;
      spec = next;
      const domain = next.domain ?? {};
      const isSameQuestion = before !== undefined && keyOf(before) === keyOf(next);
      if (isSameQuestion && canonicalJson(domain) === canonicalJson(wanted)) {
        redraw();
        return;
      }
      wanted = domain;
      if (isSameQuestion && shown !== undefined && view !== undefined) {
        view = viewOf(domain, shown.picture, view);
        redraw();
        setState('moving');
      } else setState('loading');
      schedule(0);
    },
    setTheme(next) {
      if (next === theme) return;
      theme = next;
      if (shown !== undefined)
        show(shown, view !== undefined && !sameView(view, shown.picture.view));
    },
    fit() {
      if (spec === undefined) return;
      wanted = onDomain === undefined ? {} : (spec.domain ?? {});
      const before = running;
      onDomain?.(null, 'fit');
      if (running === before) schedule(0);
    },
    async toPng({ scale = 2 } = {}) {
      if (shown === undefined || view === undefined)
        throw new Error('The chart has no picture yet.');
      return exportPng({ shown, view, frame: box(), theme, scale, ask, axes, measure });
    },
    status: () => status,
    destroy() {
      clearTimeout(timer);
      running?.abort();
      observer.disconnect();
      element.removeEventListener('pointermove', onPointerMove);
      element.removeEventListener('pointerleave', onPointerLeave);
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

/** `?renderer=cpu` in the page's address, for tests and for people with a broken driver. */
function rendererOfAddress(): NonNullable<ChartOptions['renderer']> {
  const named = new URLSearchParams(globalThis.location?.search).get('renderer');
  return named === 'cpu' || named === 'gpu' || named === 'plotly' ? named : 'auto';
}

/** What a new question is: everything but the domain and the words. */
function keyOf({ query, band, style }: ChartSpec): string {
  const { domain: _, ...rest } = query;
  return canonicalJson({ query: rest, band, style });
}

const wordsOf = ({ labels, title, footer }: ChartSpec): Partial<ChartSpec> => ({
  ...(labels === undefined ? {} : { labels }),
  ...(title === undefined ? {} : { title }),
  ...(footer === undefined ? {} : { footer }),
});

/** Where a view is to be moved to for a domain: an axis that is left open stays until the answer is there. */
function viewOf(domain: ChartDomain, picture: Picture, view: View): View {
  const span = (side: 'x' | 'y'): Span =>
    spanOf(domain[side], axisOfDomain(side, domain, picture)) ?? view[side];
  return { x: span('x'), y: span('y') };
}

function axisOfDomain(side: 'x' | 'y', domain: ChartDomain, picture: Picture) {
  const axis = picture.axes[side];
  return domain[side] === undefined
    ? axis
    : { ...axisOf(side, undefined, domain[side], axis.scale), unit: axis.unit };
}

/** Doubles must still tell the pixels of a span apart. */
const isWide = ([low, high]: Span): boolean =>
  high - low > Math.max(Math.abs(low), Math.abs(high)) * 1e-12 && Number.isFinite(high - low);
