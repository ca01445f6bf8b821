import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { View } from '../../protocol/address/view.js';
import type { DatasetInfo } from '../../protocol/dataset.js';
import type { FrameMetadata, FramePlan } from '../../protocol/frame.js';
import type { Ask } from '../data/ask.js';
import type { Filter } from '../../protocol/query.js';
import type { Chart, ChartOptions, Tool } from '../chart/types.js';
import type { Plot } from '../../protocol/view/plot.js';
import { resolvePlot } from '../../protocol/view/resolve-plot.js';
import { recordAsked, type Asked } from './state/asked.js';
import type { Dashboards } from './state/dashboards.js';
import type { HeldDatasets } from './freshness/hold-datasets.js';
import type { Navigation } from './state/navigation.js';
import type { Pinned } from './state/pinned.js';
import type { PictureFirst } from './state/picture-first.js';
import type { Preferences } from './state/preferences.js';

/** What the picture on the screen shows, for the status line and the legend. */
export interface Shown {
  metadata: FrameMetadata;
  plan: FramePlan | undefined;
  /** From the question to the answer, in milliseconds. */
  elapsedMs: number;
  /** As they came over the network; 0 where nothing did. */
  bytes: number;
}

/** Everything that the parts of the page share. */
export interface Store {
  navigation: Navigation;
  dashboards: Dashboards;
  datasets: HeldDatasets;
  pinned: Pinned;
  preferences: Preferences;
  ask: Ask;
  /** For the picture: what it asks is `asked`. */
  pictureAsk: Ask;
  asked: ReadonlySignal<Asked | undefined>;
  /** For what else is asked: lists, tables and bars wait for the picture. */
  pictureFirst: PictureFirst;
  /** The dataset of the view, once it is known, with the columns of the snapshot that is looked at. */
  dataset: ReadonlySignal<DatasetInfo | undefined>;
  /** The snapshot that is looked at: the one of the address, else the newest. */
  snapshot: ReadonlySignal<string | null>;
  plot: ReadonlySignal<Plot | null>;
  shown: Signal<Shown | null>;
  /** The picture on the screen, for saving it. */
  picture: Signal<Chart | null>;
  /** What a drag on the picture does. */
  tool: Signal<Tool>;
  /** The rows that are marked on the picture, as filters. */
  selection: Signal<readonly Filter[] | null>;
  /** What the preference comes to on this machine at this hour. */
  theme: ReadonlySignal<'light' | 'dark'>;
  /** The panel of choices: remembered on wide screens, a drawer on small ones. */
  panelOpen: Signal<boolean>;
  /** What the selections of other charts filter here, beside the filters of the view. */
  selected?: ReadonlySignal<readonly Filter[]> | undefined;
  /** Another number where the same is to be asked once more: a brush has shown it by whole cells. */
  attempt?: ReadonlySignal<number> | undefined;
  /** What is marked on the picture from outside; it filters other charts. */
  marked?: ReadonlySignal<readonly Filter[] | null> | undefined;
  /** Takes what a person selects, in the place of `selection`. */
  onSelect?: ChartOptions['onSelect'];
  /** A short word of success, shown for a moment and read aloud. */
  message: Signal<string>;
  /** Milliseconds since 1970, now and then. */
  now: Signal<number>;
  /** Takes a choice into the address. */
  change: (edit: (view: View, plot: Plot) => View) => void;
  /** Follows a drag with the address. */
  drag: (edit: (view: View, plot: Plot) => View) => void;
}

export function createStore(
  parts: Pick<
    Store,
    | 'navigation'
    | 'datasets'
    | 'pinned'
    | 'dashboards'
    | 'preferences'
    | 'ask'
    | 'pictureFirst'
    | 'panelOpen'
    | 'theme'
    | 'selected'
  >,
): Store {
  const { navigation, datasets } = parts;
  const dataset = computed(() => {
    const view = navigation.view.value;
    if (!view) return undefined;
    const info = datasets.list.value?.find((each) => each.name === view.dataset);
    return info && parts.pinned.of(info, view.snapshot);
  });
  const snapshot = computed(
    () => navigation.view.value?.snapshot ?? dataset.value?.snapshot ?? null,
  );
  const plot = computed(() => {
    const view = navigation.view.value;
    const info = dataset.value;
    if (!view || !info || info.columns.length === 0) return null;
    const resolved = resolvePlot(view, info);
    const selected = parts.selected?.value ?? [];
    return selected.length === 0
      ? resolved
      : { ...resolved, filters: [...resolved.filters, ...selected] };
  });
  const edited = (edit: (view: View, plot: Plot) => View): View | undefined => {
    const view = navigation.view.peek();
    const known = plot.peek();
    return view && known ? edit(view, known) : undefined;
  };
  const recorded = recordAsked(parts.ask);
  return {
    ...parts,
    pictureAsk: recorded.ask,
    asked: recorded.asked,
    dataset,
    snapshot,
    plot,
    shown: signal(null),
    picture: signal(null),
    tool: signal('move'),
    selection: signal(null),
    message: signal(''),
    now: signal(Date.now()),
    change(edit) {
      const view = edited(edit);
      if (view) navigation.commit(view);
    },
    drag(edit) {
      const view = edited(edit);
      if (view) navigation.drag(view);
    },
  };
}

export const StoreContext = createContext<Store | null>(null);

/** The store of the page around the calling component. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error('useStore was called outside of the page.');
  return store;
}
