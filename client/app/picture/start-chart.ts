import { effect } from '@preact/signals';
import type { createChart as CreateChart } from '../../chart/chart.js';
import type { Chart, ChartDomain, ChartStatus, Hover } from '../../chart/types.js';
import { themeOf } from '../../theme.js';
import { fitView } from '../actions.js';
import { keepFollowing } from '../freshness/keep-following.js';
import { edit } from '../state/edit.js';
import type { Store } from '../store.js';
import { chartSpec } from './spec.js';

/** A row of wheel turns is one step of undo when the pauses in it are shorter than this. */
const GESTURE_MS = 1_000;

/** What is under the pointer, and the snapshot whose picture that was: row numbers are of it. */
export interface Pointed {
  hover: Hover;
  snapshot: string;
}

/** Ties a chart to the store until the returned function is called. */
export function startChart(
  store: Store,
  createChart: typeof CreateChart,
  element: HTMLElement,
  told: {
    setStatus: (status: ChartStatus) => void;
    setHover: (pointed: Pointed | undefined) => void;
  },
): () => void {
  let settle: ReturnType<typeof setTimeout> | undefined;
  const chart: Chart = createChart(element, {
    ask: store.pictureAsk,
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
    withButtons: false,
    onSelect(filters, phase, brush) {
      if (store.onSelect) store.onSelect(filters, phase, brush);
      else if (phase === 'final') store.selection.value = filters;
    },
    onHover(hover) {
      const snapshot = chart.status().metadata?.snapshot;
      told.setHover(hover && snapshot !== undefined ? { hover, snapshot } : undefined);
    },
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
    effect(() => {
      if (store.marked) chart.select(store.marked.value);
    }),
    keepFollowing(store),
    effect(() => chart.setTheme(themeOf(store.theme.value))),
    effect(() => chart.setTool(store.tool.value)),
    effect(() => {
      const plot = store.plot.value;
      const dataset = store.dataset.value;
      const snapshot = store.snapshot.value;
      if (!plot || !dataset || snapshot === null || plot.mark === 'value' || plot.mark === 'rows')
        return;
      const { hide = [] } = store.navigation.view.value ?? {};
      const attempt = store.attempt?.value ?? 0;
      const spec = { ...chartSpec(plot, dataset.name, snapshot), hidden: hide, attempt };
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
    store.selection.value = null;
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
