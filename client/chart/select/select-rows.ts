import type { JsonValue } from '../../../protocol/column.js';
import type { Filter } from '../../../protocol/query.js';
import { canonicalJson } from '../../../protocol/canonical.js';
import type { Span } from '../axis.js';
import { positionAt } from '../picture.js';
import type { ChartOptions, SelectPhase, Tool } from '../types.js';
import type { View } from '../view.js';
import type { Bins, Block } from './bins.js';
import { createSelectionLayer, type LayerPlace } from './selection-layer.js';
import {
  filtersOf,
  selectableOf,
  shapeOf,
  sharesOf,
  type SelectionPlane,
} from './selection-filters.js';
import {
  gripAt,
  isFlat,
  movedShape,
  shapeBetween,
  WHOLE,
  type Grip,
  type Place,
  type Shape,
} from './shape.js';
import { simplify } from './simplify.js';

/** The picture that rows are selected in, as it stands on the screen now. */
export type SelectionGround = SelectionPlane &
  LayerPlace & {
    /** Gives the bins of the picture, where it has any. */
    bins?: () => Promise<Bins>;
  };

/** Selects rows by pointer and keys, and shows what is selected. */
export interface RowSelection {
  setTool(tool: Tool): void;
  /** Marks a selection from outside; one that is none of this picture's marks nothing. */
  set(filters: readonly Filter[] | null): void;
  /** Takes the selection back, and says so. */
  clear(): void;
  key(event: KeyboardEvent): boolean;
  /** Whether a click selects what it hits, so that two quick ones are two selections. */
  takesClicks(): boolean;
  /** Draws what is selected where it is now: to be called when axes or theme have changed. */
  draw(): void;
  destroy(): void;
}

/** A pointer that moved less than this, in CSS pixels, has clicked. */
const CLICK_PX = 4;
/** How near the edge of a box a drag takes hold of it. */
const GRIP_PX = 6;
/** A lasso may leave its course by so much: its filter is an address sometimes. */
const LASSO_PX = 0.75;
/** A box that begins by key has this share of the plot area on each axis; a step of a key moves it by a share. */
const KEY_BOX = 0.2;
const KEY_STEP = 0.02;

