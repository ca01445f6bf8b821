import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { ChartStatus } from '../../chart/types.js';
import type { Plot } from '../../../protocol/view/plot.js';
import { fitView } from '../actions.js';
import { useStore } from '../store.js';
import { lazy } from '../lazy.js';
import { BigValue } from './big-value.js';
import { moveByKey } from './move-by-key.js';
import { PictureError } from './picture-error.js';
import { startChart, type Pointed } from './start-chart.js';
import { titleOf } from './title.js';
import { Waiting } from './waiting.js';

const HoverCard = lazy(async () => (await import('./hover-card.js')).HoverCard);
const SelectionBar = lazy(async () => (await import('./selection-bar.js')).SelectionBar);
const EmptyState = lazy(async () => (await import('./empty-state.js')).EmptyState);

/** A pointer that moved further than this between down and up was dragging. */
const CLICK_PX = 4;

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
  const [hover, setHover] = useState<Pointed>();
  /** What is under the pointer now: a click may come before what it points at is drawn. */
  const pointed = useRef<Pointed>();
  const [pinned, setPinned] = useState<Pointed>();
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let disposed = false;
    let stop = (): void => {};
    const start = async (): Promise<void> => {
      const { createChart } = await import('../../chart/chart.js');
      if (disposed || !host.current) return;
      stop = startChart(store, createChart, host.current, {
        setStatus,
        setHover(next) {
          pointed.current = next;
          setHover(next);
        },
      });
    };
    start().catch(setFailure);
    return () => {
      disposed = true;
      stop();
    };
  }, [store, attempt]);
  const isThere = status?.metadata !== undefined;
  useEffect(() => {
    // What fails now is tried again, and told, when it is wanted.
    if (isThere) HoverCard.preload().catch(() => undefined);
  }, [isThere]);
  // Another picture has other rows under the pointer.
  useEffect(() => setPinned(undefined), [store.navigation.view.value]);

  const error = failure ?? (status?.state === 'error' ? status.error : undefined);
  const rows = status?.metadata?.rows;
  const retry = (): void => {
    setStatus(undefined);
    setFailure(undefined);
    setAttempt(attempt + 1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && pinned) setPinned(undefined);
    else if (event.key === '0' && !event.ctrlKey && !event.metaKey) fitView(store);
    else if (!store.picture.peek()?.key(event) && !moveByKey(store, event.key)) return;
    event.preventDefault();
  };
  // Plotly lays a cover over the page while a button is down, so the click itself never comes back here.
  const onPointerDown = (down: PointerEvent): void => {
    if (
      down.button !== 0 ||
      (down.target as Element).closest('.card-hover, .picture-over, .selection-bar')
    )
      return;
    const found = pointed.current?.hover.kind === 'row' ? pointed.current : undefined;
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
      {store.selection.value && <SelectionBar />}
      <Waiting state={status?.state} />
      <div class="picture-over">
        {error ? (
          <PictureError error={error as Error} onRetry={retry} />
        ) : (
          rows?.drawn === 0 && <EmptyState />
        )}
      </div>
      {(pinned ?? hover) && (
        <HoverCard
          {...(pinned ?? hover)!}
          plot={plot}
          pinned={pinned !== undefined}
          room={host.current!.offsetWidth}
          onClose={() => setPinned(undefined)}
        />
      )}
    </div>
  );
}
