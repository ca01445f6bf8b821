import { computed, signal, type ReadonlySignal } from '@preact/signals';
import {
  formatAddress,
  parseAddress,
  type AddressFault,
  type View,
} from '../../../protocol/address.js';

/** The page's address as the one store of what a person chose: history is undo, a link is the state. */
export interface Navigation {
  /** Null on the start page. */
  readonly view: ReadonlySignal<View | null>;
  /** What of the address could not be used. */
  readonly faults: ReadonlySignal<readonly AddressFault[]>;
  readonly canUndo: ReadonlySignal<boolean>;
  /** Takes a choice: a new entry in the history. It ends a drag that is under way. */
  commit(view: View | null): void;
  /** Follows a drag: the first step makes a new entry, the next ones replace it. */
  drag(view: View): void;
  /** Ends the drag: what comes next is a step of its own. */
  settle(): void;
  undo(): void;
  redo(): void;
  /** The address of a view, relative to the base path, for links. */
  href(view: View | null): string;
}

/** What the browser lends to the navigation. */
export interface Browser {
  location: { href: string };
  history: Pick<History, 'pushState' | 'replaceState' | 'back' | 'forward' | 'state'>;
  document: { baseURI: string };
  addEventListener(type: 'popstate', listener: () => void): void;
}

/** Browsers refuse more than some 100 changes of the address in 30 seconds (Safari), so a drag writes at most so often. */
const DRAG_EVERY_MS = 300;

export function createNavigation(browser: Browser, now: () => number): Navigation {
  const base = browser.document.baseURI;
  const read = (): string =>
    browser.location.href.startsWith(base) ? browser.location.href.slice(base.length) : '';
  const depthOf = (state: unknown): number =>
    typeof state === 'object' && state !== null && 'depth' in state ? Number(state.depth) : 0;

  const parsed = signal(parseAddress(read()));
  const depth = signal(depthOf(browser.history.state));
  let dragging = false;
  let writtenAt = Number.NEGATIVE_INFINITY;

  browser.addEventListener('popstate', () => {
    dragging = false;
    parsed.value = parseAddress(read());
    depth.value = depthOf(browser.history.state);
  });

  const href = (view: View | null): string => (view === null ? './' : formatAddress(view));
  const write = (view: View | null, replace: boolean): void => {
    const url = new URL(href(view), base).href;
    if (!replace && url === browser.location.href) return;
    if (!replace) depth.value++;
    browser.history[replace ? 'replaceState' : 'pushState']({ depth: depth.value }, '', url);
    writtenAt = now();
  };

  function settle(): void {
    if (dragging) write(parsed.peek()?.view ?? null, true);
    dragging = false;
  }

  return {
    view: computed(() => parsed.value?.view ?? null),
    faults: computed(() => parsed.value?.faults ?? []),
    canUndo: computed(() => depth.value > 0),
    commit(view) {
      settle();
      // What follows the view asks the server now; the browser takes some milliseconds for an entry.
      parsed.value = view && { view, faults: [] };
      write(view, false);
    },
    drag(view) {
      parsed.value = { view, faults: [] };
      if (!dragging || now() - writtenAt >= DRAG_EVERY_MS) write(view, dragging);
      dragging = true;
    },
    settle,
    undo() {
      if (depth.value > 0) browser.history.back();
    },
    redo() {
      browser.history.forward();
    },
    href,
  };
}