/** `ground` gives undefined while there is no picture. Without `onSelect` nothing can be selected by hand. */
export function selectRows(
  element: HTMLElement,
  ground: () => SelectionGround | undefined,
  onSelect: ChartOptions['onSelect'],
): RowSelection {
  const layer = createSelectionLayer(element);
  let tool: Tool = 'move';
  let shape: Shape | undefined;
  /** What was set from outside before there was a picture to mark it on. */
  let given: readonly Filter[] | null = null;
  let said = 'null';
  /** Where the pointer was seen last. */
  let last: Place | undefined;
  let end: (() => void) | undefined;
  /** The bins that keys walk over, and where they are. */
  let walk: { bins: Bins; block: Block } | undefined;

  function draw(): void {
    const now = ground();
    if (now === undefined) return;
    if (given !== null) shape = shapeOf(given, now);
    layer.draw(shape, now);
  }

  function tell(phase: SelectPhase): void {
    const now = ground();
    if (now === undefined) return;
    const filters = shape === undefined ? null : filtersOf(shape, now);
    const words = phase + canonicalJson(filters);
    if (words === said) return;
    said = words;
    onSelect?.(filters, phase, shape && sharesOf(shape, now));
  }

  function put(next: Shape | undefined, phase: SelectPhase): void {
    given = null;
    if (phase === 'final') walk = undefined;
    shape = next === undefined || (phase === 'final' && isFlat(next)) ? undefined : next;
    draw();
    tell(phase);
  }

  function onPointerDown(event: PointerEvent): void {
    const now = ground();
    if (onSelect === undefined || now === undefined || event.button !== 0) return;
    const selectable = selectableOf(now);
    const start = placeOf(event, element, now);
    if (selectable === undefined || start === undefined) return;
    // A filter has several values, but one span of time.
    if (selectable === 'keys' && typeof now.query.x === 'string') {
      onRelease(event, (isClick) => isClick && toggleKey(start, event, now));
      return;
    }
    const isSelecting =
      selectable !== 'keys' && (tool === 'box' || tool === 'lasso' || event.shiftKey);
    if (!isSelecting) {
      if (now.bins) onRelease(event, (isClick) => isClick && void toggleBin(start, now));
      return;
    }
    // Plotly listens to the mouse: without this its own drag would begin.
    event.preventDefault();
    event.stopPropagation();
    const isLasso = tool === 'lasso' && selectable === 'plane';
    const held =
      shape === undefined || isLasso ? undefined : gripAt(shape, start, reachOf(now, GRIP_PX));
    const drag = isLasso
      ? lassoDrag(start, now)
      : held === undefined
        ? (at: Place) => shapeBetween(selectable, start, at)
        : gripDrag(shape!, held, start, now.view);
    let hasMoved = false;
    const onMove = (move: PointerEvent): void => {
      hasMoved ||= distance(event, move) > CLICK_PX;
      const at = placeOf(move, element, ground() ?? now, true);
      if (hasMoved && at !== undefined) put(drag(at), 'changing');
    };
    element.addEventListener('pointermove', onMove, true);
    element.setPointerCapture(event.pointerId);
    onRelease(event, () => {
      element.removeEventListener('pointermove', onMove, true);
      if (now.bins && !hasMoved) void toggleBin(start, now);
      else put(hasMoved ? shape : undefined, 'final');
    });
  }

  /** Calls `done` when the button is let go, and tells whether the pointer has stayed. */
  function onRelease(down: PointerEvent, done: (isClick: boolean) => void): void {
    end?.();
    const onUp = (up: PointerEvent): void => {
      end?.();
      done(distance(down, up) <= CLICK_PX);
    };
    end = () => {
      globalThis.removeEventListener('pointerup', onUp, true);
      globalThis.removeEventListener('pointercancel', onUp, true);
      end = undefined;
    };
    globalThis.addEventListener('pointerup', onUp, true);
    globalThis.addEventListener('pointercancel', onUp, true);
  }

  function toggleKey([, y]: Place, { ctrlKey, metaKey, shiftKey }: PointerEvent, now: LayerPlace) {
    const key = now.keys[now.keys.length - 1 - Math.round(y)];
    const before = shape?.kind === 'keys' ? shape.keys : [];
    if (key === undefined) return put(undefined, 'final');
    const isMore = ctrlKey || metaKey || shiftKey;
    const others = before.filter((each) => each !== key);
    const wasAlone = before.length === 1 && others.length === 0;
    const keys: readonly JsonValue[] = isMore
      ? others.length < before.length
        ? others
        : [...others, key]
      : wasAlone
        ? []
        : [key];
    put({ kind: 'keys', keys }, 'final');
  }

  /** Takes the bin at a place, or takes it back where it is taken alone. */
  async function toggleBin(place: Place, now: SelectionGround): Promise<void> {
    const bins = await now.bins!();
    const block = bins.at(place);
    const next = block && bins.shapeOf(block);
    put(next !== undefined && isAlike(next, shape) ? undefined : next, 'final');
  }

  /** Keys go on from `block`: it is marked, and said for those who do not see it. */
  function walkTo(bins: Bins, block: Block): void {
    walk = { bins, block };
    put(bins.shapeOf(block), 'changing');
    tellAloud(bins.wordsOf(block));
  }

  async function beginWalk({ view, bins: load }: SelectionGround): Promise<void> {
    const bins = await load!();
    const block = bins.at(last ?? middleOf(view)) ?? bins.at(middleOf(view));
    if (block !== undefined) walkTo(bins, block);
  }

  function tellAloud(words: string): void {
    void import('./say.js').then(({ say }) => say(element, words));
  }

  const onPointerMove = (event: PointerEvent): void => {
    const now = ground();
    last = now && placeOf(event, element, now);
  };
  // A finger on the plot would scroll the page while it draws a box.
  const onTouch = (event: TouchEvent): void => {
    if (onSelect !== undefined && (tool === 'box' || tool === 'lasso')) event.stopPropagation();
  };
  element.addEventListener('pointerdown', onPointerDown, true);
  element.addEventListener('pointermove', onPointerMove);
  element.addEventListener('touchstart', onTouch, true);

  return {
    setTool(next) {
      tool = next;
      element.style.touchAction = next === 'box' || next === 'lasso' ? 'none' : '';
    },
    set(filters) {
      given = filters;
      if (filters === null) shape = undefined;
      said = `final${canonicalJson(filters)}`;
      draw();
    },
    clear: () => put(undefined, 'final'),
    takesClicks() {
      const now = ground();
      if (onSelect === undefined || now === undefined) return false;
      return now.bins !== undefined && selectableOf(now) !== undefined;
    },
    key(event) {
      const now = ground();
      if (onSelect === undefined || now === undefined || event.ctrlKey || event.metaKey)
        return false;
      if (event.key === 'Escape' && shape !== undefined) {
        put(undefined, 'final');
        return true;
      }
      const selectable = selectableOf(now);
      if (selectable === undefined) return false;
      if (event.key === 's' && !event.altKey) {
        if (now.bins) void beginWalk(now);
        else if (selectable !== 'keys')
          put(keyBox(selectable, last ?? middleOf(now.view), now.view), 'changing');
        return true;
      }
      if (!isOpen()) return false;
      if (event.key === 'Enter') put(shape, 'final');
      else {
        const step = STEPS[event.key];
        if (step === undefined || shape === undefined) return false;
        if (walk) {
          walkTo(walk.bins, walk.bins.moved(walk.block, step, event.shiftKey));
          return true;
        }
        const { view } = now;
        const by = [0, 1].map((side) => {
          const [low, high] = side === 0 ? view.x : view.y;
          return step[side]! * KEY_STEP * (high - low);
        }) as unknown as Place;
        const grip = event.shiftKey ? { left: false, right: true, low: false, high: true } : WHOLE;
        put(movedShape(shape, grip, by, view), 'changing');
      }
      return true;
    },
    draw,
    destroy() {
      end?.();
      element.removeEventListener('pointerdown', onPointerDown, true);
      element.removeEventListener('pointermove', onPointerMove);
      element.removeEventListener('touchstart', onTouch, true);
      layer.destroy();
    },
  };

  /** True while a box is moved by keys and not yet taken. */
  function isOpen(): boolean {
    return shape !== undefined && said.startsWith('changing');
  }
}

