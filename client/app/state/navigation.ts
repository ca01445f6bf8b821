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

/**
 * A choice is taken at once, but its entry is written when `withPicture` runs what it is given: browsers spend tens of
 * milliseconds of their own on each entry, which the picture of the choice needs more.
 */
export function createNavigation(
  browser: Browser,
  now: () => number,
  withPicture: (run: () => void) => void = (run) => run(),
): Navigation {
  const base = browser.document.baseURI;
  const read = (): string =>
    browser.location.href.startsWith(base) ? browser.location.href.slice(base.length) : '';
  const depthOf = (state: unknown): number =>
    typeof state === 'object' && state !== null && 'depth' in state ? Number(state.depth) : 0;

  const parsed = signal(parseAddress(read()));
  const depth = signal(depthOf(browser.history.state));
  let dragging = false;
  let writtenAt = Number.NEGATIVE_INFINITY;
  /** Writes the entry of the last choice, as long as that is to be done. */
  const unwritten = signal<(() => void) | undefined>(undefined);

  browser.addEventListener('popstate', () => {
    dragging = false;
    unwritten.value = undefined;
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

  function flush(): void {
    const run = unwritten.peek();
    unwritten.value = undefined;
    run?.();
  }

  function settle(): void {
    if (dragging) write(parsed.peek()?.view ?? null, true);
    dragging = false;
  }

  return {
    view: computed(() => parsed.value?.view ?? null),
    faults: computed(() => parsed.value?.faults ?? []),
    canUndo: computed(() => depth.value > 0 || unwritten.value !== undefined),
    commit(view) {
      settle();
      flush();
      // What follows the view asks the server now.
      parsed.value = view && { view, faults: [] };
      if (new URL(href(view), base).href === browser.location.href) return;
      const mine = (): void => write(view, false);
      unwritten.value = mine;
      withPicture(() => {
        if (unwritten.peek() === mine) flush();
      });
    },
    drag(view) {
      flush();
      parsed.value = { view, faults: [] };
      if (!dragging || now() - writtenAt >= DRAG_EVERY_MS) write(view, dragging);
      dragging = true;
    },
    settle,
    undo() {
      flush();
      if (depth.value > 0) browser.history.back();
    },
    redo() {
      flush();
      browser.history.forward();
    },
    href,
  };
}
