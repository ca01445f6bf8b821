import { canonicalJson } from '../../protocol/canonical.js';
import type { DecodedFrame } from '../data/frame.js';
import { createAsking, type Asked } from './asking.js';
import { createCanvasLayer } from './canvas-layer.js';
import {
  isRefresh,
  keyOf,
  needsOtherRows,
  planeKeyOf,
  sameShades,
  withShadesOf,
} from './chart-spec.js';
import { frameOf, hasLegend, plotArea } from './frame-box.js';
import { trackHover } from './hover.js';
import { domainOfView, movedView, viewOf } from './moved-view.js';
import { pictureAhead, type Ahead } from './picture-ahead.js';
import { createMoves, SETTLE_MS } from './moves.js';
import { createPlotlyAxes } from './plotly-axes.js';
import { questionOf } from './question.js';
import { rendererOfAddress } from './renderer-choice.js';
import { createScreen, type Made } from './screen.js';
import { factsOf, rendererFacts, writeStateAttributes } from './status.js';
import { groundOf } from './select/ground.js';
import { createLateSelection } from './select/late-selection.js';
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

/** A chart that fills `element`. It asks for what it shows, and belongs to the caller until `destroy`. */
export function createChart(element: HTMLElement, options: ChartOptions): Chart {
  const { ask, onDomain, onHover, onState, onSelect, onTool, onHidden } = options;
  const choice = options.renderer ?? rendererOfAddress();
  let { theme } = options;
  let spec: ChartSpec | undefined;
  /** The domain that the next question asks for; an axis that is absent is fitted. */
  let wanted: ChartDomain = {};
  let status: ChartStatus = {
    state: 'loading',
    bytes: 0,
    elapsedMs: 0,
    renderer: 'cpu',
    rendererReason: '',
  };
  /** The size of the element when the last question was asked. */
  let askedSize = '';
  let tool: Tool = 'move';

  const layer = createCanvasLayer(choice, () => {
    if (layer.renderer().name === 'plotly') reshade();
    else screen.paint();
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
        const hidden = hide(screen.shown()?.frame.metadata.color, spec.hidden ?? []);
        const isMoved = canonicalJson(wanted) !== canonicalJson(spec.domain ?? {});
        chart.update({ ...spec, ...(isMoved && { domain: wanted, wholeBins: false }), hidden });
        onHidden?.(hidden);
      },
    },
    { withButtons: options.withButtons ?? true, canSelect: onSelect !== undefined, who: element },
  );
  if (getComputedStyle(element).position === 'static') element.style.position = 'relative';
  element.replaceChildren(axes.element, layer.canvas);

  const screen = createScreen(element, {
    layer,
    axes,
    wish: () => ({ spec, theme, tool }),
    onPaint: () => rows.draw(),
  });

  const moves = createMoves(() => asking);

  function nextQuestion(): Asked | undefined {
    // An element that is hidden has no size: the observer asks once it has one again.
    askedSize = sizeOf(element);
    const { clientWidth, clientHeight } = element;
    if (spec === undefined || clientWidth === 0 || clientHeight === 0) return undefined;
    moves.asked();
    const frame = frameOf(clientWidth, clientHeight, spec, {
      legend: hasLegend(spec, clientWidth),
    });
    const question = questionOf(spec, wanted, plotArea(frame, screen.ratio()));
    const startedAt = performance.now();
    return { spec, domain: wanted, question, moves: moves.count(), startedAt };
  }

  /** What an answer is shown as: what was chosen since about the shades needs no other frame. */
  const madeOf = (asked: Asked, frame: DecodedFrame): Made => ({
    spec: withShadesOf(asked.spec, spec ?? asked.spec),
    domain: asked.domain,
    question: asked.question,
    frame,
  });

  /** Shows an answer. True where the person has moved the axes since: another is on its way. */
  function put(asked: Asked, frame: DecodedFrame, ahead?: Ahead): boolean {
    // Not what the view is: shades that are chosen meanwhile may fit it anew, and ask for no other frame.
    const hasMoved = moves.count() !== asked.moves;
    screen.show(madeOf(asked, frame), hasMoved, ahead);
    status = {
      ...factsOf(frame),
      state: status.state,
      elapsedMs: performance.now() - asked.startedAt,
      ...rendererFacts(layer),
    };
    moves.ask();
    return hasMoved;
  }

  const asking = createAsking<Ahead | undefined>(element, {
    ask,
    next: nextQuestion,
    ready: () => layer.ready,
    prepare: (asked, frame) => pictureAhead(screen.partsOf(madeOf(asked, frame)), layer),
    onEstimate(asked, estimate, ahead) {
      put(asked, estimate, ahead);
      setState('moving');
    },
    onAnswer(asked, frame, ahead) {
      const hasMoved = put(asked, frame, ahead);
      const { drawn } = frame.metadata.rows;
      setState(hasMoved ? 'moving' : drawn === 0 ? 'empty' : 'exact');
      if (screen.shown()?.picture.style?.crisp === false) layer.calibrate();
    },
    onError(asked, error) {
      // What was there of an earlier snapshot is better than nothing.
      const before = screen.shown()?.spec;
      if (before?.query !== asked.spec.query && !isRefresh(before, asked.spec)) screen.empty();
      status = { ...status, error };
      setState('error');
    },
  });

  /** Makes another picture of the frame on the screen: nothing is asked. */
  function reshade(): void {
    if (screen.shown() === undefined) return;
    screen.reshade();
    setState(status.state);
  }

  function setState(state: ChartState): void {
    const { error: _, ...rest } = status;
    status = {
      ...(state === 'error' ? status : rest),
      state,
      ...rendererFacts(layer),
    };
    const shown = screen.shown();
    writeStateAttributes(element, status, shown?.picture);
    onState?.(status, shown?.frame);
  }

  /** The person moves the axes: the old picture moves with them in the same task, the exact one follows. */
  function onMove(moved: View, isFinal: boolean): void {
    const [shown, view] = [screen.shown(), screen.view()];
    if (shown === undefined || view === undefined) return;
    const { picture } = shown;
    const { mark } = shown.spec.query;
    const next = movedView(mark, view, moved, picture);
    if (!sameView(next, view)) {
      screen.moveTo(next);
      moves.step();
      screen.paint();
      wanted = { ...wanted, ...domainOfView(mark, next, picture, screen.area()) };
      hover.clear();
      if (status.state !== 'moving') setState('moving');
      moves.ask();
    }
    if (isFinal && moves.letGo()) onDomain?.(wanted, 'user');
  }

  const rows = createLateSelection(
    element,
    () => {
      const [shown, view] = [screen.shown(), screen.view()];
      return shown && view && groundOf(shown, { view, area: screen.area(), theme });
    },
    onSelect,
  );
  const hover = trackHover(
    element,
    (left, top) => {
      const found = screen.found(left, top);
      return found && { ...found, left, top };
    },
    onHover,
  );

  async function image(format: 'png' | 'svg', scale: number): Promise<Blob> {
    const { exportImage } = await import('./export-image.js');
    const [shown, view] = [screen.shown(), screen.view()];
    if (shown === undefined || view === undefined) throw new Error('The chart has no picture yet.');
    return exportImage({
      shown,
      view,
      frame: screen.box(),
      theme,
      format,
      scale,
      ask,
      axes,
      layer,
      measure: (text) => screen.measure(text),
    });
  }

  const observer = new ResizeObserver(() => {
    // The first call comes without any change.
    if (sizeOf(element) === askedSize) return;
    screen.redraw();
    // Until its own picture comes the new size has the old one, drawn out.
    const isShown = screen.shown() !== undefined;
    if (isShown) setState('moving');
    if (spec !== undefined) asking.schedule(isShown ? SETTLE_MS : 0);
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
      const shownSpec = screen.shown()?.spec;
      if (isSameQuestion && shownSpec !== undefined && !sameShades(shownSpec, spec)) {
        screen.setSpec(withShadesOf(shownSpec, spec));
        reshade();
      }
      const isSameDomain = canonicalJson(domain) === canonicalJson(wanted);
      if (isSameQuestion && isSameDomain && !needsOtherRows(before, spec)) {
        screen.redraw();
        return;
      }
      const isNewer = isRefresh(before, spec);
      // New rows do not take the axes out of the hand that is moving them.
      if (!isNewer || !moves.isHeld()) wanted = domain;
      const [shown, view] = [screen.shown(), screen.view()];
      if (isSameQuestion && shown !== undefined && view !== undefined) {
        screen.moveTo(viewOf(domain, shown.picture, view));
        screen.redraw();
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
      screen.redraw();
    },
    select: (filters) => rows.set(filters),
    key: (event) => rows.key(event),
    toPng: ({ scale = 2 } = {}) => image('png', scale),
    toSvg: ({ scale = 2 } = {}) => image('svg', scale),
    status: () => ({ ...status, ...rendererFacts(layer) }),
    domain() {
      const [shown, view] = [screen.shown(), screen.view()];
      return (
        shown && view && domainOfView(shown.spec.query.mark, view, shown.picture, screen.area())
      );
    },
    drawn: () => screen.drawn(),
    destroy() {
      asking.stop();
      observer.disconnect();
      rows.destroy();
      screen.destroy();
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