const STEPS: Readonly<Record<string, Place | undefined>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Whether two boxes or bands have the same ends, but for what an address rounds. */
function isAlike(a: Shape, b: Shape | undefined): boolean {
  const near = ([low, high]: Span, other: Span): boolean =>
    Math.max(Math.abs(low - other[0]), Math.abs(high - other[1])) <= (high - low) / 100;
  if (a.kind === 'box') return b?.kind === 'box' && near(a.x, b.x) && near(a.y, b.y);
  if (a.kind === 'keys') return b?.kind === 'keys' && a.keys[0] === b.keys[0];
  return a.kind === 'band' && b?.kind === 'band' && near(a.x, b.x);
}

const distance = (a: PointerEvent, b: PointerEvent): number =>
  Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);

const middleOf = ({ x, y }: View): Place => [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];

/** The position under a pointer; outside of the plot area undefined, or with `isHeld` the nearest within. */
function placeOf(
  event: PointerEvent,
  element: HTMLElement,
  { area, view }: SelectionGround,
  isHeld = false,
): Place | undefined {
  const bounds = element.getBoundingClientRect();
  const left = event.clientX - bounds.left - area.left;
  const top = event.clientY - bounds.top - area.top;
  const isInside = left >= 0 && top >= 0 && left <= area.width && top <= area.height;
  if (!isInside && !isHeld) return undefined;
  const stage = { width: area.width, height: area.height, ratio: 1, view };
  const { x, y } = positionAt(
    Math.min(Math.max(left, 0), area.width),
    Math.min(Math.max(top, 0), area.height),
    stage,
  );
  return [x, y];
}

/** So many CSS pixels in positions of each axis. */
const reachOf = ({ area, view }: SelectionGround, pixels: number): Place => [
  (pixels * (view.x[1] - view.x[0])) / area.width,
  (pixels * (view.y[1] - view.y[0])) / area.height,
];

function gripDrag(from: Shape, grip: Grip, start: Place, view: View): (at: Place) => Shape {
  return (at) => movedShape(from, grip, [at[0] - start[0], at[1] - start[1]], view);
}

/** Follows the pointer; the points are thinned out in pixels, where both axes measure alike. */
function lassoDrag(start: Place, now: SelectionGround): (at: Place) => Shape {
  const [perX, perY] = reachOf(now, 1);
  const pixels: Place[] = [[start[0] / perX, start[1] / perY]];
  return ([x, y]) => {
    pixels.push([x / perX, y / perY]);
    const points = simplify(pixels, LASSO_PX).map(([px, py]): Place => [px * perX, py * perY]);
    return { kind: 'lasso', points };
  };
}

function keyBox(selectable: 'plane' | 'band', at: Place, view: View): Shape {
  const half = [view.x, view.y].map(([low, high]) => ((high - low) * KEY_BOX) / 2);
  const [w, h] = half as [number, number];
  const box = shapeBetween(selectable, [at[0] - w, at[1] - h], [at[0] + w, at[1] + h]);
  // Kept within the picture by a move of nothing.
  return movedShape(box, WHOLE, [0, 0], view);
}
