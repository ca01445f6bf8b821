import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { AddressFault } from '../../../protocol/address/address.js';
import type { View } from '../../../protocol/address/view.js';
import { formatPlace, parsePlace, START, type Place } from './place.js';

/** The page's address as the one store of what a person chose: history is undo, a link is the state. */
export interface Navigation {
  /** The page, with all that was chosen on it. */
  readonly place: ReadonlySignal<Place>;
  /** What is explored; null on every other page. */
  readonly view: ReadonlySignal<View | null>;
  /** What of the address could not be used. */
  readonly faults: ReadonlySignal<readonly AddressFault[]>;
  readonly canUndo: ReadonlySignal<boolean>;
  /** Takes a choice: a new entry in the history. It ends a drag that is under way. */
  commit(view: View | null): void;
  /** Follows a drag: the first step makes a new entry, the next ones replace it. */
  drag(view: View): void;
  /** The same for any page. */
  go(place: Place): void;
  dragTo(place: Place): void;
  /** Takes the address of a page without a step of its own, as a kiosk turns its pages. */
  replace(place: Place): void;
  /** Takes what the data have changed in the view: no step of its own. */
  revise(view: View): void;
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

  const parsed = signal(parsePlace(read()));
  const depth = signal(depthOf(browser.history.state));
  let dragging = false;
  let writtenAt = Number.NEGATIVE_INFINITY;
  /** Writes the entry of the last choice, as long as that is to be done. */
  const unwritten = signal<(() => void) | undefined>(undefined);

  browser.addEventListener('popstate', () => {
    dragging = false;
    unwritten.value = undefined;
    parsed.value = parsePlace(read());
    depth.value = depthOf(browser.history.state);
  });

  const urlOf = (place: Place): string => new URL(formatPlace(place), base).href;
  const write = (place: Place, replace: boolean): void => {
    const url = urlOf(place);
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
    if (dragging) write(parsed.peek().place, true);
    dragging = false;
  }

  function go(place: Place): void {
    settle();
    flush();
    // What follows the view asks the server now.
    parsed.value = { place, faults: [] };
    if (urlOf(place) === browser.location.href) return;
    const mine = (): void => write(place, false);
    unwritten.value = mine;
    withPicture(() => {
      if (unwritten.peek() === mine) flush();
    });
  }

  function dragTo(place: Place): void {
    flush();
    parsed.value = { place, faults: [] };
    if (!dragging || now() - writtenAt >= DRAG_EVERY_MS) write(place, dragging);
    dragging = true;
  }

  const explore = (view: View | null): Place => (view === null ? START : { page: 'explore', view });
  return {
    place: computed(() => parsed.value.place),
    view: computed(() => {
      const { place } = parsed.value;
      return place.page === 'explore' ? place.view : null;
    }),
    faults: computed(() => parsed.value.faults),
    canUndo: computed(() => depth.value > 0 || unwritten.value !== undefined),
    commit: (view) => go(explore(view)),
    drag: (view) => dragTo(explore(view)),
    go,
    dragTo,
    replace(place) {
      settle();
      flush();
      parsed.value = { place, faults: [] };
      write(place, true);
    },
    revise(view) {
      const { faults } = parsed.peek();
      flush();
      parsed.value = { place: explore(view), faults };
      write(explore(view), true);
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
    href: (view) => formatPlace(explore(view)),
  };
}
