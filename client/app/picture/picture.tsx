import { effect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { createChart as CreateChart } from '../../chart/chart.js';
import type { Chart, ChartDomain, ChartState, ChartStatus, Hover } from '../../chart/types.js';
import { ProblemError } from '../../data/ask.js';
import { themeOf } from '../../theme.js';
import { fitView } from '../actions.js';
import { formatNumber } from '../format.js';
import { plotQuery, type Plot } from '../plot.js';
import { edit } from '../state/edit.js';
import { useStore, type Store } from '../store.js';
import { useAnswer } from '../use-answer.js';
import { EmptyState } from './empty-state.js';
import { HoverCard } from './hover-card.js';
import { moveDomain, moveOf } from './move.js';
import { chartSpec } from './spec.js';
import { titleOf } from './title.js';
import { vectorOf } from '../../data/frame.js';

/** A row of wheel turns is one step of undo when the pauses in it are shorter than this. */
const GESTURE_MS = 1_000;
/** A pointer that moved further than this between down and up was dragging. */
const CLICK_PX = 4;
/** Nothing is said about waiting before this. */
const PATIENCE_MS = 250;

/** The chart, or one big number, with what lies over it: waiting, errors, empty states, the row under the pointer. */
export function Picture(): JSX.Element | null {
  const plot = useStore().plot.value;
  if (!plot) return null;
  return plot.mark === 'value' ? <BigValue plot={plot} /> : <ChartPicture plot={plot} />;
}

function ChartPicture({ plot }: { plot: Plot }): JSX.Element {
  const store = useStore();
  const host = useRef<HTMLDivElement>(null);
  const [status, setStatus] = useState<ChartStatus>();
  const [failure, setFailure] = useState<Error>();
  const [hover, setHover] = useState<Hover>();
  const [pinned, setPinned] = useState<Hover>();

  useEffect(() => {
    let disposed = false;
    let stop = (): void => {};
    const start = async (): Promise<void> => {
      const { createChart } = await import('../../chart/chart.js');
      if (disposed || !host.current) return;
      stop = startChart(store, createChart, host.current, { setStatus, setHover });
    };
    start().catch(setFailure);
    return () => {
      disposed = true;
      stop();
    };
  }, [store]);
  // Another picture has other rows under the pointer.
  useEffect(() => setPinned(undefined), [store.navigation.view.value]);

  const error = failure ?? (status?.state === 'error' ? status.error : undefined);
  const rows = status?.metadata?.rows;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && pinned) setPinned(undefined);
    else if (!moveByKey(store, event.key)) return;
    event.preventDefault();
  };
  // Plotly lays a cover over the page while a button is down, so the click itself never comes back here.
  const onPointerDown = (down: PointerEvent): void => {
    if (down.button !== 0 || (down.target as Element).closest('.card-hover, .picture-over')) return;
    const found = hover?.kind === 'row' ? hover : undefined;
    const onPointerUp = (up: PointerEvent): void => {
      const moved = Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY);
      if (moved <= CLICK_PX) setPinned(found);
    };
    globalThis.addEventListener('pointerup', onPointerUp, { once: true, capture: true });
  };
  return (
    <div
      class="picture"
      role="group"
      aria-roledescription="chart"
      aria-label={`${titleOf(plot)}${rows ? `. ${rows.drawn} rows drawn` : ''}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
    >
      <div ref={host} class="picture-host" />
      <Waiting state={status?.state} />
      <div class="picture-over">
        {error ? <PictureError error={error as Error} /> : <EmptyState />}
      </div>
      {(pinned ?? hover) && (
        <HoverCard
          hover={(pinned ?? hover)!}
          plot={plot}
          pinned={pinned !== undefined}
          onClose={() => setPinned(undefined)}
        />
      )}
    </div>
  );
}

/** Ties a chart to the store until the returned function is called. */
function startChart(
  store: Store,
  createChart: typeof CreateChart,
  element: HTMLElement,
  told: { setStatus: (status: ChartStatus) => void; setHover: (hover: Hover | undefined) => void },
): () => void {
  let settle: ReturnType<typeof setTimeout> | undefined;
  const chart: Chart = createChart(element, {
    ask: store.ask,
    theme: themeOf(store.theme.peek()),
    renderer: store.navigation.view.peek()?.renderer ?? 'auto',
    onDomain(domain, source) {
      clearTimeout(settle);
      if (source === 'fit' || domain === null) {
        fitView(store);
        return;
      }
      store.drag((view) => edit(view, addressOf(domain)));
      settle = setTimeout(() => store.navigation.settle(), GESTURE_MS);
    },
    onHover: told.setHover,
    onState(status) {
      store.pictureFirst.follow(status.state);
      told.setStatus(status);
      const { metadata, plan, bytes, elapsedMs } = status;
      if (metadata) store.shown.value = { metadata, plan, bytes, elapsedMs };
    },
  });
  store.picture.value = chart;
  let shownSpec = '';
  const stops = [
    effect(() => chart.setTheme(themeOf(store.theme.value))),
    effect(() => {
      const plot = store.plot.value;
      const dataset = store.dataset.value;
      const snapshot = store.snapshot.value;
      if (!plot || !dataset || snapshot === null || plot.mark === 'value' || plot.mark === 'rows')
        return;
      const spec = chartSpec(plot, dataset.name, snapshot);
      const key = JSON.stringify(spec);
      // Progress and ages change the dataset's description without changing the picture.
      if (key !== shownSpec) chart.update(spec);
      shownSpec = key;
    }),
  ];
  return () => {
    clearTimeout(settle);
    for (const stop of stops) stop();
    store.picture.value = null;
    store.shown.value = null;
    store.pictureFirst.release();
    chart.destroy();
  };
}

function addressOf({ x, y }: ChartDomain): { xDomain?: string[]; yDomain?: string[] } {
  return {
    ...(x ? { xDomain: x.map(String) } : {}),
    ...(y ? { yDomain: y.map(String) } : {}),
  };
}

/** Moves or zooms by a key; tells whether the key was one for that. */
function moveByKey(store: Store, key: string): boolean {
  const move = moveOf(key);
  if (!move) return false;
  const shown = store.shown.value?.metadata.domain;
  store.change((view, plot) => {
    const x = moveDomain(plot.domain.x ?? shown?.x, plot.x, plot.scale.x, move.x, move.zoom);
    const free = plot.mark === 'scatter' || plot.mark === 'heatmap';
    const y = free
      ? moveDomain(plot.domain.y ?? shown?.y, plot.y[0], plot.scale.y, move.y, move.zoom)
      : undefined;
    return edit(view, { ...(x ? { xDomain: x } : {}), ...(y ? { yDomain: y } : {}) });
  });
  return true;
}

/** A thin moving line after a while: the old picture stays and says nothing wrong. */
function Waiting({ state }: { state: ChartState | undefined }): JSX.Element | null {
  const [late, setLate] = useState(false);
  const waiting = state === undefined || state === 'loading' || state === 'moving';
  useEffect(() => {
    if (!waiting) return setLate(false);
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return late ? <div class="picture-wait" role="progressbar" aria-label="Drawing" /> : null;
}

function PictureError({ error }: { error: Error }): JSX.Element {
  const { navigation } = useStore();
  const problem = error instanceof ProblemError ? error.problem : undefined;
  const view = navigation.view.value!;
  return (
    <div class="centered" role="alert">
      <h2>
        {problem
          ? problem.detail
          : error instanceof TypeError
            ? 'The server cannot be reached.'
            : 'The picture cannot be drawn.'}
      </h2>
      {problem?.hint && <p class="muted">{problem.hint}</p>}
      {!problem && <p class="muted">{error.message}</p>}
      <div class="row-of-buttons">
        {view.snapshot && (
          <button
            type="button"
            class="button primary"
            onClick={() => navigation.commit(edit(view, { snapshot: undefined }))}
          >
            Show the newest data
          </button>
        )}
        {navigation.canUndo.value && (
          <button type="button" class="button" onClick={() => navigation.undo()}>
            Undo
          </button>
        )}
      </div>
    </div>
  );
}

/** The mark `value`: one number, as large as it deserves. */
function BigValue({ plot }: { plot: Plot }): JSX.Element {
  const { dataset, snapshot, ask, shown } = useStore();
  const query =
    snapshot.value === null ? null : plotQuery(plot, dataset.value!.name, snapshot.value);
  const { value: frame, error } = useAnswer(query && JSON.stringify(query), (signal) =>
    ask(query!, { signal }),
  );
  useEffect(() => {
    if (!frame) return;
    const { metadata, plan, byteLength, timing } = frame;
    shown.value = { metadata, plan, bytes: byteLength, elapsedMs: timing['fetch'] ?? 0 };
  }, [frame]);
  const value: unknown = frame && frame.length > 0 ? vectorOf(frame, 'value').get(0) : undefined;
  return (
    <div
      class="picture"
      data-state={
        error ? 'error' : frame ? (frame.metadata.rows.matched > 0 ? 'exact' : 'empty') : 'loading'
      }
      data-matched={frame?.metadata.rows.matched}
      data-drawn={frame?.metadata.rows.drawn}
      data-method={frame?.metadata.method}
    >
      <div class="picture-over">
        {error ? (
          <PictureError error={error} />
        ) : (
          frame && (
            <p class="big-value">
              <b>{value === null || value === undefined ? 'none' : formatNumber(Number(value))}</b>
              <span class="muted">{titleOf(plot)}</span>
            </p>
          )
        )}
      </div>
    </div>
  );
}
