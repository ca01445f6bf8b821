import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { View } from '../../../protocol/address/view.js';
import type { Filter, Mark } from '../../../protocol/query.js';
import { createPictureFirst } from '../state/picture-first.js';
import { createStore, type Store } from '../store.js';
import { chartNavigation } from './chart-navigation.js';
import { withSelection, type DashboardState } from './dashboard-state.js';

/**
 * The store of one chart of a dashboard: the parts of the explore page work with it as with their own. While the chart is not
 * `seen` it keeps what it shows.
 */
export function createChartStore(
  page: Store,
  state: DashboardState,
  { base, id, seen }: { base: View; id: string | undefined; seen?: ReadonlySignal<boolean> },
): Store {
  const { datasets } = page;
  const columns = computed(() => {
    const info = datasets.list.value?.find(({ name }) => name === base.dataset);
    const snapshot = state.view.value.snapshots?.[base.dataset] ?? base.snapshot;
    const known = info && page.pinned.of(info, snapshot);
    return known && known.columns.length > 0
      ? new Set(known.columns.map(({ name }) => name))
      : undefined;
  });
  const selected = computed((): readonly Filter[] => state.selectionsFor(id, base.dataset));
  const { brush } = state;
  const mark = (): Mark | undefined => {
    const plot = store.plot.peek();
    return plot === null || plot.band || plot.mark === 'rows' ? undefined : plot.mark;
  };
  const store: Store = createStore({
    ...page,
    navigation: chartNavigation(page.navigation, state, base, { id, columns: () => columns.value }),
    ask: id === undefined ? page.ask : brush.askFor(id, page.ask, mark),
    pictureFirst: createPictureFirst(),
    panelOpen: signal(false),
    selected,
  });
  const attempt = computed(() => (id === undefined ? 0 : brush.attemptOf(id)));
  const linked: Store = {
    ...store,
    message: page.message,
    now: page.now,
    ...(seen === undefined
      ? { attempt }
      : {
          attempt: whileSeen(attempt, seen),
          plot: whileSeen(store.plot, seen),
          snapshot: whileSeen(store.snapshot, seen),
        }),
  };
  if (id === undefined) return linked;
  return {
    ...linked,
    marked: computed(() => state.view.value.selections?.[id] ?? null),
    onSelect(filters, phase) {
      if (phase === 'changing' && filters !== null) {
        state.brush.move({ chart: id, filters });
        return;
      }
      batch(() => {
        state.brush.end();
        state.change((view) => withSelection(view, id, filters));
      });
    },
  };
}

/** What a signal says, held while nobody sees it. */
function whileSeen<T>(live: ReadonlySignal<T>, seen: ReadonlySignal<boolean>): ReadonlySignal<T> {
  let last: { value: T } | undefined;
  return computed(() => {
    if (!seen.value && last !== undefined) return last.value;
    last = { value: live.value };
    return last.value;
  });
}
